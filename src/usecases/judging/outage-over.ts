import { outageOverCard } from '../../cards/alert-reply.ts';
import { outagesOver } from '../../core/judge/outages-over.ts';
import type { Delta } from '../../core/model/alert.ts';
import type { Group } from '../../core/model/group.ts';
import type { Belief, Judgement } from '../../core/model/judgement.ts';
import { letsThrough, type Route } from '../../core/model/route.ts';
import type { Scan } from '../../core/model/scan.ts';
import type { AlertPart, JudgementCommit, Store } from '../../ports/store.ts';
import { readStories } from './story.ts';

type Input = { scan: Scan; group: Group; belief: Belief; judgement: Judgement; now: number };

export type OverOutage = { item: Delta; parts: readonly { alertId: number; about: AlertPart }[] };

/** Outages that were reported and have come to their end: resolved in place, with a reply in their thread. */
export async function outagesResolved(store: Store, input: Input): Promise<OverOutage[]> {
  const subjects = outagesOver(input.belief.group, input.judgement.group).map((address) => ({
    kind: 'outage' as const,
    address,
  }));
  if (subjects.length === 0) return [];
  const stories = await readStories(store, input.group.id, subjects);
  return subjects.flatMap((subject) => {
    const item = stories(subject).find((told) => told.alertId !== undefined);
    if (item?.alertId === undefined || item.resolvedAt !== undefined) return [];
    return [{ item, parts: partsOf(input, item, item.alertId) }];
  });
}

function partsOf({ group, scan, judgement, now }: Input, outage: Delta, alertId: number): OverOutage['parts'] {
  const notes = judgement.notes.filter((note) => note.includes(outage.address));
  const card = outageOverCard({ group, outage, notes, scan: scan.id, at: now });
  const abouts: AlertPart[] = [{ type: 'alert' }, { type: 'notice', card }];
  return abouts.map((about) => ({ alertId, about }));
}

/** Wherever the outage itself was let through. */
export function announceOver(routes: readonly Route[], over: readonly OverOutage[]): JudgementCommit['announce'] {
  return over.flatMap(({ item, parts }) =>
    routes
      .filter((route) => letsThrough(route, item))
      .flatMap(({ channel }) => parts.map((part) => ({ ...part, channel }))),
  );
}
