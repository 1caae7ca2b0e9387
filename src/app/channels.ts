import type { Config } from '../config.ts';
import type { Group } from '../core/model/group.ts';
import type { ChannelRef } from '../core/model/principal.ts';
import type { Route } from '../core/model/route.ts';
import { isPersonalPlace, isSink } from '../core/platforms.ts';
import type { Log } from '../ports/log.ts';
import type { Message } from '../ports/message.ts';
import type { Store } from '../ports/store.ts';
import { noticeCard } from '../usecases/delivery/notices.ts';

/** Where a group's alerts go when nothing is set. */
export const CONSOLE_CHANNEL: ChannelRef = 'console:main';

/** Every place of a group's alerts, its own channel first. */
export function placesOf(
  store: Store,
  defaultChannel: ChannelRef | undefined,
): (group: Group) => Promise<readonly Route[]> {
  return async (group) => {
    const channel = group.channel ?? defaultChannel ?? CONSOLE_CHANNEL;
    const routes = await store.groups.routes(group.id);
    return [{ channel }, ...routes.filter((route) => route.channel !== channel)];
  };
}

/** The places that show cards, each event as it happens. */
export function channelsOf(
  store: Store,
  defaultChannel: ChannelRef | undefined,
): (group: Group) => Promise<readonly ChannelRef[]> {
  const places = placesOf(store, defaultChannel);
  return async (group) =>
    (await places(group))
      .filter((route) => !isSink(route.channel) && route.digest === undefined)
      .map((route) => route.channel);
}

/**
 * Where the bot's own problems are reported to the admins: the default channel, Slack's admins directly, the console.
 */
export function adminPlaces(config: Pick<Config, 'admins' | 'defaultChannel'>): ChannelRef[] {
  const people = config.admins.filter(isPersonalPlace);
  return [...(config.defaultChannel === undefined ? [] : [config.defaultChannel]), ...people, CONSOLE_CHANNEL];
}

const TELL_AGAIN_MS = 24 * 3_600_000;

/** Notifies the admins once a day per channel and reason; the message itself is kept for `delivery resend`. */
export function tellUndeliverable(deps: {
  store: Store;
  log: Log;
  places: readonly ChannelRef[];
  now(): number;
}): (message: Message, code: string) => Promise<void> {
  return async (message, code) => {
    const key = `undeliverable:${message.channel}:${code}`;
    const told = Number((await deps.store.settings.get(key)) ?? 0);
    if (deps.now() - told < TELL_AGAIN_MS) return;
    await deps.store.settings.set(key, String(deps.now()));
    const card = noticeCard({
      title: 'A message could not be delivered',
      tone: 'error',
      lines: [
        `${message.channel} refuses messages: ${code}. They are kept; see /netdelta delivery list, fix the cause, then /netdelta delivery resend ID.`,
      ],
      at: deps.now(),
    });
    for (const channel of deps.places.filter((place) => place !== message.channel)) {
      await deps.store.messages.want({ subject: { type: 'notice', card }, channel, at: deps.now() });
    }
  };
}
