import { noteCard } from '../../../cards/note.ts';
import { command } from '../../grammar/command.ts';
import { missing } from '../../input/find.ts';
import { requiredNumber } from '../../input/options.ts';
import { privately } from '../../private-reply.ts';

export const deliveryResend = command(
  {
    path: ['delivery', 'resend'],
    role: 'admin',
    summary: 'Try to deliver it again',
    options: [{ name: 'id', type: 'integer', description: 'Message', positional: true, required: true, min: 1 }],
    example: 'delivery resend 7',
    audience: 'private',
  },
  (deps) =>
    async ({ now }, options) => {
      const id = requiredNumber(options, 'id');
      if (!(await deps.store.messages.resend(id, now))) throw missing('id', 'undelivered message', id, 'delivery list');
      deps.wake();
      return privately(noteCard({ title: `Message ${id}`, tone: 'info', lines: ['It is tried again now.'] }));
    },
);
