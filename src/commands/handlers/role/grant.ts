import { noteCard } from '../../../cards/note.ts';
import { ROLES } from '../../../core/model/principal.ts';
import { command } from '../../grammar/command.ts';
import { WHO_HAS_A_ROLE } from '../../grammar/common-options.ts';
import { requiredText } from '../../input/options.ts';
import { publicly } from '../../private-reply.ts';

export const roleGrant = command(
  {
    path: ['role', 'grant'],
    role: 'admin',
    summary: 'Give somebody a role',
    options: [
      WHO_HAS_A_ROLE,
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
