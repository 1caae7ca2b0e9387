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

/**
 * Sends the card, and once more as plain words when Slack refuses its layout: its limits have changed, or we are
 * wrong, but an alert must not be lost for that.
 */
export async function withPlainFallback<T>(
  card: Card,
  rendered: Rendered,
  log: Log,
  work: (content: Rendered) => Promise<T>,
): Promise<{ answer: T; cut: boolean }> {
  try {
    return { answer: await work(rendered), cut: rendered.cut };
  } catch (error) {
    const failure = deliveryError(error);
    if (!LAYOUT_REFUSED.includes(failure.code)) throw failure;
    log.error(
      { code: failure.code, title: card.title },
      'Slack refused the layout of a message; it goes as plain text',
    );
    const text = cutTo(escapeEntities(cardText(card)), PLAIN_TEXT);
    return { answer: await work({ text, blocks: [], attachments: [], cut: true }), cut: true };
  }
}
