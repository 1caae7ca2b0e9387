import { overCard } from '../../cards/alert-reply.ts';
import { outagesOver } from '../../core/judge/outages-over.ts';
import type { Delta } from '../../core/model/alert.ts';
import type { Group } from '../../core/model/group.ts';
import type { Belief, Judgement } from '../../core/model/judgement.ts';
import { letsThrough, type Route } from '../../core/model/route.ts';
import type { Scan } from '../../core/model/scan.ts';
import type { AlertPart, JudgementCommit, Store } from '../../ports/store.ts';
import { readStories } from './story.ts';

type Input = { scan: Scan; group: Group; belief: Belief; judgement: Judgement; now: number };

/** What was reported as still so, and is no more. */
export type Over = { item: Delta; parts: readonly { alertId: number; about: AlertPart }[] };

/**
 * Outages, firewalls, dark hosts and tarpits that were reported and have come to their end: resolved in place, with a
 * reply in their thread.
 */
export async function whatIsOver(store: Store, input: Input): Promise<Over[]> {
  const { belief, judgement } = input;
  const outages = outagesOver(belief.group, judgement.group).map((address) => ({ kind: 'outage' as const, address }));
  const subjects = [...outages, ...judgement.resolved];
  if (subjects.length === 0) return [];
  const stories = await readStories(store, input.group.id, subjects);
  return subjects.flatMap((subject) => {
    const item = stories(subject).find((told) => told.alertId !== undefined);
    if (item?.alertId === undefined || item.resolvedAt !== undefined) return [];
    return [{ item, parts: partsOf(input, item, item.alertId) }];
  });
}

function partsOf({ group, scan, judgement, now }: Input, item: Delta, alertId: number): Over['parts'] {
  const notes = judgement.notes.filter((note) => note.includes(item.address));
  const card = overCard({ group, delta: item, notes, scan: scan.id, at: now });
  const abouts: AlertPart[] = [{ type: 'alert' }, { type: 'notice', card }];
  return abouts.map((about) => ({ alertId, about }));
}

/** Wherever it was let through itself. */
export function announceOver(routes: readonly Route[], over: readonly Over[]): JudgementCommit['announce'] {
  return over.flatMap(({ item, parts }) =>
    routes
      .filter((route) => letsThrough(route, item))
      .flatMap(({ channel }) => parts.map((part) => ({ ...part, channel }))),
  );
}
