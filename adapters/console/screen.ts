import type { Card } from '../../src/cards/card.ts';
import type { Chat } from '../../src/ports/chat.ts';

/** The channel of this console's messages. */
export const CONSOLE_CHANNEL = 'console:main';

/** The output to the person (or script) at the console. */
export type Screen = {
  chat: Chat;
  /** An answer to a typed line; `replaces` is the id of the button whose message it replaces. */
  answer(card: Card, options: { audience: 'private' | 'public'; replaces?: string | undefined }): void;
};
