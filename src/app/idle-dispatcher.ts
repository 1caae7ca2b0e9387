import type { Dispatcher } from '../commands/dispatcher.ts';

/** For checks that need an adapter but serve nobody. */
export const idleDispatcher: Dispatcher = {
  command: async () => ({ type: 'silent' }),
  click: async () => ({ type: 'silent' }),
  complete: async () => [],
  home: async () => ({ title: 'NetDelta', tone: 'neutral', sections: [], controls: [] }),
};
