import type { Form, FormField } from '../../cards/form.ts';
import { defined } from '../../core/defined.ts';
import { groupAsOptions } from '../../core/group-options/group-as-options.ts';
import type { Group } from '../../core/model/group.ts';
import type { OptionDefinition } from '../../core/model/option.ts';
import { PROFILES } from '../../core/model/profile.ts';
import { ALL_GROUPS } from '../../core/model/schedule.ts';
import type { PlatformName } from '../../core/platforms.ts';
import type { Deps } from '../deps.ts';
import type { CommandDescription } from './command-description.ts';
import { pathText } from './find-command.ts';
import { notifyFields } from './notify-fields.ts';

/** Slack's limit for the options of a select: https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element */
const MAX_SELECT = 100;
/** Options that change a list bit by bit make no sense beside the whole list. */
const NOT_IN_FORMS = ['add', 'remove', 'batch'];

/** These take a group first. */
const AFTER_GROUP = ['group edit', 'import'];

/**
 * The form of a command that was called without arguments (some also with just their group); undefined when it has
 * none, or when there is enough input to act on.
 */
export async function commandForm(
  deps: Pick<Deps, 'store'>,
  definition: CommandDescription,
  platform: PlatformName,
  typed: () => ReadonlyMap<OptionDefinition, string>,
): Promise<Form | undefined> {
  if (definition.form !== true) return undefined;
  const given = typed();
  const edits = pathText(definition) === 'group edit';
  const group = [...given].find(([option]) => option.type === 'group')?.[1];
  if (given.size > (AFTER_GROUP.includes(pathText(definition)) && group !== undefined ? 1 : 0)) return undefined;
  const groups = await deps.store.groups.list();
  if (groups.length === 0 && definition.options.some((option) => option.type === 'group')) return undefined;
  const named = groups.find((one) => one.name.toLowerCase() === group?.toLowerCase());
  if (group !== undefined && named === undefined) return undefined;
  if (named === undefined) return formOf(definition, groups, {}, platform);
  return formOf(definition, groups, edits ? groupAsOptions(named) : { group: named.name }, platform);
}

/** The form of a command, prefilled with what is known. */
export function formOf(
  definition: CommandDescription,
  groups: readonly Group[],
  initial: Readonly<Record<string, string>>,
  platform: PlatformName,
): Form {
  const options = definition.options.filter((option) => !NOT_IN_FORMS.includes(option.name));
  return {
    target: { type: 'command', path: definition.path },
    title: formTitle(definition),
    submit: submitLabel(definition),
    fields: options.flatMap((option) =>
      fieldsOf(option, groups, initial[option.name], platform).map((field) => ({
        ...field,
        ...(isAdvanced(option, options) ? { advanced: true as const } : {}),
      })),
    ),
  };
}

/** In a form with questions, all other options are advanced. */
function isAdvanced(option: OptionDefinition, options: readonly OptionDefinition[]): boolean {
  return option.question === undefined && !option.required && options.some(({ question }) => question !== undefined);
}

/** `Add group`: at most 24 characters in Slack. */
function formTitle({ path: [noun, verb] }: CommandDescription): string {
  return verb === undefined ? capital(noun) : `${capital(verb)} ${noun}`;
}

function submitLabel({ path: [noun, verb] }: CommandDescription): string {
  if (verb === undefined) return capital(noun);
  return verb === 'edit' ? 'Save' : 'Add';
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

function fieldsOf(
  option: OptionDefinition,
  groups: readonly Group[],
  initial: string | undefined,
  platform: PlatformName,
): FormField[] {
  const picked = option.type === 'notify' ? notifyFields(option, initial, platform) : undefined;
  return picked ?? [fieldOf(option, groups, initial)];
}

function fieldOf(option: OptionDefinition, groups: readonly Group[], initial: string | undefined): FormField {
  const choices = choicesOf(option, groups);
  const kind = choices === undefined ? kindOf(option) : 'select';
  const hint = option.hint?.replaceAll('`', '');
  return {
    name: option.name,
    label: option.question ?? option.description,
    ...(hint === undefined ? {} : { hint }),
    kind,
    // Files are the reason to open the form.
    required: option.required || kind === 'files',
    ...(option.type === 'profile' ? { spare: true as const } : {}),
    ...defined({ choices, initial }),
  };
}

function kindOf(option: OptionDefinition): FormField['kind'] {
  if (option.type === 'targets') return 'long-text';
  if (option.type === 'integer') return 'number';
  if (option.type === 'file') return 'files';
  if (option.type === 'boolean' || option.type === 'channel') return option.type;
  return 'text';
}

function choicesOf(option: OptionDefinition, groups: readonly Group[]): FormField['choices'] | undefined {
  if (option.type === 'choice') return option.choices?.map((value) => ({ value, label: value }));
  if (option.type === 'profile')
    return PROFILES.map(({ name, summary }) => ({ value: name, label: `${name}: ${summary}` }));
  if (option.type !== 'group' || groups.length > MAX_SELECT) return undefined;
  const all = option.orAll === true ? [{ value: ALL_GROUPS, label: 'all groups (report)' }] : [];
  return [...groups.map(({ name }) => ({ value: name, label: name })), ...all];
}

/** Asks for the note of an answer; it may be left empty. */
export function noteForm(actionId: string, title: string): Form {
  return {
    target: { type: 'action', actionId },
    title,
    submit: 'Save',
    fields: [
      { name: 'note', label: 'Note', hint: 'Why, or the number of the ticket.', kind: 'long-text', required: false },
    ],
  };
}

export function muteForm(actionId: string, what: string): Form {
  return {
    target: { type: 'action', actionId },
    title: 'Mute',
    submit: 'Mute',
    fields: [
      {
        name: 'for',
        label: 'For how long',
        hint: `${what}: recorded, not announced; it ends by itself.`,
        kind: 'select',
        required: true,
        choices: MUTE_DURATIONS,
        initial: '4h',
      },
      { name: 'reason', label: 'Why', kind: 'text', required: false },
    ],
  };
}

export const MUTE_DURATIONS = [
  { value: '1h', label: '1 hour' },
  { value: '4h', label: '4 hours' },
  { value: '1d', label: '1 day' },
  { value: '3d', label: '3 days' },
  { value: '1w', label: '1 week' },
  { value: '4w', label: '4 weeks' },
] as const;
