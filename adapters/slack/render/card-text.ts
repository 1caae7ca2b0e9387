import { type Card, plainText, type Section } from '../../../src/cards/card.ts';
import { unreachable } from '../../../src/core/errors.ts';
import type { Attachment } from '../../../src/ports/chat.ts';
import { printable } from './plain.ts';
import { tableLines } from './sections.ts';

/** The file with the full content of a card: its own attachment, otherwise its plain text. */
export function wholeFile(card: Card): Attachment {
  const { attachment } = card;
  if (attachment === undefined) {
    return { name: 'whole.txt', mimeType: 'text/plain', data: Buffer.from(cardText(card), 'utf8') };
  }
  return { name: attachment.name, mimeType: attachment.mimeType, data: Buffer.from(attachment.content) };
}

/** A card as plain text, nothing left out. */
export function cardText(card: Card): string {
  const head = [card.title, ...(card.badge === undefined ? [] : [card.badge])].join(' · ');
  const footer = (card.footer ?? []).map(plainText);
  return `${printable([head, ...card.sections.map(sectionText), ...footer].join('\n\n'))}\n`;
}

function sectionText(section: Section): string {
  switch (section.type) {
    case 'text':
      return plainText(section.text);
    case 'fields':
      return section.fields.map(({ label, value }) => `${label}: ${plainText(value)}`).join('\n');
    case 'list':
      return section.items.map((item) => `- ${plainText(item)}`).join('\n');
    case 'table':
      return tableLines(section.columns, section.rows).join('\n');
    case 'code':
      return section.text;
    case 'progress':
      return `${Math.floor(section.percent)} % ${section.label}`;
    case 'divider':
      return '---';
    default:
      return unreachable(section);
  }
}
