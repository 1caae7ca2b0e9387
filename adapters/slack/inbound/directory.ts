import { setTimeout as sleep } from 'node:timers/promises';
import type { webApi } from '@slack/bolt';
import type { Card, Text } from '../../../src/cards/card.ts';
import { defined } from '../../../src/core/defined.ts';
import type { ChannelRef, PrincipalKey } from '../../../src/core/model/principal.ts';
import { DeliveryError } from '../../../src/ports/chat.ts';
import type { Log } from '../../../src/ports/log.ts';
import { deliveryError } from '../outbound/api-error.ts';
import { remember } from '../outbound/remembered.ts';
import { type People, slackId } from '../render/rich-text.ts';

/** The people of the workspace, as far as messages and roles need them. */
export type Directory = {
  /** Keys of the user groups of a person; the cached ones when Slack does not answer soon. */
  groupsOf(userId: string): Promise<readonly PrincipalKey[]>;
  /** A name for a person when only the id is known. */
  nameOf(userId: string): Promise<string>;
  /** Records the name that came with a command or a click. */
  seen(userId: string, name: string): void;
  /** How the people in this card are shown. */
  people(card: Card, mention: (key: PrincipalKey) => boolean): Promise<People>;
  /** The id to post to: a channel, or the direct messages with a person. Throws DeliveryError. */
  conversation(ref: ChannelRef): Promise<string>;
};

/**
 * Old groups are used at once and refreshed in the background; for older ones the caller waits; much older ones are
 * discarded.
 */
const FRESH_MS = 60_000;
const USABLE_MS = 120_000;
const BELIEVED_MS = 900_000;
/** A click must be answered within 3 s, whatever Slack's API is doing. */
const PATIENCE_MS = 1_200;
const REMEMBERED = 2_000;

type Groups = { at: number; members: Map<string, PrincipalKey[]>; names: Map<string, string> };

export function createDirectory({ client, log }: { client: webApi.WebClient; log: Log }): Directory {
  const names = remember<string>(REMEMBERED);
  const directs = remember<string>(REMEMBERED);
  let groups: Groups = { at: Number.NEGATIVE_INFINITY, members: new Map(), names: new Map() };
  let fetching: Promise<void> | undefined;

  async function fetchGroups(): Promise<void> {
    try {
      const { usergroups } = await client.usergroups.list({ include_users: true, include_disabled: false });
      groups = groupsFrom(usergroups ?? [], performance.now());
    } catch (error) {
      log.warn({ code: deliveryError(error).code }, 'the user groups of Slack could not be read');
    } finally {
      fetching = undefined;
    }
  }

  async function current(): Promise<Groups> {
    const age = performance.now() - groups.at;
    if (age > FRESH_MS) fetching ??= fetchGroups();
    if (age > USABLE_MS) await Promise.race([fetching, sleep(PATIENCE_MS, undefined, { ref: false })]);
    return performance.now() - groups.at > BELIEVED_MS
      ? { at: Number.NEGATIVE_INFINITY, members: new Map(), names: new Map() }
      : groups;
  }

  async function userName(id: string): Promise<string | undefined> {
    const known = names.get(id);
    if (known !== undefined) return known;
    try {
      const { user } = await client.users.info({ user: id });
      const name = user?.profile?.display_name || user?.real_name || user?.name;
      if (name !== undefined) names.set(id, name);
      return name;
    } catch {
      return undefined;
    }
  }

  async function nameOfKey(key: PrincipalKey): Promise<string | undefined> {
    const group = slackId(key, /^S/);
    if (group !== undefined) return (await current()).names.get(group);
    const user = slackId(key, /^[UW]/);
    return user === undefined ? undefined : userName(user);
  }

  return {
    groupsOf: async (userId) => (await current()).members.get(userId) ?? [],
    nameOf: async (userId) => (await userName(userId)) ?? userId,
    seen: (userId, name) => names.set(userId, name),
    async people(card, mention) {
      const nameless = unnamed(card).filter((key) => !mention(key));
      const found = new Map(await Promise.all(nameless.map(async (key) => [key, await nameOfKey(key)] as const)));
      return { nameOf: (key) => found.get(key), mention };
    },
    async conversation(ref) {
      const id = slackId(ref, /^[CGDUW]/);
      if (id === undefined) throw new DeliveryError('not_a_slack_channel', { retryable: false });
      if (!/^[UW]/.test(id)) return id;
      const known = directs.get(id);
      if (known !== undefined) return known;
      const opened = await client.conversations.open({ users: id }).catch((error: unknown) => {
        // Nothing was posted yet, whatever the result of this call.
        const { code, retryable, retryAfterMs } = deliveryError(error);
        throw new DeliveryError(code, {
          retryable,
          cause: error,
          ...defined({ retryAfterMs }),
        });
      });
      const channel = opened.channel?.id ?? id;
      directs.set(id, channel);
      return channel;
    },
  };
}

function groupsFrom(found: readonly { id?: string; handle?: string; users?: string[] }[], at: number): Groups {
  const members = new Map<string, PrincipalKey[]>();
  const names = new Map<string, string>();
  for (const { id, handle, users } of found) {
    if (id === undefined) continue;
    if (handle !== undefined) names.set(id, handle);
    for (const user of users ?? []) members.set(user, [...(members.get(user) ?? []), `slack:${id}`]);
  }
  return { at, members, names };
}

/** Keys of people who are in the card only by their key. */
function unnamed(card: Card): PrincipalKey[] {
  const texts = card.sections.flatMap((section): readonly Text[] => {
    if (section.type === 'text') return [section.text];
    if (section.type === 'fields') return section.fields.map((field) => field.value);
    return section.type === 'list' ? section.items : [];
  });
  const inlines = [...texts, ...(card.footer ?? [])].flatMap((text) => (typeof text === 'string' ? [] : text));
  return inlines.flatMap((inline) => (inline.type === 'user' && inline.name === inline.key ? [inline.key] : []));
}
