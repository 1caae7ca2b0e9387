import { join } from 'node:path';
import { openStore } from '../../adapters/sequelize/open-store.ts';

const HOUR = 3_600_000;
const SOON = 2000;

/** While the bot is off: lets every schedule be due in two seconds, for the first time. Returns when, epoch ms. */
export async function dueSoon(dataDir: string): Promise<number> {
  const store = await openStore(`sqlite:${join(dataDir, 'netdelta.sqlite')}`);
  const due = Date.now() + SOON;
  for (const { id } of await store.schedules.list()) {
    await store.schedules.edit(id, { when: { type: 'every', ms: HOUR, anchor: due - HOUR }, lastDueAt: due - HOUR });
  }
  await store.close();
  return due;
}
