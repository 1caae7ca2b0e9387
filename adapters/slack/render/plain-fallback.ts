import type { Card } from '../../../src/cards/card.ts';
import type { Log } from '../../../src/ports/log.ts';
import { deliveryError } from '../outbound/api-error.ts';
import { cardText } from './card-text.ts';
import { cutTo, escapeEntities } from './plain.ts';
import type { Rendered } from './render.ts';

const LAYOUT_REFUSED = [
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'msg_too_long',
  'invalid_attachments',
];
const PLAIN_TEXT = 3_000;

/** Whether Slack refused the layout of the message. */
export function isLayoutRefused(code: string): boolean {
  return LAYOUT_REFUSED.includes(code);
}

/**
 * Sends the card; again with lists for tables if Slack refuses its layout (GovSlack and older servers have no tables),
 * and finally as plain text: if Slack's limits have changed, or we are wrong, an alert must not be lost for that.
 */
export async function withPlainFallback<T>(
  card: Card,
  render: (tables: boolean) => Rendered,
  log: Log,
  work: (content: Rendered) => Promise<T>,
): Promise<{ answer: T; cut: boolean }> {
  const plain = () => {
    const text = cutTo(escapeEntities(cardText(card)), PLAIN_TEXT);
    return { text, blocks: [], attachments: [], cut: true };
  };
  const first = render(true);
  const simpler = first.blocks.some((block) => block.type === 'table') ? [() => render(false), plain] : [plain];
  for (let content = first; ; ) {
    try {
      return { answer: await work(content), cut: content.cut };
    } catch (error) {
      const failure = deliveryError(error);
      const next = simpler.shift();
      if (!isLayoutRefused(failure.code) || next === undefined) throw failure;
      log.error(
        { code: failure.code, title: card.title },
        'Slack refused the layout of a message; it goes in a simpler one',
      );
      content = next();
    }
  }
}
