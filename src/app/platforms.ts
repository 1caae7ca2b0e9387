import type { Chat } from '../ports/chat.ts';
import type { Log } from '../ports/log.ts';

export type Platform = { chat: Chat; start(): Promise<void>; stop(): Promise<void> };

const RETRY_MS = 30_000;

/**
 * Keeps one chat platform running next to the others: a failed start is reported and retried while the others go on.
 * Its messages wait in the outbox meanwhile.
 */
export function supervise<P extends Platform>(options: {
  name: string;
  create(): Promise<P>;
  log: Log;
  onUp(platform: P): void;
  onDown(): void;
}): { started: Promise<void>; stop(): Promise<void> } {
  const { name, log } = options;
  let platform: P | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function attempt(): Promise<void> {
    let candidate: P | undefined;
    try {
      candidate = await options.create();
      await candidate.start();
      if (stopped) return await candidate.stop();
      platform = candidate;
      options.onUp(candidate);
      log.info({ platform: name }, 'connected');
    } catch (error) {
      log.error({ err: error, platform: name }, 'could not start; it is tried again');
      await candidate?.stop().catch(() => undefined);
      if (!stopped) timer = setTimeout(() => void attempt(), RETRY_MS);
    }
  }

  const started = attempt();
  return {
    started,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await started;
      options.onDown();
      await platform
        ?.stop()
        .catch((error: unknown) => log.warn({ err: error, platform: name }, 'did not stop cleanly'));
    },
  };
}
