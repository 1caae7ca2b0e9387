import { once } from 'node:events';

/** The process that guard.ts starts, with the data directory as its argument. */
async function main(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  // A word means that the other has left by itself; the end alone, that it has died.
  const left = once(process.stdin, 'data').then(() => true);
  const died = once(process.stdin, 'end').then(() => false);
  if (await Promise.race([left, died])) return;
  // Only now: until then it should hold as little memory as it can.
  const [{ leavePrivateRedis }, { pino }] = await Promise.all([import('./private-redis.ts'), import('pino')]);
  await leavePrivateRedis(process.argv[2] ?? '', pino({ level: 'silent' }));
}

// Whatever fails here: the server is gone already, or somebody else's by now.
main().then(
  () => process.exit(0),
  () => process.exit(1),
);
