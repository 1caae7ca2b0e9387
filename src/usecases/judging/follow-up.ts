import { defined } from '../../core/defined.ts';
import type { Group } from '../../core/model/group.ts';
import type { Doubt, Judgement } from '../../core/model/judgement.ts';
import type { Scan } from '../../core/model/scan.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';

export type FollowUpDeps = {
  store: Store;
  clock: Clock;
  /** Plans a confirmation scan for what is still in doubt. */
  confirm(scan: Scan, group: Group, doubts: readonly Doubt[]): Promise<void>;
  /** Plans a repeat of what was probed for the first time and stayed silent. */
  baseline(scan: Scan, group: Group, left: FollowUp): Promise<void>;
};

/** The work that a judgement leaves once it is committed. */
export type FollowUp = Pick<Judgement, 'doubts' | 'notes' | 'passes' | 'unseen'>;

const PREFIX = 'follow-up:';
/** By then the process that judged it is done, or was stopped. */
const OVERDUE_MS = 60_000;

/** Committed with the judgement, so that a stop right after it does not lose the follow-up. */
export function owedFollowUp(scan: Scan, left: FollowUp): { key: string; value: string } {
  const { doubts, notes, passes } = left;
  const value: FollowUp = { doubts, notes, passes, ...defined({ unseen: left.unseen }) };
  return { key: `${PREFIX}${scan.id}`, value: JSON.stringify(value) };
}

/** A stop in the middle repeats it: a second confirmation scans once more, and changes nothing else. */
export async function followUp(deps: FollowUpDeps, scan: Scan, group: Group, left: FollowUp): Promise<void> {
  const { store } = deps;
  for (const note of left.notes) await store.scans.addNote(scan.id, note);
  await deps.confirm(scan, group, left.doubts);
  // The time of the next confirmation is only known now.
  if (left.doubts.length > 0) await store.messages.touch([{ type: 'scan', scan: scan.id }]);
  await deps.baseline(scan, group, left);
  await store.settings.set(`${PREFIX}${scan.id}`, undefined);
}

/** Follow-ups that a stopped bot has left. `alone`: nothing else reads or writes the group's belief meanwhile. */
export async function followUpOverdue(
  deps: FollowUpDeps,
  alone: (scanId: number, work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const { store, clock } = deps;
  for (const key of (await store.settings.under(PREFIX)).keys()) {
    const id = Number(key.slice(PREFIX.length));
    await alone(id, async () => {
      const [left, scan] = [await store.settings.get(key), await store.scans.byId(id)];
      const group = scan === undefined ? undefined : await store.groups.byId(scan.groupId);
      if (left === undefined) return;
      if (scan === undefined || group === undefined) await store.settings.set(key, undefined);
      else if (Math.abs(clock.now() - (scan.finishedAt ?? 0)) > OVERDUE_MS) {
        await followUp(deps, scan, group, JSON.parse(left));
      }
    });
  }
}
