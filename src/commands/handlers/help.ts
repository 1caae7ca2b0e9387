import { commandHelpCard, type HelpEntry, type HelpStyle, helpCard } from '../../cards/help.ts';
import { command } from '../grammar/command.ts';
import type { CommandDescription } from '../grammar/command-description.ts';
import { findCommand } from '../grammar/find-command.ts';
import { usage } from '../grammar/usage.ts';
import { textOf } from '../input/options.ts';
import { privately } from '../private-reply.ts';

export const help = command(
  {
    path: ['help'],
    role: 'anyone',
    summary: 'What there is, with an example each',
    options: [{ name: 'command', type: 'text', description: 'Command', positional: true, required: false, rest: true }],
    example: 'help group add',
    audience: 'private',
  },
  (deps) =>
    async ({ principal }, options) => {
      const style = principal.platform === 'discord' ? 'typed' : 'text';
      const entry = entryIn(style);
      const table = deps.descriptions;
      const topic = textOf(options, 'command');
      if (topic === undefined) return privately(helpCard(table.map(entry), style));
      const words = topic.toLowerCase().split(/\s+/);
      const ofNoun = table.filter(({ path }) => path[0] === words[0]);
      if (words.length === 1 && ofNoun.length > 1) return privately(commandHelpCard(ofNoun.map(entry)));
      const { definition } = findCommand(
        words.map((text) => ({ text, quoted: false })),
        table,
      );
      return privately(commandHelpCard([entry(definition)]));
    },
);

/** Discord has typed options, which are filled in; elsewhere they are words. */
function entryIn(style: HelpStyle): (description: CommandDescription) => HelpEntry {
  return (description) => {
    if (style === 'text') return { ...description, style, usage: usage(description) };
    const options = description.options.filter(({ typedOnly }) => typedOnly !== true);
    return { ...description, options, style, usage: `/netdelta ${description.path.join(' ')}` };
  };
}
