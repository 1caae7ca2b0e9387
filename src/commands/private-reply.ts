import type { Card } from '../cards/card.ts';
import type { CommandData } from './data/command-data.ts';
import type { CommandResult } from './dispatcher.ts';

export type CardResult = Extract<CommandResult, { type: 'card' }>;

/** For the caller only. */
export function privately(card: Card): CardResult {
  return { type: 'card', card, audience: 'private', outcome: 'ok' };
}

/** The same, with its content as fields. */
export function withData(result: CardResult, data: CommandData): CardResult {
  return { ...result, data };
}

/** The same, with its change for the audit: before and after; null if there was or is nothing. */
export function changing(result: CardResult, change: { before: unknown; after: unknown }): CardResult {
  return { ...result, change };
}

/** For the whole channel. */
export function publicly(card: Card): CardResult {
  return { type: 'card', card, audience: 'public', outcome: 'ok' };
}

export function refused(card: Card): CardResult {
  return { type: 'card', card, audience: 'private', outcome: 'refused' };
}

/** Refused without being looked at. */
export function wronglyUsed(card: Card): CardResult {
  return { ...refused(card), wrongUse: true };
}

export function failed(card: Card): CardResult {
  return { type: 'card', card, audience: 'private', outcome: 'failed' };
}
