import { type Action, decodeAction } from '../../../src/cards/action.ts';

/**
 * A prefix of an action's id in a custom_id. Discord has no dialog that asks before a click counts, so `?` asks in an
 * ephemeral message, whose own button has `!` (and is removed when it has been pressed).
 */
const ASK = '?';
const SURE = '!';

export type Pressed = { how: 'at-once' | 'ask' | 'sure'; actionId: string };

export function confirmFirst(actionId: string): string {
  return `${ASK}${actionId}`;
}

export function confirmed(actionId: string): string {
  return `${SURE}${actionId}`;
}

export function readCustomId(customId: string): Pressed {
  if (customId.startsWith(ASK)) return { how: 'ask', actionId: customId.slice(1) };
  if (customId.startsWith(SURE)) return { how: 'sure', actionId: customId.slice(1) };
  return { how: 'at-once', actionId: customId };
}

/** A form can only be the first answer to a click, so actions that may open one are not deferred at once. */
export function mayOpenForm(actionId: string): boolean {
  const action = decodeAction(actionId);
  return action !== undefined && ASKING.some((type) => type === action.type) && !('forMs' in action);
}

const ASKING: readonly Action['type'][] = ['acknowledge-note', 'expected', 'false-alarm', 'mute'];
