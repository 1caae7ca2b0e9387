import { encodeAction, MAX_ACTION_ID } from './action.ts';
import type { Button, Text } from './card.ts';

export const PAGE_SIZE = 20;

/**
 * One page of a list. `command` shows it again (without `page:`), whatever its group is called by then; `typed` is how
 * a person would write it. `rows`: rows per page.
 */
export type Paging = { command: string; typed?: string; page: number; total: number; rows?: number };

/** Buttons to the neighbouring pages, if their command fits into a button's id. */
export function pageControls({ command, page, total, rows }: Paging): Button[] {
  const pages = pageCount(total, rows);
  const previous = page > 1 ? [turn('Previous', command, Math.min(page - 1, pages))] : [];
  const next = page < pages ? [turn('Next', command, page + 1)] : [];
  return [...previous, ...next].filter((button) => encodeAction(button.action).length <= MAX_ACTION_ID);
}

/** Explains how to turn the page even where no button can. */
export function pageFooter({ command, typed = command, page, total, rows }: Paging): Text[] {
  const pages = pageCount(total, rows);
  if (pages <= 1 && page === 1) return [];
  if (total === 0) return [`There is no page ${page}: nothing is listed`];
  if (page > pages) return [`There is no page ${page}; the last is ${typed} page:${pages} (${total} in all)`];
  return [`Page ${page} of ${pages} (${total} in all)${page < pages ? `; next: ${typed} page:${page + 1}` : ''}`];
}

function pageCount(total: number, rows = PAGE_SIZE): number {
  return Math.max(1, Math.ceil(total / rows));
}

function turn(label: string, command: string, page: number): Button {
  return { type: 'button', label, style: 'default', action: { type: 'run', command: `${command} page:${page}` } };
}
