import { actionWords } from '../cards/action-words.ts';
import { brokenCard, troubleCard } from '../cards/error.ts';
import { StorageTrouble } from '../core/errors.ts';
import type { Principal } from '../core/model/principal.ts';
import { audit, auditBegin, type Call } from './auditing.ts';
import { runClick } from './clicks/run-click.ts';
import type { Deps } from './deps.ts';
import type { ClickCall, CommandCall, CommandResult, Dispatcher } from './dispatcher.ts';
import { createDefinitions } from './grammar/all-commands.ts';
import { complete } from './grammar/completion.ts';
import { home } from './home.ts';
import { type CardResult, failed, privately } from './private-reply.ts';
import { type Grammar, runCommand } from './run-command.ts';

/**
 * Every call is answered and audited: a user's mistake by a card with the fix, an internal error by one with a
 * reference.
 */
export function createDispatcher(deps: Deps): Dispatcher {
  const definitions = createDefinitions(deps);

  async function answer(
    principal: Principal,
    call: Call,
    work: (grammar: Grammar) => Promise<CommandResult>,
  ): Promise<CommandResult> {
    let begun: number | undefined;
    const begin = async () => {
      begun ??= await auditBegin(deps, call);
    };
    const result = await guarded(deps, principal, () => work({ deps, definitions, begin }));
    await audit(deps, call, result, begun);
    return result;
  }

  return {
    command(call) {
      const now = deps.clock.now();
      return answer(call.principal, { ...call, now, request: requestOf(call) }, (grammar) =>
        runCommand(grammar, call, now),
      );
    },
    click(call) {
      const now = deps.clock.now();
      return answer(call.principal, { ...call, now, request: clickOf(call) }, (grammar) =>
        runClick(grammar, call, now),
      );
    },
    async complete(call) {
      try {
        return await complete({ deps, definitions, begin: async () => undefined }, call);
      } catch (error) {
        deps.log.error({ err: error }, 'a completion failed');
        return [];
      }
    },
    async home(principal) {
      const now = deps.clock.now();
      const result = await guarded(deps, principal, async () => privately(await home(deps, principal, now)));
      await audit(deps, { principal, channel: principal.key, now, request: 'Home' }, result);
      return result.card;
    },
  };
}

async function guarded<Result extends CommandResult>(
  deps: Deps,
  principal: Principal,
  work: () => Promise<Result>,
): Promise<Result | CardResult> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StorageTrouble) {
      deps.log.error({ err: error }, error.message);
      return failed(troubleCard(error));
    }
    const reference = deps.newReference();
    deps.log.error({ err: error, reference, who: principal.key }, 'a command failed unexpectedly');
    return failed(brokenCard(reference));
  }
}

function requestOf({ input, files = [] }: CommandCall): string {
  const attached = files.map(({ name, size }) => `file:${JSON.stringify(name)} (${size} bytes)`);
  if (input.type === 'text') return [input.text, ...attached].join(' ');
  const options = Object.entries(input.options).map(([name, value]) => `${name}:${JSON.stringify(value)}`);
  return [...input.path, ...options, ...attached].join(' ');
}

function clickOf({ actionId, fields = {} }: ClickCall): string {
  const filled = Object.entries(fields).map(([name, value]) => `${name}:${JSON.stringify(value)}`);
  return ['click:', actionWords(actionId.slice(0, 200)), ...filled].join(' ');
}
