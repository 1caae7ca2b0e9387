import { onThisMachine, until } from '../../until.ts';
import { apiChannel, apiMessage } from './answers.ts';
import type { FakeGateway } from './gateway.ts';
import { EPHEMERAL, type FakeInteraction, FIRST_ANSWER_MS } from './interaction.ts';
import type { Attached, Component, FakeChannel, FakeMessage, FakeUser, RegisteredOption, World } from './world.ts';

/** The user and the place; a user without a server writes to the bot directly. */
export type By = { user: FakeUser; channel: FakeChannel };

export type UserActions = {
  /** `slash('group add', { name: 'lab' }, by)`: as a client would, only what is registered. */
  slash(path: string, options: Record<string, Typed>, by: By): Promise<FakeInteraction>;
  autocomplete(
    path: string,
    typing: { option: string; typed: string; options?: Record<string, string> },
    by: By,
  ): Promise<FakeInteraction>;
  /** Presses the button with that label (or custom_id). */
  /** Right-click on a message → Apps. */
  chooseFromMenu(message: FakeMessage, name: string, by: By): Promise<FakeInteraction>;
  click(message: FakeMessage, label: string, by: By): Promise<FakeInteraction>;
  select(message: FakeMessage, label: string, by: By): Promise<FakeInteraction>;
  submitModal(
    opened: FakeInteraction,
    fields: Record<string, string | string[] | Attached[]>,
    by: By,
  ): Promise<FakeInteraction>;
};

/** A file is attached. */
type Typed = string | number | boolean | Attached;

const STRING = 3;
const MENTIONABLE = [6, 7, 8, 9];

export function createUserActions(options: {
  world: World;
  gateway: FakeGateway;
  interactions: Map<string, FakeInteraction>;
}): UserActions {
  const { world, gateway, interactions } = options;

  /** Resolves with the first answer; like the real client it waits 3 s and then says that the bot did not respond. */
  async function interact(by: By, payload: Payload, held?: FakeMessage): Promise<FakeInteraction> {
    const interaction: FakeInteraction = {
      id: world.newId(),
      token: `token-${world.newId()}`,
      userId: by.user.id,
      channel: by.channel,
      sentAt: Date.now(),
      thinking: false,
      followUps: [],
      expired: false,
      ...(held === undefined ? {} : { original: held }),
    };
    interactions.set(interaction.token, interaction);
    gateway.dispatch('INTERACTION_CREATE', { ...envelope(world, interaction, by), ...payload });
    return await until(
      () => (interaction.first === undefined ? undefined : interaction),
      'an answer',
      onThisMachine(FIRST_ANSWER_MS) + 50,
    );
  }

  function command(
    path: string,
    by: By,
  ): { name: string; id: string; node: RegisteredOption; wrap(leaf: object[]): object[] } {
    const scope = world.commands.get(by.channel.guildId ?? '') ?? world.commands.get('global') ?? [];
    const [root] = scope;
    if (root === undefined) throw new Error('no command is registered');
    const words = path.split(' ');
    let node: RegisteredOption = root;
    const nodes: RegisteredOption[] = [];
    for (const word of words) {
      const next = node.options?.find((option) => option.name === word && option.type <= 2);
      if (next === undefined) throw new Error(`/${root.name} ${path} is not registered`);
      nodes.push(next);
      node = next;
    }
    const wrap = (leaf: object[]) =>
      nodes.toReversed().reduce<object[]>((inner, { type, name }) => [{ type, name, options: inner }], leaf);
    return { name: root.name, id: root.id, node, wrap };
  }

  return {
    async slash(path, given, by) {
      const { name, id, node, wrap } = command(path, by);
      const missing = (node.options ?? []).filter((option) => option.required === true && !(option.name in given));
      if (missing.length > 0)
        throw new Error(`a client asks for ${missing.map((option) => option.name).join(', ')} first`);
      const attached = new Map<string, object>();
      const values = Object.entries(given).map(([key, value]) =>
        typedValue(node, key, typeof value === 'object' ? attach(world, value, attached) : value),
      );
      return await interact(by, { type: 2, data: { id, type: 1, name, options: wrap(values), ...resolved(attached) } });
    },
    async autocomplete(path, { option, typed, options: filled = {} }, by) {
      const { name, id, node, wrap } = command(path, by);
      if (node.options?.find((known) => known.name === option)?.autocomplete !== true) {
        throw new Error(`${option} has no autocomplete`);
      }
      const values = Object.entries(filled).map(([key, value]) => typedValue(node, key, value));
      const focused = { type: STRING, name: option, value: typed, focused: true };
      return await interact(by, { type: 4, data: { id, type: 1, name, options: wrap([...values, focused]) } });
    },
    async chooseFromMenu(message, name, by) {
      const known = [...world.commands.values()].flat().find((one) => one.type === 3 && one.name === name);
      if (known === undefined) throw new Error(`the menu of a message has no “${name}”`);
      const shown = apiMessage(world, message, { withNonce: false });
      const resolved = { messages: { [message.id]: shown } };
      return await interact(by, { type: 2, data: { id: known.id, type: 3, name, target_id: message.id, resolved } });
    },
    async click(message, label, by) {
      const button = parts(message).find(
        (part) => part.type === 2 && (part.label === label || part.custom_id === label),
      );
      if (button?.custom_id === undefined) throw new Error(`there is no button “${label}”`);
      const data = { component_type: 2, custom_id: button.custom_id };
      return await interact(by, { type: 3, data, message: pressable(world, message) }, message);
    },
    async select(message, label, by) {
      const menu = parts(message).find((part) => part.options?.some((option) => option.label === label));
      const chosen = menu?.options?.find((option) => option.label === label);
      if (menu === undefined || chosen === undefined) throw new Error(`there is no option “${label}”`);
      const data = { component_type: 3, custom_id: menu.custom_id, values: [chosen.value] };
      return await interact(by, { type: 3, data, message: pressable(world, message) }, message);
    },
    async submitModal(opened, fields, by) {
      const { modal } = opened;
      if (modal === undefined) throw new Error('no form is open');
      const attached = new Map<string, object>();
      const components = modal.components.map(({ component }) => ({
        type: 18,
        component: filledIn(component, fields, (file) => attach(world, file, attached)),
      }));
      const held = opened.original;
      const message = held === undefined ? {} : { message: apiMessage(world, held, { withNonce: false }) };
      return await interact(
        by,
        { type: 5, data: { custom_id: modal.custom_id, components, ...resolved(attached) }, ...message },
        held,
      );
    },
  };
}

