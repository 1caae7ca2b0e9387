import { noteCard } from '../../../cards/note.ts';
import { ROLES } from '../../../core/model/principal.ts';
import { command } from '../../grammar/command.ts';
import { requiredText } from '../../input/options.ts';
import { publicly } from '../../private-reply.ts';

export const roleGrant = command(
  {
    path: ['role', 'grant'],
    role: 'admin',
    summary: 'Give somebody a role',
    options: [
      {
        name: 'who',
        type: 'who',
        description: 'Who',
        hint: 'A user, a Slack user group, a Discord role; or `slack:U0123`.',
        positional: true,
        required: true,
      },
      {
        name: 'role',
        type: 'choice',
        description: 'Role',
        hint: 'Each includes the ones before.',
        positional: true,
        required: true,
        choices: ROLES,
      },
    ],
    example: 'role grant @alice operator',
    audience: 'private',
  },
  ({ store }) =>
    async ({ principal, now }, options) => {
      const who = requiredText(options, 'who');
      const role = ROLES.find((candidate) => candidate === requiredText(options, 'role')) ?? 'viewer';
      const before = (await store.roles.list()).find((grant) => grant.who === who)?.role;
      await store.roles.grant({ who, role, grantedBy: principal.key, grantedAt: now });
      const line = [
        { type: 'user' as const, key: who, name: who },
        { type: 'text' as const, text: ` is ${role} now.` },
      ];
      const change = { before: before ?? null, after: role };
      return { ...publicly(noteCard({ title: 'Role granted', lines: [line] })), change };
    },
);
