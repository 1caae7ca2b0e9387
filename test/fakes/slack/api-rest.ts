import { type Method, optional, text, writableChannel } from './api.ts';
import { checkView, Refusal } from './check.ts';
import { FILE_BYTES } from './limits.ts';
import { directChannel, freshId, type StoredFile, type StoredMessage, type Workspace } from './workspace.ts';

export const FILE_METHODS: Readonly<Record<string, Method>> = {
  'files.info': {
    scope: 'files:read',
    run(args, { workspace, baseUrl }) {
      const file = workspace.files.get(text(args, 'file'));
      if (file === undefined) throw new Refusal('file_not_found');
      const { id, name, content } = file;
      const url = file.elsewhere ?? `${baseUrl()}/files-pri/${id}/download/${encodeURIComponent(name)}`;
      return { file: { id, name, size: content.length, is_external: false, url_private_download: url } };
    },
  },
  'files.getUploadURLExternal': {
    scope: 'files:write',
    run(args, { workspace, baseUrl }) {
      const length = Number(args['length']);
      if (!Number.isInteger(length) || length < 1 || length > FILE_BYTES) throw new Refusal('invalid_arguments');
      const file: StoredFile = {
        id: freshId('F'),
        name: text(args, 'filename'),
        title: '',
        content: Buffer.alloc(0),
        complete: false,
      };
      workspace.files.set(file.id, file);
      return { upload_url: `${baseUrl()}/upload/${file.id}`, file_id: file.id };
    },
  },
  'files.completeUploadExternal': {
    scope: 'files:write',
    run(args, context) {
      const { workspace, nextTs } = context;
      const asked = args['files'];
      if (!Array.isArray(asked) || asked.length === 0) throw new Refusal('invalid_arguments', ['files']);
      const files = asked.map((one: { id?: unknown; title?: unknown }) => completed(workspace, one));
      const given = optional(args, 'channel_id');
      if (given === undefined) return { files: files.map(({ id, name }) => ({ id, title: name })) };
      const channel = writableChannel(given, context);
      if (workspace.channels.get(channel)?.isMember !== true) throw new Refusal('not_in_channel');
      const threadTs = optional(args, 'thread_ts');
      workspace.messages.push({
        ...fileMessage(workspace, nextTs(), channel, files),
        ...(threadTs === undefined ? {} : { threadTs }),
      });
      return { files: files.map(({ id, name }) => ({ id, title: name })) };
    },
  },
};

function completed(workspace: Workspace, { id, title }: { id?: unknown; title?: unknown }): StoredFile {
  const file = typeof id === 'string' ? workspace.files.get(id) : undefined;
  if (file === undefined) throw new Refusal('file_not_found');
  if (file.content.length === 0) throw new Refusal('file_update_failed');
  file.complete = true;
  file.title = typeof title === 'string' ? title : file.name;
  return file;
}

function fileMessage(workspace: Workspace, ts: string, channel: string, files: StoredFile[]): StoredMessage {
  const content = { text: '', blocks: [], attachments: [], files, edits: [], notified: [] };
  return { ts, channel, user: workspace.botUserId, ...content, unfurl: { links: false, media: false }, mrkdwn: true };
}

export const VIEW_METHODS: Readonly<Record<string, Method>> = {
  'views.open': {
    scope: '',
    run(args, { workspace }) {
      const view = checkView(args['view'], 'modal');
      const user = spendTrigger(workspace, text(args, 'trigger_id'));
      const open = { id: freshId('V'), user, view, errors: {} };
      workspace.modals.set(user, open);
      return { view: { ...view, id: open.id } };
    },
  },
  'views.update': {
    scope: '',
    run(args, { workspace }) {
      const view = checkView(args['view'], 'modal');
      const open = [...workspace.modals.values()].find(({ id }) => id === text(args, 'view_id'));
      if (open === undefined) throw new Refusal('not_found');
      workspace.modals.set(open.user, { ...open, view, errors: {} });
      return { view: { ...view, id: open.id } };
    },
  },
  'views.publish': {
    scope: '',
    run(args, { workspace }) {
      const user = text(args, 'user_id');
      if (!workspace.users.has(user)) throw new Refusal('user_not_found');
      const view = checkView(args['view'], 'home');
      workspace.homes.set(user, view);
      return { view: { ...view, id: freshId('V') } };
    },
  },
};

function spendTrigger(workspace: Workspace, id: string): string {
  const trigger = workspace.triggers.get(id);
  if (trigger === undefined) throw new Refusal('invalid_trigger_id');
  if (trigger.used) throw new Refusal('exchanged_trigger_id');
  if (Date.now() > trigger.until) throw new Refusal('expired_trigger_id');
  trigger.used = true;
  return trigger.user;
}

export const PEOPLE_METHODS: Readonly<Record<string, Method>> = {
  'auth.test': {
    scope: '',
    run: (_args, { workspace }) => ({
      url: 'https://lab.slack.com/',
      team: 'Lab',
      user: 'netdelta',
      team_id: workspace.teamId,
      user_id: workspace.botUserId,
      bot_id: workspace.botId,
      is_enterprise_install: false,
    }),
  },
  'users.info': {
    scope: 'users:read',
    run(args, { workspace }) {
      const user = workspace.users.get(text(args, 'user'));
      if (user === undefined) throw new Refusal('user_not_found');
      return { user: { id: user.id, team_id: user.teamId, name: user.name, profile: { display_name: user.name } } };
    },
  },
  'usergroups.list': {
    scope: 'usergroups:read',
    run: (args, { workspace }) => ({
      usergroups: [...workspace.groups.values()].map(({ id, handle, users }) => ({
        id,
        handle,
        date_delete: 0,
        ...(args['include_users'] === 'true' ? { users } : {}),
      })),
    }),
  },
  'usergroups.users.list': {
    scope: 'usergroups:read',
    run(args, { workspace }) {
      const group = workspace.groups.get(text(args, 'usergroup'));
      if (group === undefined) throw new Refusal('no_such_subteam');
      return { users: group.users };
    },
  },
  'conversations.info': {
    scope: 'channels:read',
    run(args, { workspace }) {
      const channel = workspace.channels.get(text(args, 'channel'));
      if (channel === undefined || (channel.isPrivate && !channel.isMember)) throw new Refusal('channel_not_found');
      const { id, name, isMember, isArchived } = channel;
      return { channel: { id, name, is_member: isMember, is_archived: isArchived } };
    },
  },
  'conversations.open': {
    scope: 'im:write',
    run(args, { workspace }) {
      const user = text(args, 'users');
      if (!workspace.users.has(user)) throw new Refusal('user_not_found');
      return { channel: { id: directChannel(workspace, user).id } };
    },
  },
};
