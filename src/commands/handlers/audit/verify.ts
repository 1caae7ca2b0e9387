import { noteCard } from '../../../cards/note.ts';
import { counted } from '../../../cards/words.ts';
import type { AuditVerdict } from '../../../ports/store.ts';
import { command } from '../../grammar/command.ts';
import { privately } from '../../private-reply.ts';

export const auditVerify = command(
  {
    path: ['audit', 'verify'],
    role: 'admin',
    summary: 'Check that no audit entry was changed or removed',
    options: [],
    example: 'audit verify',
    audience: 'private',
  },
  ({ store }) =>
    async () =>
      privately(verdictCard(await store.audit.verify())),
);

function verdictCard(verdict: AuditVerdict) {
  const entries = counted(verdict.entries, 'entry', 'entries');
  switch (verdict.state) {
    case 'whole':
      return noteCard({
        title: 'The audit is whole',
        lines: [
          `${entries}, each bound to all before it.`,
          ...(verdict.head === ''
            ? []
            : [`Its newest hash is ${verdict.head}: note it elsewhere to compare it later.`]),
        ],
      });
    case 'broken':
      return noteCard({
        title: 'The audit was tampered with',
        tone: 'error',
        lines: [
          `Entry ${verdict.at} was changed, or one before it was put in or removed. ${entries} before it are whole.`,
        ],
      });
    case 'cut':
      return noteCard({
        title: 'The audit was tampered with',
        tone: 'error',
        lines: [`The entries after ${verdict.after} were removed. ${entries} up to it are whole.`],
      });
  }
}
