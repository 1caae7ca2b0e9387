import { openStore } from '../../adapters/sequelize/open-store.ts';
import type { Store } from '../../src/ports/store.ts';
import { pause } from '../servers/server-process.ts';

/** Ten times what a round takes on an idle machine. */
const PATIENCE_MS = 240_000;
const LOOK_MS = 200;

export async function untilIt(look: () => Promise<boolean>, what: string, patienceMs = PATIENCE_MS): Promise<void> {
  for (const end = performance.now() + patienceMs; performance.now() < end; await pause(LOOK_MS))
    if (await look()) return;
  throw new Error(`${what} did not come`);
}

export const until = (look: () => boolean, what: string) => untilIt(async () => look(), what);

/** A database that is unreachable has not said no. */
export const untilStored = (url: string, look: (store: Store) => Promise<boolean>, what: string, patienceMs?: number) =>
  untilIt(() => withStore(url, look).catch(() => false), what, patienceMs);

export async function withStore<T>(url: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(url);
  try {
    return await work(store);
  } finally {
    await store.close().catch(() => undefined);
  }
}