type Payload = { type: number; data: object; message?: object };

function envelope(world: World, interaction: FakeInteraction, { user, channel }: By): object {
  const person = { id: user.id, username: user.username, discriminator: '0', global_name: user.username, avatar: null };
  const inGuild = channel.guildId !== undefined;
  return {
    id: interaction.id,
    application_id: world.applicationId,
    token: interaction.token,
    version: 1,
    ...(inGuild ? { guild_id: channel.guildId, member: memberOf(user, person) } : { user: person }),
    channel_id: channel.id,
    channel: apiChannel(channel),
    app_permissions: '0',
    locale: 'en-US',
    entitlements: [],
    authorizing_integration_owners: { '0': channel.guildId ?? '0' },
    context: inGuild ? 0 : 1,
  };
}

function memberOf(user: FakeUser, person: object): object {
  return {
    user: person,
    nick: null,
    roles: user.roles,
    permissions: '0',
    joined_at: new Date(0).toISOString(),
    deaf: false,
    mute: false,
    flags: 0,
  };
}

function attach(world: World, file: Attached, attached: Map<string, object>): string {
  const id = world.newId();
  world.attachments.set(id, file);
  const url = file.elsewhere ?? `${world.origin}/attachments/${id}/${encodeURIComponent(file.name)}`;
  attached.set(id, { id, filename: file.name, size: file.data.length, url, proxy_url: url });
  return id;
}

function resolved(attached: ReadonlyMap<string, object>): object {
  return attached.size === 0 ? {} : { resolved: { attachments: Object.fromEntries(attached) } };
}

function typedValue(node: RegisteredOption, name: string, value: string | number | boolean): object {
  const option = node.options?.find((known) => known.name === name);
  if (option === undefined) throw new Error(`${node.name} has no option ${name}`);
  const wanted = option.type === 4 ? 'number' : option.type === 5 ? 'boolean' : 'string';
  if (typeof value !== wanted) throw new Error(`${name} takes a ${wanted}`);
  if (MENTIONABLE.includes(option.type) && !/^[0-9]+$/.test(String(value))) throw new Error(`${name} takes an id`);
  if (option.choices !== undefined && !option.choices.some((choice) => choice.value === value)) {
    throw new Error(`${String(value)} is no choice of ${name}`);
  }
  return { type: option.type, name, value };
}

function parts(message: FakeMessage): Component[] {
  return message.components.flatMap((row) => row.components ?? []);
}

/** Discord can't take clicks in an archived thread. */
function pressable(world: World, message: FakeMessage): object {
  if (world.channels.get(message.channelId)?.archived === true) throw new Error('the thread is archived');
  const shown = apiMessage(world, message, { withNonce: false });
  return { ...shown, flags: message.flags & EPHEMERAL };
}

function filledIn(
  component: Component | undefined,
  fields: Record<string, string | string[] | Attached[]>,
  attachFile: (file: Attached) => string,
): object {
  const { type, custom_id } = component ?? { type: 4, custom_id: '' };
  const filled = fields[custom_id ?? ''];
  const given = Array.isArray(filled) ? filled.map((one) => (typeof one === 'string' ? one : attachFile(one))) : filled;
  if (type === 4) return { type, custom_id, value: given ?? '' };
  return { type, custom_id, values: given === undefined ? [] : [given].flat() };
}
