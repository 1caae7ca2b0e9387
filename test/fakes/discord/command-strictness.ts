import type { RegisteredOption } from './world.ts';

const SUBCOMMAND = 1;
const SUBCOMMAND_GROUP = 2;
/** Of a command itself: it appears in the menu of messages. */
const ON_MESSAGE = 3;

/** https://discord.com/developers/docs/interactions/application-commands */
export function commandComplaints(command: RegisteredOption): string[] {
  if (command.type === ON_MESSAGE) return onMessageComplaints(command);
  const size = textOf(command);
  return [...(size > 8000 ? [`the command has ${size} characters, over 8000`] : []), ...nodeComplaints(command)];
}

function nodeComplaints(node: RegisteredOption): string[] {
  const options = node.options ?? [];
  const names = options.map((option) => option.name);
  const firstOptional = options.findIndex((option) => option.required !== true);
  const late = options.slice(Math.max(0, firstOptional)).some((option) => option.required === true);
  return [
    ...(/^[-_\p{Ll}\p{N}]{1,32}$/u.test(node.name) ? [] : [`${node.name} is no name for a command`]),
    ...(node.description.length < 1 || node.description.length > 100 ? [`${node.name}: description`] : []),
    ...(options.length > 25 ? [`${node.name} has over 25 options`] : []),
    ...(new Set(names).size < names.length ? [`${node.name} has one option twice`] : []),
    ...(firstOptional >= 0 && late ? [`${node.name}: a required option behind an optional one`] : []),
    ...((node.choices ?? []).length > 25 ? [`${node.name} has over 25 choices`] : []),
    ...(node.autocomplete === true && node.choices !== undefined ? [`${node.name}: choices and autocomplete`] : []),
    ...nestingComplaints(node),
    ...options.flatMap(nodeComplaints),
  ];
}

function nestingComplaints(node: RegisteredOption): string[] {
  const types = (node.options ?? []).map((option) => option.type);
  if (node.type === SUBCOMMAND_GROUP && types.some((type) => type !== SUBCOMMAND))
    return ['a group holds subcommands only'];
  return [];
}

function textOf(node: RegisteredOption): number {
  const choices = (node.choices ?? []).reduce((sum, { name, value }) => sum + name.length + String(value).length, 0);
  const options = (node.options ?? []).reduce((sum, option) => sum + textOf(option), 0);
  return node.name.length + node.description.length + choices + options;
}

/** Their names are shown as they are; they have neither a description nor options. */
function onMessageComplaints({ name, description = '', options = [] }: Partial<RegisteredOption>): string[] {
  return [
    ...(name === undefined || name.length < 1 || name.length > 32 ? [`${name} is no name for a menu`] : []),
    ...(description === '' && options.length === 0 ? [] : [`${name}: a menu has neither description nor options`]),
  ];
}
