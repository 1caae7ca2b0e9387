import type { Card } from '../../src/cards/card.ts';
import type { Chat } from '../../src/ports/chat.ts';

/** Where this console's messages stand. */
export const CONSOLE_CHANNEL = 'console:main';

/** What the person (or script) in front of the console sees. */
export type Screen = {
  chat: Chat;
  /** An answer to what was typed; `replaces` is the id of the button whose message it takes the place of. */
  answer(card: Card, options: { audience: 'private' | 'public'; replaces?: string | undefined }): void;
};
