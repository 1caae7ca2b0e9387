import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that systems pick for outgoing connections, so that nobody takes a closed one by chance. */
const [FIRST, END] = [10_000, 32_000];

/** Different ports at which nobody listens, on any IPv4 address. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = randomInt(FIRST, END);
    if (await isFree(port)) found.add(port);
  }
  return [...found];
}

export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)));
  });
}
