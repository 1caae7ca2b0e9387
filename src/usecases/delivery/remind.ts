import { type ReminderCardInput, releasedReminderCard, reminderCard } from '../../cards/reminder.ts';
import type { Delta } from '../../core/model/alert.ts';
import { heldForNow } from '../../core/model/fate.ts';
import type { Group } from '../../core/model/group.ts';
import type { ChannelRef } from '../../core/model/principal.ts';
import { letsThrough, type Route } from '../../core/model/route.ts';
import { RISKS } from '../../core/model/scales.ts';
import { isSink } from '../../core/platforms.ts';
import { DAY_MS } from '../../core/time/units.ts';
import { isWindowOpen } from '../../core/time/window.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Reminder, Store } from '../../ports/store.ts';
import { readOwnership } from '../records/ownership.ts';

export type RemindDeps = {
  store: Store;
  clock: Clock;
  placesOf(group: Group): Promise<readonly Route[]>;
  wake(): void;
};

const EVERY_MS = 60_000;
/** Threads of a group that get a reminder at once, newest first; the others are counted there. */
const ALERTS = 5;

/** A chore: unanswered changes are repeated in their thread once after the group's time, and then at most daily. */
export function remindUnanswered(deps: RemindDeps): () => Promise<void> {
  let next = 0;
  return async () => {
    const now = deps.clock.now();
    if (now < next) return;
    next = now + EVERY_MS;
    for (const group of await deps.store.groups.list()) await remindGroup(deps, group, now);
  };
}

async function remindGroup(deps: RemindDeps, group: Group, now: number): Promise<void> {
  const { afterMs, from } = group.remind;
  if (afterMs === 0 || group.status === 'paused') return;
  const remindedBefore = now - Math.max(DAY_MS, afterMs);
  const risks = RISKS.slice(RISKS.indexOf(from));
  const waiting = await deps.store.deltas.unanswered(group.id, { risks, before: now - afterMs, remindedBefore });
  const due = await withoutHeld(deps.store, group, waiting, now);
  if (due.length === 0) return;
  const replies = await repliesOf(deps, group, due, now);
  if (await deps.store.deltas.remind({ deltas: due.map(({ id }) => id), at: now, remindedBefore, replies }))
    deps.wake();
}

/** Leaves out what a mute or a window would hold back; its reminder is due again when that ends. */
async function withoutHeld(store: Store, group: Group, deltas: readonly Delta[], now: number): Promise<Delta[]> {
  if (deltas.length === 0) return [];
  const windows = await store.holds.windows(group.id);
  const openWindows = windows.filter((window) => isWindowOpen(window, now)).map(({ id }) => id);
  const context = { groupId: group.id, now, mutes: await store.holds.mutes(), openWindows };
  return deltas.filter((delta) => heldForNow(delta, context) === undefined);
}

async function repliesOf(
  { store, placesOf }: RemindDeps,
  group: Group,
  due: readonly Delta[],
  now: number,
): Promise<Reminder['replies']> {
  const routes = (await placesOf(group)).filter((route) => !isSink(route.channel) && route.digest === undefined);
  const channels = await channelsOfAlerts(store, due);
  const inThreads = due.filter(({ alertId = 0 }) => channels.has(alertId));
  const alerts = [...channels.keys()].slice(0, ALERTS);
  const others = inThreads.filter(({ alertId = 0 }) => !alerts.includes(alertId)).length;
  const owned = await readOwnership(
    store,
    due.map(({ address }) => address),
  );
  const ownership = (address: string) => owned(group, address);
  const released = due.filter((delta) => !inThreads.includes(delta));
  const replies = releasedReminders(released, routes, { group, now, ownership });
  for (const [index, alertId] of alerts.entries()) {
    const own = due.filter((delta) => delta.alertId === alertId);
    for (const channel of channels.get(alertId) ?? []) {
      const route = routes.find((one) => one.channel === channel);
      const deltas = route === undefined ? [] : own.filter((delta) => letsThrough(route, delta));
      if (deltas.length === 0) continue;
      const card = reminderCard({ group, deltas, others: index === 0 ? others : 0, now, ownership });
      replies.push({ alertId, channel, card });
    }
  }
  return replies;
}

/** A change that a mute or a window held back has no thread, so its reminder is a message with a menu of its own. */
function releasedReminders(
  released: readonly Delta[],
  routes: readonly Route[],
  of: Pick<ReminderCardInput, 'group' | 'now' | 'ownership'>,
): Reminder['replies'][number][] {
  return routes.flatMap((route) => {
    const deltas = released.filter((delta) => letsThrough(route, delta));
    return deltas.length === 0 ? [] : [{ channel: route.channel, card: releasedReminderCard({ ...of, deltas }) }];
  });
}

/** The channels in which each alert has a message: nobody is reminded of something that could not be posted there. */
async function channelsOfAlerts(store: Store, due: readonly Delta[]): Promise<Map<number, ChannelRef[]>> {
  const channels = new Map<number, ChannelRef[]>();
  for (const alert of new Set(due.flatMap(({ alertId }) => alertId ?? []))) {
    const messages = await store.messages.bySubject({ type: 'alert', alert });
    const sent = messages.filter(({ status }) => status !== 'failed');
    if (messages.length > 0)
      channels.set(
        alert,
        sent.map(({ channel }) => channel),
      );
  }
  return channels;
}
