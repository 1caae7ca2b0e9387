import type { Card } from '../../../src/cards/card.ts';
import type {
  ClickCall,
  CommandCall,
  CommandResult,
  CompletionCall,
  Dispatcher,
} from '../../../src/commands/dispatcher.ts';
import type { CommandDescription } from '../../../src/commands/grammar/command-description.ts';
import type { OptionDefinition } from '../../../src/core/model/option.ts';

/** A small grammar with one option of each kind, for tests of the adapter rather than of the commands. */
export const SOME_COMMANDS: readonly CommandDescription[] = [
  command(['status'], [], 'private'),
  command(
    ['group', 'add'],
    [
      option('name', 'text', true),
      option('targets', 'targets', true),
      option('channel', 'channel'),
      option('learn', 'integer'),
    ],
    'public',
    true,
  ),
  command(['group', 'show'], [option('name', 'group', true), option('verbose', 'boolean')], 'private'),
  command(['scan', 'now'], [option('ports', 'ports'), option('group', 'group', true)], 'public'),
  command(['import'], [option('group', 'group', true), option('file', 'file')], 'private', true),
  command(
    ['role', 'grant'],
    [option('who', 'who', true), { ...option('role', 'choice', true), choices: ['viewer', 'admin'] }],
    'private',
  ),
];

function option(name: string, type: OptionDefinition['type'], required = false): OptionDefinition {
  return { name, type, description: `The ${name}`, positional: required, required };
}

function command(
  path: CommandDescription['path'],
  options: readonly OptionDefinition[],
  audience: 'private' | 'public',
  form = false,
): CommandDescription {
  return { path, role: 'viewer', summary: `Does ${path.join(' ')}`, options, example: path.join(' '), audience, form };
}

export type Calls = { commands: CommandCall[]; clicks: ClickCall[]; completions: CompletionCall[] };

/** Records its calls, and answers as instructed. */
export function recordingDispatcher(
  answers: {
    command?: (call: CommandCall) => Promise<CommandResult> | CommandResult;
    click?: (call: ClickCall) => Promise<CommandResult> | CommandResult;
    complete?: (call: CompletionCall) => { value: string; label: string }[];
  } = {},
): { dispatcher: Dispatcher; calls: Calls } {
  const calls: Calls = { commands: [], clicks: [], completions: [] };
  const dispatcher: Dispatcher = {
    async command(call) {
      calls.commands.push(call);
      return (await answers.command?.(call)) ?? privately(cardSaying('done'));
    },
    async click(call) {
      calls.clicks.push(call);
      return (await answers.click?.(call)) ?? { type: 'silent' };
    },
    async complete(call) {
      calls.completions.push(call);
      return answers.complete?.(call) ?? [];
    },
    home: async () => cardSaying('home'),
  };
  return { dispatcher, calls };
}

export function cardSaying(title: string, controls: Card['controls'] = []): Card {
  return { title, tone: 'info', sections: [], controls };
}

export function privately(card: Card): CommandResult {
  return { type: 'card', card, audience: 'private', outcome: 'ok' };
}

export function publicly(card: Card): CommandResult {
  return { type: 'card', card, audience: 'public', outcome: 'ok' };
}
