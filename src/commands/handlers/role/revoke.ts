import { noteCard } from '../../../cards/note.ts';
import { UserError } from '../../../core/errors.ts';
import { command } from '../../grammar/command.ts';
import { WHO_HAS_A_ROLE } from '../../grammar/common-options.ts';
import { OptionError, requiredText } from '../../input/options.ts';
import { changing, publicly } from '../../private-reply.ts';

export const roleRevoke = command(
  {
    path: ['role', 'revoke'],
    role: 'admin',
    summary: 'Revoke a granted role',
    options: [WHO_HAS_A_ROLE],
    example: 'role revoke @alice',
    audience: 'private',
  },
  ({ store, admins }) =>
    async (_context, options) => {
      const who = requiredText(options, 'who');
      const before = (await store.roles.list()).find((grant) => grant.who === who)?.role;
      const revoked = await store.roles.revoke(who);
      if (!revoked) {
        const hint = admins.includes(who)
          ? 'This one is admin by NETDELTA_ADMINS: take it out there and restart.'
          : '`role list` shows who has one.';
        throw new OptionError('who', new UserError(`${who} has no granted role.`, { word: who, hint }));
      }
      const rest = admins.includes(who)
        ? ' has no granted role any more, but is admin by NETDELTA_ADMINS.'
        : ' has no role any more.';
      const line = [
        { type: 'user' as const, key: who, name: who },
        { type: 'text' as const, text: rest },
      ];
      const card = noteCard({ title: 'Role revoked', lines: [line] });
      return changing(publicly(card), { before: before ?? null, after: null });
    },
);
