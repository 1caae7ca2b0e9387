import type { Card } from '../../../src/cards/card.ts';
import type { Attachment } from '../../../src/ports/chat.ts';
import { wholeFile } from '../render/card-text.ts';

/** What must hang on a message: what it brings along, and the whole of what was cut. Each name once. */
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

/** Grows when there is more to read; an acknowledgement leaves it as it is. */
export function linesOf(file: Attachment): number {
  let lines = 0;
  for (const byte of file.data) if (byte === 0x0a) lines += 1;
  return lines;
}

/** How a file is called in Slack: it says how much is in it, so that a later edit can tell whether there is more now. */
export function titleOf(file: Attachment): string {
  return `${file.name} (${linesOf(file)} lines)`;
}

export function linesInTitle(title: string, name: string): number | undefined {
  const found = /^(.+) \(([0-9]+) lines\)$/.exec(title);
  return found?.[1] === name ? Number(found[2]) : undefined;
}
