import { encodeAction, MAX_ACTION_ID } from './action.ts';
import type { Button, Text } from './card.ts';

export const PAGE_SIZE = 20;

/** One page of a list, and the command that shows it (without `page:`). */
export type Paging = { command: string; page: number; total: number };

export function pageOffset(page: number): { limit: number; offset: number } {
  return { limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE };
}

/** Buttons to the pages beside this one, where their command fits into a button's id. */
export function pageControls({ command, page, total }: Paging): Button[] {
  const pages = pageCount(total);
  const previous = page > 1 ? [turn('Previous', command, Math.min(page - 1, pages))] : [];
  const next = page < pages ? [turn('Next', command, page + 1)] : [];
  return [...previous, ...next].filter((button) => encodeAction(button.action).length <= MAX_ACTION_ID);
}

/** Says how to turn the page even where no button can. */
export function pageFooter({ command, page, total }: Paging): Text[] {
  const pages = pageCount(total);
  if (pages <= 1 && page === 1) return [];
  if (page > pages) return [`There is no page ${page}; the last is ${command} page:${pages} (${total} in all)`];
  return [`Page ${page} of ${pages} (${total} in all)${page < pages ? `; next: ${command} page:${page + 1}` : ''}`];
}

function pageCount(total: number): number {
  return Math.max(1, Math.ceil(total / PAGE_SIZE));
}

function turn(label: string, command: string, page: number): Button {
  return { type: 'button', label, style: 'default', action: { type: 'run', command: `${command} page:${page}` } };
}
