import { once } from 'node:events';

/** The process that guard.ts starts, with the data directory as its argument. */
async function main(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  // Data means that the other process has left by itself; a bare end, that it has died.
  const left = once(process.stdin, 'data').then(() => true);
  const died = once(process.stdin, 'end').then(() => false);
  if (await Promise.race([left, died])) return;
  // Loaded only now: until then it should use as little memory as possible.
  const [{ leavePrivateRedis }, { pino }] = await Promise.all([import('./private-redis.ts'), import('pino')]);
  await leavePrivateRedis(process.argv[2] ?? '', pino({ level: 'silent' }));
}

// If something fails here, the server is already gone, or belongs to another process by now.
main().then(
  () => process.exit(0),
  () => process.exit(1),
);
