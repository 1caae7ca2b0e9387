import type { Card } from '../../../src/cards/card.ts';
import type { Attachment } from '../../../src/ports/chat.ts';
import { wholeFile } from '../render/card-text.ts';

/** The files of a message: its own attachments, and the full text of what was cut. Each name once. */
export function filesOf(card: Card, cut: boolean, given: readonly Attachment[] = []): Attachment[] {
  const own = cut || card.attachment?.when === 'always' ? [wholeFile(card)] : [];
  const files = [...given, ...own.filter((file) => !given.some((one) => one.name === file.name))];
  return files.map((file) => ({ ...file, name: fileName(file.name) }));
}

/** Names come from groups, so from users. */
function fileName(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '');
  return safe.slice(-80) || 'file.txt';
}

/** Increases when there is more to read; an acknowledgement leaves it unchanged. A picture or a page never grows. */
export function linesOf(file: Attachment): number {
  if (!isList(file)) return 0;
  let lines = 0;
  for (const byte of file.data) if (byte === 0x0a) lines += 1;
  return lines;
}

/**
 * The title of a file in Slack: it contains the number of lines, so that a later edit can find out whether there are
 * more now.
 */
export function titleOf(file: Attachment): string {
  return isList(file) ? `${file.name} (${linesOf(file)} lines)` : file.name;
}

function isList({ mimeType }: Attachment): boolean {
  return mimeType === 'text/csv' || mimeType === 'text/plain';
}

export function linesInTitle(title: string, name: string): number | undefined {
  if (title === name) return 0;
  const found = /^(.+) \(([0-9]+) lines\)$/.exec(title);
  return found?.[1] === name ? Number(found[2]) : undefined;
}
