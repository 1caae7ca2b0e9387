import type { Card } from '../../../src/cards/card.ts';
import type { ClickCall, CommandCall, CommandResult, Dispatcher } from '../../../src/commands/dispatcher.ts';
import { idleDispatcher } from './harness.ts';

export type Recorded = { dispatcher: Dispatcher; commands: CommandCall[]; clicks: ClickCall[] };

/** A real dispatcher as far as the adapter can see: it answers by `answer`, and records its calls. */
export function recorded(
  answer: (call: CommandCall | ClickCall) => CommandResult | Promise<CommandResult>,
  home?: Dispatcher['home'],
): Recorded {
  const commands: CommandCall[] = [];
  const clicks: ClickCall[] = [];
  const dispatcher = idleDispatcher({
    async command(call) {
      commands.push(call);
      return answer(call);
    },
    async click(call) {
      clicks.push(call);
      return answer(call);
    },
    ...(home === undefined ? {} : { home }),
  });
  return { dispatcher, commands, clicks };
}

export function cardResult(
  title: string,
  parts: Partial<Card> & {
    audience?: 'private' | 'public';
    outcome?: 'ok' | 'refused' | 'failed';
    replace?: boolean;
  } = {},
): Extract<CommandResult, { type: 'card' }> {
  const { audience = 'private', outcome = 'ok', replace, ...card } = parts;
  return {
    type: 'card',
    card: { title, tone: 'neutral', sections: [], controls: [], ...card },
    audience,
    outcome,
    ...(replace === undefined ? {} : { replace }),
  };
}
