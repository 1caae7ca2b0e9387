import { overCard } from '../../cards/alert-reply.ts';
import type { Delta } from '../../core/model/alert.ts';
import { deltaKey } from '../../core/model/delta.ts';
import { KINDS } from '../../core/model/delta-kinds.ts';
import type { Group } from '../../core/model/group.ts';
import type { Judgement } from '../../core/model/judgement.ts';
import { letsThrough, type Route } from '../../core/model/route.ts';
import type { Scan } from '../../core/model/scan.ts';
import type { AlertPart, JudgementCommit, Store } from '../../ports/store.ts';
import { allDeltas } from '../answers/all-deltas.ts';
import { readStories } from './story.ts';

type Input = { scan: Scan; group: Group; judgement: Judgement; now: number };

/** An ongoing condition that was reported and is over. */
export type Over = { item: Delta; parts: readonly { alertId: number; about: AlertPart }[] };

/**
 * Reported outages, firewalls, dark hosts and tarpits that are over: resolved in place, with a reply in their thread.
 */
export async function whatIsOver(store: Store, input: Input): Promise<Over[]> {
  const subjects = input.judgement.resolved;
  if (subjects.length === 0) return [];
  const stories = await readStories(store, input.group.id, subjects);
  const over: Over[] = [];
  for (const subject of subjects) {
    const told = stories(subject).find(({ alertId }) => alertId !== undefined);
    if (told === undefined || told.resolvedAt !== undefined) continue;
    over.push(...resolved(input, [told, ...(await remindedOf(store, input.group, told))]));
  }
  return over;
}

/** Reports of one subject that were each announced: a certificate whose expiry comes closer. */
async function remindedOf(store: Store, { id }: Group, told: Delta): Promise<Delta[]> {
  if (KINDS[told.kind].family !== 'certificate') return [];
  const { kind, address } = told;
  const all = await allDeltas(store, { groupId: id, kind, address, states: ['confirmed'] });
  return all.filter((one) => one.id !== told.id && deltaKey(one) === deltaKey(told) && one.resolvedAt === undefined);
}

/** Resolves each of them, and says so once in each of their alerts. */
function resolved(input: Input, items: readonly Delta[]): Over[] {
  const said = new Set<number>();
  return items.flatMap((item) => {
    if (item.alertId === undefined) return [];
    const parts = said.has(item.alertId) ? [] : partsOf(input, item, item.alertId);
    said.add(item.alertId);
    return [{ item, parts }];
  });
}

function partsOf({ group, scan, judgement, now }: Input, item: Delta, alertId: number): Over['parts'] {
  const notes = judgement.notes.filter((note) => note.includes(item.address));
  const hidden = new Set(item.members);
  const changes = judgement.deltas.filter(
    ({ address, state, suppressed }) => hidden.has(address) && state === 'confirmed' && suppressed === undefined,
  );
  const card = overCard({ group, delta: item, notes, changes, scan: scan.id, at: now });
  const abouts: AlertPart[] = [{ type: 'alert' }, { type: 'notice', card }];
  return abouts.map((about) => ({ alertId, about }));
}

/** Announced wherever the item itself was let through. */
export function announceOver(routes: readonly Route[], over: readonly Over[]): JudgementCommit['announce'] {
  return over.flatMap(({ item, parts }) =>
    routes
      .filter((route) => letsThrough(route, item))
      .flatMap(({ channel }) => parts.map((part) => ({ ...part, channel }))),
  );
}
