import { deliveryListCard } from '../../../cards/admin.ts';
import type { Message } from '../../../ports/message.ts';
import { command } from '../../grammar/command.ts';
import { pageOf, paging } from '../../input/pages.ts';
import { privately } from '../../private-reply.ts';

export const deliveryList = command(
  {
    path: ['delivery', 'list'],
    role: 'admin',
    summary: 'What could not be delivered',
    options: [
      {
        name: 'page',
        type: 'integer',
        description: 'Page of the list',
        positional: false,
        required: false,
        min: 1,
        max: 100000,
      },
    ],
    example: 'delivery list',
    audience: 'private',
  },
  ({ store }) =>
    async (context, options) => {
      const { items, total } = await store.messages.listFailed(pageOf(options, context));
      return privately(
        deliveryListCard(items.map(line), paging({ path: ['delivery', 'list'], options, total, rows: context.rows })),
      );
    },
);

function line(message: Message) {
  const { id, channel, failure = 'unknown', createdAt } = message;
  return { id, channel, failure, at: createdAt, what: subjectWords(message.subject) };
}

function subjectWords(subject: Message['subject']): string {
  switch (subject.type) {
    case 'alert':
      return `alert ${subject.alert}`;
    case 'alert-host':
      return `alert ${subject.alert}, ${subject.host}`;
    case 'alert-kind':
      return `alert ${subject.alert}, ${subject.kind}`;
    case 'scan':
      return `scan #${subject.scan}`;
    case 'first-determined':
      return 'first determined list';
    case 'event':
      return `event ${subject.event}`;
    case 'notice':
      return subject.card.title;
  }
}
