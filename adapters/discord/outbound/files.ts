import type { RawFile } from 'discord.js';
import { type Card, plainText, type Section } from '../../../src/cards/card.ts';
import { unreachable } from '../../../src/core/errors.ts';
import type { Attachment } from '../../../src/ports/chat.ts';
import { MAX_FILE_BYTES } from '../render/limits.ts';

/** The file with the full content of a card: its own attachment, otherwise its plain text. */
export function wholeFile(card: Card): RawFile {
  const { attachment } = card;
  if (attachment === undefined) return file('whole.txt', 'text/plain', Buffer.from(cardText(card), 'utf8'));
  return file(attachment.name, attachment.mimeType, Buffer.from(attachment.content));
}

export function attachmentFile(attachment: Attachment): RawFile {
  return file(attachment.name, attachment.mimeType, attachment.data);
}

/**
 * Names come from groups, so from users. A file that is too large is cut, with a note at its end, rather than losing
 * the message.
 */
function file(name: string, contentType: string, data: Buffer): RawFile {
  const safe =
    name
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[.-]+/, '')
      .slice(-80) || 'file.txt';
  if (data.length <= MAX_FILE_BYTES) return { name: safe, contentType, data };
  const end = Buffer.from('\n… cut here: Discord takes no larger file\n', 'utf8');
  return { name: safe, contentType, data: Buffer.concat([data.subarray(0, MAX_FILE_BYTES - end.length), end]) };
}

function cardText(card: Card): string {
  const head = [card.title, ...(card.badge === undefined ? [] : [card.badge])].join('  ');
  const footer = (card.footer ?? []).map(plainText);
  return `${[head, ...card.sections.map(sectionText), ...footer].join('\n\n')}\n`;
}

function sectionText(section: Section): string {
  switch (section.type) {
    case 'text':
      return plainText(section.text);
    case 'fields':
      return section.fields.map((field) => `${field.label}: ${plainText(field.value)}`).join('\n');
    case 'list':
      return section.items.map((item) => `- ${plainText(item)}`).join('\n');
    case 'table':
      return [section.columns, ...section.rows].map((row) => row.map(plainText).join('\t')).join('\n');
    case 'code':
      return section.text;
    case 'progress':
      return `${section.percent} % ${section.label}`;
    case 'divider':
      return '---';
    default:
      return unreachable(section);
  }
}

/** Discord matches the uploaded parts by these numbers, and drops files of an edited message that are not listed. */
export function listedFiles(files: readonly RawFile[]): { attachments?: { id: string; filename: string }[] } {
  return files.length === 0 ? {} : { attachments: files.map((file, id) => ({ id: String(id), filename: file.name })) };
}
