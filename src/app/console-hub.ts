import { type Chat, DeliveryError, type MessageRef, type OutgoingMessage } from '../ports/chat.ts';

export type ConsoleHub = {
  /** Adds a screen; returns a function that removes it. */
  showOn(screen: Chat): () => void;
};

/**
 * All consoles of one bot as one platform: all show the same. It is up while there is at least one, so that nothing is
 * posted where nobody could see it.
 */
export function createConsoleHub(events: { onUp(chat: Chat): void; onDown(): void }): ConsoleHub {
  const screens = new Set<Chat>();
  const chat = chatOf(screens);
  return {
    showOn(screen) {
      screens.add(screen);
      if (screens.size === 1) events.onUp(chat);
      return () => {
        if (screens.delete(screen) && screens.size === 0) events.onDown();
      };
    },
  };
}

function chatOf(screens: ReadonlySet<Chat>): Chat {
  const onAll = async <T>(show: (screen: Chat) => Promise<T>): Promise<T> => {
    const shown = await Promise.allSettled([...screens].map(show));
    const seen = shown.find((one) => one.status === 'fulfilled');
    if (seen !== undefined) return seen.value;
    const failed = shown.find((one) => one.status === 'rejected');
    if (failed?.reason instanceof DeliveryError) throw failed.reason;
    throw new DeliveryError('no-console', { retryable: true, cause: failed?.reason });
  };
  return {
    platform: 'console',
    post: (message: OutgoingMessage): Promise<MessageRef> => onAll((screen) => screen.post(message)),
    update: (ref, card) => onAll((screen) => screen.update(ref, card)),
    async find(nonce, where) {
      for (const screen of screens) {
        const found = await screen.find(nonce, where);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    link: async () => undefined,
  };
}
