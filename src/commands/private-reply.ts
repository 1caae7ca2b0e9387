import type { Card } from '../cards/card.ts';
import type { CommandResult } from './dispatcher.ts';

export type CardResult = Extract<CommandResult, { type: 'card' }>;

/** For the caller only. */
export function privately(card: Card): CardResult {
  return { type: 'card', card, audience: 'private', outcome: 'ok' };
}

/** For the whole channel. */
export function publicly(card: Card): CardResult {
  return { type: 'card', card, audience: 'public', outcome: 'ok' };
}

export function refused(card: Card): CardResult {
  return { type: 'card', card, audience: 'private', outcome: 'refused' };
}

export function failed(card: Card): CardResult {
  return { type: 'card', card, audience: 'private', outcome: 'failed' };
}
