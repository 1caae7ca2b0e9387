import type { Delta } from '../../core/model/alert.ts';
import type { Group } from '../../core/model/group.ts';
import { letsThrough, type Route, wantsType } from '../../core/model/route.ts';
import { isSink, platform, platformOf } from '../../core/platforms.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Dispatch, RecordedEvent, Store } from '../../ports/store.ts';
import { allDeltas } from '../answers/all-deltas.ts';

export type DispatchDeps = {
  store: Store;
  clock: Clock;
  placesOf(group: Group): Promise<readonly Route[]>;
};

const AT_ONCE = 100;

/**
 * Queues each new event for the sinks of its group as outbox messages, one per place, each retried on its own. Queueing
 * an event and marking it as dispatched are one transaction, so that no crash doubles or loses one.
 */
export async function dispatchEvents({ store, clock, placesOf }: DispatchDeps): Promise<void> {
  for (;;) {
    const events = await store.events.undispatched(AT_ONCE);
    if (events.length === 0) return;
    const dispatches: Dispatch[] = [];
    for (const event of events) dispatches.push(...(await placesFor(store, placesOf, event)));
    await store.events.dispatch(
      events.map((event) => event.id),
      dispatches,
      clock.now(),
    );
  }
}

async function placesFor(store: Store, placesOf: DispatchDeps['placesOf'], event: RecordedEvent): Promise<Dispatch[]> {
  const group = await store.groups.byId(event.groupId);
  const routes = group === undefined ? [] : (await placesOf(group)).filter((route) => isSink(route.channel));
  if (routes.length === 0) return [];
  const deltas = event.deltaIds.length === 0 ? [] : await allDeltas(store, { ids: event.deltaIds });
  return routes.flatMap((route) => dispatchTo(route, event, deltas));
}

function dispatchTo(route: Route, event: RecordedEvent, deltas: readonly Delta[]): Dispatch[] {
  const dispatch = { event: event.id, channel: route.channel };
  if (event.type === 'test' || event.type === 'report') return [dispatch];
  // A digest finds its events in the log when it is due.
  if (route.digest !== undefined) return [];
  const name = platformOf(route.channel);
  if (name === undefined || !wantsType(route, event.type, platform(name).events ?? 'all')) return [];
  if (event.deltaIds.length === 0) return [dispatch];
  const passed = deltas.filter((delta) => letsThrough(route, delta)).map((delta) => delta.id);
  if (passed.length === 0) return [];
  return [passed.length === event.deltaIds.length ? dispatch : { ...dispatch, deltas: passed }];
}
