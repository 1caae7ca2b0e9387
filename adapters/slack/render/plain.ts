import { forChat } from '../../../src/core/invisible.ts';

/** Untrusted text without invisible characters; line feeds stay. */
export function printable(text: string): string {
  return text
    .replaceAll('\t', '    ')
    .split(/\r\n?|[\n\u0085\u2028\u2029]/)
    .map(forChat)
    .join('\n');
}

export function oneLine(text: string): string {
  return printable(text).replace(/(?<!\s)\s*\n\s*/g, ' ');
}

/** At most `max` UTF-16 units, the last an ellipsis if something was cut; never half a character. */
export function cutTo(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping: without these there are no mentions and links. */
export function escapeEntities(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The size of its JSON in a message. */
export function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value), 'utf8');
}
