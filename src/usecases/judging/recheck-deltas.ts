import { defined } from '../../core/defined.ts';
import { UserError } from '../../core/errors.ts';
import type { Delta } from '../../core/model/alert.ts';
import { KINDS } from '../../core/model/delta-kinds.ts';
import type { Doubt } from '../../core/model/judgement.ts';
import type { PrincipalKey } from '../../core/model/principal.ts';
import { isOver, type Scan } from '../../core/model/scan.ts';
import type { Store } from '../../ports/store.ts';
import type { HandOverDeps } from '../scanning/hand-over.ts';
import { planConfirmation } from './confirm-doubts.ts';

export type RecheckDeps = HandOverDeps;

/** Scans just the subjects of the deltas, now. Several requests during one recheck share it. Throws UserError. */
export async function recheckDeltas(
  deps: RecheckDeps,
  request: { deltaIds: readonly number[]; by: PrincipalKey },
): Promise<{ scan?: Scan; note: string }> {
  const { items } = await deps.store.deltas.list({ ids: request.deltaIds }, { limit: 500, offset: 0 });
  const single = items.filter((delta) => KINDS[delta.kind].recheckable);
  const [first] = single;
  if (first === undefined)
    throw new UserError('There is nothing to check again in that.', { hint: '/netdelta delta list' });
  const group = await deps.store.groups.byId(first.groupId);
  const told = await deps.store.scans.byId(first.scanId);
  if (group === undefined || told === undefined) throw new UserError('Its group or scan is gone.');
  if (group.status === 'paused') {
    throw new UserError(`Group ${group.name} is paused: no scan of it starts.`, {
      hint: `/netdelta group resume ${group.name}`,
    });
  }
  const running = await confirmationUnderWay(deps.store, group.id);
  if (running !== undefined) return { scan: running, note: `Scan ${running.id} is checking this group already.` };
  const newest = await deps.store.scans.list(
    { groupId: group.id, statuses: ['done'], kind: 'scan' },
    { limit: 1, offset: 0 },
  );
  const base = newest.items[0] ?? told;
  const scan = await planConfirmation(deps, {
    owner: base.id,
    group,
    scan: base,
    pairs: single.map(doubtOf),
    delayMs: 0,
    origin: { type: 'recheck', by: request.by },
  });
  if (scan.status === 'cancelled' || scan.status === 'failed') {
    throw new UserError(`This can't be checked again: ${scan.error ?? 'the scan did not start'}.`, {
      hint: `/netdelta group show ${group.name}`,
    });
  }
  await showInThreads(deps, scan, single);
  return {
    scan,
    note: `Checking ${single.length === 1 ? 'it' : `${single.length} deltas`} again, as scan ${scan.id}.`,
  };
}

/** The result appears in the threads of the alerts concerned. */
async function showInThreads(
  { store, clock }: Pick<RecheckDeps, 'store' | 'clock'>,
  scan: Scan,
  deltas: readonly Delta[],
): Promise<void> {
  const alerts = new Set(deltas.flatMap((delta) => (delta.alertId === undefined ? [] : [delta.alertId])));
  for (const alert of alerts) {
    for (const { channel, id } of await store.messages.bySubject({ type: 'alert', alert })) {
      await store.messages.want({ subject: { type: 'scan', scan: scan.id }, channel, parentId: id, at: clock.now() });
    }
  }
}

/** What was read is checked by reading it again. */
function doubtOf({ address, protocol, port, kind }: Delta): Doubt {
  const reads = KINDS[kind].waitsFor === 'read' ? { identity: true as const } : {};
  return { address, ...defined({ protocol, port }), ...reads };
}

async function confirmationUnderWay(store: Store, groupId: number): Promise<Scan | undefined> {
  const { items } = await store.scans.list({ groupId, kind: 'confirmation' }, { limit: 5, offset: 0 });
  return items.find((scan) => !isOver(scan) && scan.origin.type === 'recheck');
}
