import { type DeliveryLine, deliveryListCard, notConnected } from '../../../cards/delivery.ts';
import type { Message } from '../../../ports/message.ts';
import { moment } from '../../data/fields.ts';
import { command } from '../../grammar/command.ts';
import { PAGE, pageOf, paging } from '../../input/pages.ts';
import { privately, withData } from '../../private-reply.ts';

export const deliveryList = command(
  {
    path: ['delivery', 'list'],
    role: 'admin',
    summary: 'What failed or waits to be delivered',
    options: [PAGE],
    example: 'delivery list',
    audience: 'private',
  },
  (deps) => async (context, options) => {
    const { store, platforms } = deps;
    const { limit, offset } = pageOf(options, context);
    const failed = await store.messages.listFailed({ limit, offset });
    const before = context.now - UNDER_WAY_MS;
    // Waiting messages follow the failed ones, as one list.
    const skipped = Math.max(0, offset - failed.total);
    const room = limit - failed.items.length;
    const pending = await store.messages.listPending(before, { limit: Math.max(1, room), offset: skipped });
    const rows = [
      ...failed.items.map((message) => line(message, 'failed', message.failure ?? 'unknown')),
      ...pending.items.slice(0, room).map((message) => line(message, 'pending', waitsFor(message, platforms()))),
    ];
    const young = (await store.messages.listPending(context.now, { limit: 1, offset: 0 })).total - pending.total;
    const counts = { failed: failed.total, pending: pending.total, underWay: Math.max(0, young) };
    const total = failed.total + pending.total;
    const card = deliveryListCard(
      rows,
      counts,
      paging({ path: ['delivery', 'list'], options, total, rows: context.rows }),
    );
    const items = rows.map(({ since, ...row }) => ({ ...row, since: moment(since) }));
    return withData(privately(card), { type: 'deliveries', total, items });
  },
);

/** A recent message is on its way. */
const UNDER_WAY_MS = 5_000;

function line(message: Message, state: DeliveryLine['state'], reason: string): DeliveryLine {
  const { id, channel, createdAt } = message;
  return { id, channel, state, reason, since: createdAt, what: subjectWords(message.subject) };
}

function waitsFor({ channel, failure }: Message, connected: readonly string[]): string {
  return notConnected(channel, connected) ?? failure ?? 'it is tried again.';
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
    case 'failed-scans':
      return `failed scans from #${subject.scan}`;
    case 'first-determined':
      return 'first determined list';
    case 'report':
      return 'report';
    case 'event':
      return `event ${subject.event}`;
    case 'notice':
      return subject.card.title;
  }
}
