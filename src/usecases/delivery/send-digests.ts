import { digestCard } from '../../cards/digest.ts';
import type { SinkEvent } from '../../core/model/event.ts';
import type { Group } from '../../core/model/group.ts';
import { letsThrough, type Route, wantsType } from '../../core/model/route.ts';
import { isSink } from '../../core/platforms.ts';
import { nextRuns } from '../../core/time/runs.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';
import { sinkEvent } from './sink-event.ts';

export type DigestDeps = {
  store: Store;
  clock: Clock;
  instance: string;
  placesOf(group: Group): Promise<readonly Route[]>;
  wake(): void;
};

/** A chore: when a route's digest is due, sends the events since its last one. */
export async function sendDigests(deps: DigestDeps): Promise<void> {
  for (const group of await deps.store.groups.list()) {
    for (const route of await deps.placesOf(group)) if (isDue(route, deps.clock.now())) await send(deps, group, route);
  }
}

function isDue({ digest }: Route, now: number): boolean {
  if (digest === undefined) return false;
  const [next] = nextRuns(digest.when, digest.sentAt, 1);
  return next !== undefined && next <= now;
}

async function send({ store, clock, instance, wake }: DigestDeps, group: Group, route: Route): Promise<void> {
  const at = clock.now();
  const since = route.digest?.sentAt ?? at;
  const recorded = await store.events.since(group.id, route.digest?.through ?? 0);
  const events: SinkEvent[] = [];
  const ids: number[] = [];
  for (const one of recorded) {
    const event = await sinkEvent(store, instance, one);
    const passed = event === undefined ? undefined : sift(route, event);
    if (passed === undefined) continue;
    events.push(passed);
    ids.push(one.id);
  }
  const through = recorded.at(-1)?.id ?? route.digest?.through ?? 0;
  const card = isSink(route.channel) ? {} : { card: digestCard(group, { events, since, at }) };
  if (await store.events.digest({ groupId: group.id, route, events: ids, through, at, ...card })) wake();
}

/** People read a digest, so successful scans are left out. */
function sift(route: Route, event: SinkEvent): SinkEvent | undefined {
  if (!wantsType(route, event.type, 'alerts')) return undefined;
  if (!('deltas' in event)) return event;
  const deltas = event.deltas.filter((delta) => letsThrough(route, delta));
  return deltas.length === 0 ? undefined : { ...event, deltas };
}
