import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Card } from '../../src/cards/card.ts';
import type { Attachment } from '../../src/ports/chat.ts';

/**
 * The files of a card that is shown at once: those that are always attached, and those of which the card shows only a
 * part.
 */
export function filesOf(card: Card): Attachment[] {
  const { attachment } = card;
  if (attachment === undefined || (attachment.when === 'cut' && !showsPart(card))) return [];
  return [{ name: attachment.name, mimeType: attachment.mimeType, data: Buffer.from(attachment.content) }];
}

function showsPart(card: Card): boolean {
  return card.sections.some((section) => section.type === 'list' && (section.total ?? 0) > section.items.length);
}

/** Saves a file under a name that cannot lead out of the directory, next to older ones of the same name. */
export function saveFile(directory: string, { name, data }: Attachment): string {
  const safe =
    name
      .replace(/[^a-zA-Z0-9._-]+/g, '_')
      .replace(/^\.+/, '')
      .slice(0, 100) || 'file';
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const ending = /\.[a-zA-Z0-9]+(?:\.gz)?$/.exec(safe)?.[0] ?? '';
  const stem = safe.slice(0, safe.length - ending.length);
  for (let copy = 1; ; copy++) {
    const path = join(directory, copy === 1 ? safe : `${stem}-${copy}${ending}`);
    try {
      writeFileSync(path, data, { flag: 'wx', mode: 0o600 });
      return path;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}
