import { BudgetError } from '../../core/errors.ts';
import type { Scan } from '../../core/model/scan.ts';
import { cleanText } from '../../core/text.ts';
import { tellGroup } from '../delivery/notices.ts';
import { type JudgeScanDeps, judgeScan } from './judge-scan.ts';

export type GiveUpDeps = JudgeScanDeps & {
  /** For problems that a person has to look into. */
  tellAdmins(text: string): void;
};

/** An error that recurs every time would keep its group waiting for ever. */
const TRIES = 5;
const MAX_REASON = 200;

/**
 * Judges a scan. A scan that can't be judged fails after a few tries, is reported to the places of its alerts and to
 * the admins, and the next scan goes on. A try counts once the database has recorded it. A database that is full or
 * away can't, so a scan that fails for that reason is retried for as long as that lasts.
 */
export async function judgeOrGiveUp(deps: GiveUpDeps, scanId: number): Promise<void> {
  try {
    await judgeScan(deps, scanId);
  } catch (error) {
    const tries = await countTry(deps, scanId).catch(() => 0);
    const hopeless = error instanceof BudgetError && tries > 0;
    if (!hopeless && tries < TRIES) throw error;
    deps.log.error({ err: error, scan: scanId }, 'a scan could not be judged; it is given up');
    await giveUp(deps, scanId, cleanText(error instanceof Error ? error.message : String(error), MAX_REASON));
  }
}

async function countTry({ store }: GiveUpDeps, scanId: number): Promise<number> {
  const key = `judge-tries:${scanId}`;
  const tries = Number((await store.settings.get(key)) ?? '0') + 1;
  await store.settings.set(key, String(tries));
  return tries;
}

async function giveUp(deps: GiveUpDeps, scanId: number, reason: string): Promise<void> {
  const { store, clock } = deps;
  const scan = await store.scans.byId(scanId);
  const group = scan === undefined ? undefined : await store.groups.byId(scan.groupId);
  if (scan === undefined || group === undefined) return;
  const error = `it could not be judged: ${reason}`;
  const title = `${group.name}: ${nameOf(scan)} could not be judged`;
  const lines = [
    `Scan ${scan.id}: ${reason}`,
    'Whether something changed since the scan before it is not known. The next scan goes on from there.',
  ];
  // Post first: if the process dies before this is recorded, the same notice is posted again, which remains one
  // message. A scheduled scan that failed has a message of its own.
  if (scan.origin.type !== 'schedule')
    await tellGroup(deps, group, { title, tone: 'error', lines, at: clock.now(), shownAt: scan.queuedAt });
  deps.tellAdmins(`${title}: ${reason}. Its XML is kept; the log says more.`);
  await store.scans.transition(scanId, ['queued', 'running', 'judging'], 'failed', { finishedAt: clock.now(), error });
  await deps.startNext(group.id);
  deps.wake();
}

function nameOf(scan: Scan): string {
  return scan.kind === 'confirmation' ? 'a confirmation' : `scan #${scan.id}`;
}
