import type { ChannelRef } from '../core/model/principal.ts';
import { idOf, neededFor, platform, platformOf } from '../core/platforms.ts';
import type { Card, Text } from './card.ts';
import { type Paging, pageControls, pageFooter } from './paging.ts';
import { at, code, counted, rich, strong } from './words.ts';

/** Why nothing can be sent there now, and how to fix it; undefined if the place is connected. */
export function notConnected(channel: ChannelRef, connected: readonly string[]): string | undefined {
  const name = platformOf(channel);
  if (name === undefined || connected.includes(name)) return undefined;
  if (name === 'console') return 'no console is open; `netdelta console` opens one.';
  const { label } = platform(name);
  const needs = neededFor(name, idOf(channel));
  return `${label} is not connected here${needs === undefined ? '.' : `; it needs ${needs}.`}`;
}

export type DeliveryLine = {
  id: number;
  state: 'pending' | 'failed';
  what: string;
  channel: ChannelRef;
  /** The platform's code, or why it waits. */
  reason: string;
  since: number;
};

/**
 * Messages that did not arrive, and those that still wait: since when, and why. `underWay`: queued just now, and not
 * listed yet.
 */
export function deliveryListCard(
  rows: readonly DeliveryLine[],
  counts: { failed: number; pending: number; underWay: number },
  paging: Paging,
): Card {
  const { failed, pending, underWay } = counts;
  const firstFailed = rows.find((row) => row.state === 'failed');
  const titles = [
    ...(failed === 0 ? [] : [`${counted(failed, 'message')} not delivered`]),
    ...(pending === 0 ? [] : [`${counted(pending, 'message waits', 'messages wait')}`]),
    ...(underWay === 0 ? [] : [`${counted(underWay, 'message is', 'messages are')} on the way`]),
  ];
  return {
    title: titles.length === 0 ? 'Everything was delivered' : titles.join(', '),
    tone: failed > 0 ? 'high' : pending > 0 ? 'medium' : underWay > 0 ? 'info' : 'good',
    sections: [
      ...(rows.length === 0 ? [] : [{ type: 'list' as const, items: rows.map(line) }]),
      ...(firstFailed === undefined
        ? []
        : [
            {
              type: 'text' as const,
              text: rich('When the cause is fixed: ', code(`delivery resend ${firstFailed.id}`)),
            },
          ]),
    ],
    controls: pageControls(paging),
    footer: pageFooter(paging),
  };
}

function line({ id, state, what, channel, reason, since }: DeliveryLine): Text {
  const words = state === 'pending' ? 'waits since ' : 'failed, made ';
  return rich(
    strong(`${id} `),
    `${what} to `,
    { type: 'channel', ref: channel },
    ': ',
    words,
    at(since),
    `: ${reason}`,
  );
}

export type PendingLine = { channel: ChannelRef; count: number; since: number; reason: string };

/** One line for the status: `8 messages wait for slack:C0123 since …: Slack is not connected here`. */
export function pendingLine({ channel, count, since, reason }: PendingLine): Text {
  return rich(
    `${counted(count, 'message waits', 'messages wait')} for `,
    { type: 'channel', ref: channel },
    ' since ',
    at(since),
    `: ${reason}`,
  );
}
