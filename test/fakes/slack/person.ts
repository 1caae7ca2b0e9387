import { onThisMachine } from '../../until.ts';
import type { ApiContext } from './api.ts';
import { TRIGGER_MS } from './limits.ts';
import { type Control, readBlocks, readMessage } from './reading.ts';
import { createResponseUrl } from './response-url.ts';
import type { Ack, EnvelopeType } from './sockets.ts';
import { freshId, type StoredMessage, type User } from './workspace.ts';

export type Deliver = (type: EnvelopeType, payload: Record<string, unknown>) => Promise<Ack>;

export type Actor = { user?: string };

/** The actions of a person in front of Slack. Everything rejects as the user would see it fail. */
export type Person = {
  command(line: string, options?: Actor & { channel?: string }): Promise<Ack>;
  /** Clicks the button, or chooses the option of a menu, with that label. */
  click(message: StoredMessage, label: string, options?: Actor): Promise<Ack>;
  clickInHome(label: string, options?: Actor): Promise<Ack>;
  clickInModal(label: string, options?: Actor): Promise<Ack>;
  openHome(options?: Actor): Promise<Ack>;
};

export function createPerson(context: ApiContext, deliver: Deliver): Person {
  const { workspace } = context;
  const userOf = (options: Actor | undefined): User => {
    const user = workspace.users.get(options?.user ?? 'U0ALICE');
    if (user === undefined) throw new Error(`nobody is called ${options?.user}`);
    return user;
  };
  const actions = (user: User, control: Control, fields: Record<string, unknown>) =>
    deliver('interactive', {
      type: 'block_actions',
      team: { id: workspace.teamId, domain: 'lab' },
      user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId },
      api_app_id: 'A0NETDELTA',
      token: 'legacy',
      trigger_id: trigger(context, user.id),
      enterprise: null,
      is_enterprise_install: false,
      actions: [actionOf(control)],
      ...fields,
    });

  return {
    async command(line, options) {
      const user = userOf(options);
      const channel = options?.channel ?? 'C0ALERTS';
      const [command = '', ...words] = line.split(' ');
      return deliver('slash_commands', {
        token: 'legacy',
        team_id: user.teamId,
        team_domain: 'lab',
        channel_id: channel,
        channel_name: workspace.channels.get(channel)?.name ?? 'directmessage',
        user_id: user.id,
        user_name: user.name,
        command,
        text: escapeCommand(words.join(' '), context),
        api_app_id: 'A0NETDELTA',
        is_enterprise_install: 'false',
        response_url: createResponseUrl(context, user.id, channel),
        trigger_id: trigger(context, user.id),
      });
    },
    async click(message, label, options) {
      const user = userOf(options);
      const control = controlNamed(readMessage(message).controls, label);
      const thread = message.threadTs === undefined ? {} : { thread_ts: message.threadTs };
      const container = { type: 'message', message_ts: message.ts, channel_id: message.channel, ...thread };
      // For an ephemeral message Slack sends no body.
      const body = { type: 'message', ts: message.ts, text: message.text, blocks: message.blocks, ...thread };
      return actions(user, control, {
        container: { ...container, is_ephemeral: message.ephemeralFor !== undefined },
        channel: { id: message.channel, name: workspace.channels.get(message.channel)?.name ?? 'directmessage' },
        ...(message.ephemeralFor === undefined ? { message: body } : {}),
        response_url: createResponseUrl(context, user.id, message.channel, message),
      });
    },
    async clickInHome(label, options) {
      const user = userOf(options);
      const home = workspace.homes.get(user.id);
      if (home === undefined) throw new Error('the home tab is empty');
      const control = controlNamed(readBlocks(home.blocks).controls, label);
      return actions(user, control, {
        container: { type: 'view', view_id: 'V0HOME' },
        view: { ...home, id: 'V0HOME' },
      });
    },
    async clickInModal(label, options) {
      const user = userOf(options);
      const open = workspace.modals.get(user.id);
      if (open === undefined) throw new Error('no modal is open');
      const control = controlNamed(readBlocks(open.view.blocks).controls, label);
      return actions(user, control, {
        container: { type: 'view', view_id: open.id },
        view: { ...open.view, id: open.id, hash: 'h1', state: { values: {} } },
      });
    },
    async openHome(options) {
      const user = userOf(options);
      return deliver('events_api', {
        token: 'legacy',
        team_id: workspace.teamId,
        api_app_id: 'A0NETDELTA',
        type: 'event_callback',
        event_id: freshId('Ev'),
        event_time: Math.floor(Date.now() / 1000),
        authorizations: [{ team_id: workspace.teamId, user_id: workspace.botUserId, is_bot: true }],
        event: {
          type: 'app_home_opened',
          user: user.id,
          channel: `D${user.id.slice(1)}`,
          tab: 'home',
          event_ts: '1.1',
        },
      });
    },
  };
}

export function trigger(context: ApiContext, user: string): string {
  const id = freshId('TR');
  context.workspace.triggers.set(id, { user, until: Date.now() + onThisMachine(TRIGGER_MS), used: false });
  return id;
}

function controlNamed(controls: readonly Control[], label: string): Control {
  const control = controls.find((candidate) => candidate.label === label);
  if (control !== undefined) return control;
  throw new Error(`there is no ${label}; there is: ${controls.map((candidate) => candidate.label).join(', ')}`);
}

function actionOf(control: Control): Record<string, unknown> {
  const common = { action_id: control.actionId, block_id: `b${control.blockIndex}`, action_ts: '1.1' };
  const text = { type: 'plain_text', text: control.label, emoji: false };
  if (control.kind === 'button') return { ...common, type: 'button', text, value: control.value };
  return { ...common, type: control.menu, selected_option: { text, value: control.value } };
}

/** Slack's own escaping, with "Escape channels, users, and links" switched on as in the manifest. */
function escapeCommand(text: string, { workspace }: ApiContext): string {
  const entities = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const named = entities
    .replace(/@([a-z]+)/g, (whole, name: string) => {
      const user = [...workspace.users.values()].find((candidate) => candidate.name === name);
      const group = [...workspace.groups.values()].find((candidate) => candidate.handle === name);
      if (user !== undefined) return `<@${user.id}|${name}>`;
      return group === undefined ? whole : `<!subteam^${group.id}|@${name}>`;
    })
    .replace(/#([a-z]+)/g, (whole, name: string) => {
      const channel = [...workspace.channels.values()].find((candidate) => candidate.name === name);
      return channel === undefined ? whole : `<#${channel.id}|${name}>`;
    });
  return named.replace(/(?<![\w@.|/])((?:[a-z0-9-]+\.)+(?:com|org|net|example))\b/g, '<http://$1|$1>');
}
