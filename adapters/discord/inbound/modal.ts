import {
  type APIComponentInLabel,
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  type APIModalSubmission,
  ChannelType,
  ComponentType,
  SelectMenuDefaultValueType,
  TextInputStyle,
} from 'discord.js';
import type { Form, FormField } from '../../../src/cards/form.ts';
import { unreachable } from '../../../src/core/errors.ts';
import {
  MAX_FILES,
  MAX_LABEL,
  MAX_LABEL_DESCRIPTION,
  MAX_MODAL_FIELDS,
  MAX_MODAL_TITLE,
  MAX_SELECT_LABEL,
  MAX_SELECT_OPTIONS,
  MAX_TEXT_INPUT,
} from '../render/limits.ts';
import { discordId, oneLine } from '../render/markdown.ts';

const COMMAND_PREFIX = 'form;';

/**
 * A form as a modal. Discord takes five fields: required ones come first, then those that are not advanced, spare ones
 * last; the rest is typed as options of the command.
 */
export function modalOf(form: Form): APIModalInteractionResponseCallbackData {
  const chosen = new Set(
    form.fields
      .filter((field) => field.required || field.advanced !== true)
      .sort((a, b) => need(b) - need(a))
      .slice(0, MAX_MODAL_FIELDS),
  );
  return {
    custom_id: form.target.type === 'command' ? `${COMMAND_PREFIX}${form.target.path.join(' ')}` : form.target.actionId,
    title: cut(form.title, MAX_MODAL_TITLE),
    components: form.fields.filter((field) => chosen.has(field)).map(labelled),
  };
}

function need({ required, spare }: FormField): number {
  return required ? 2 : spare === true ? 0 : 1;
}

export type SubmittedForm = {
  target: { type: 'command'; path: string[] } | { type: 'action'; actionId: string };
  fields: Record<string, string>;
  /** Ids of the attachments. */
  files: string[];
};

export function readModal({ custom_id: id, components }: APIModalSubmission): SubmittedForm {
  const fields: Record<string, string> = {};
  const files: string[] = [];
  for (const row of components) {
    const inputs =
      row.type === ComponentType.Label ? [row.component] : row.type === ComponentType.ActionRow ? row.components : [];
    for (const input of inputs) {
      if (input.type === ComponentType.FileUpload) {
        files.push(...input.values);
        continue;
      }
      const value = submittedValue(input);
      if (value !== '') fields[input.custom_id] = value;
    }
  }
  const target: SubmittedForm['target'] = id.startsWith(COMMAND_PREFIX)
    ? { type: 'command', path: id.slice(COMMAND_PREFIX.length).split(' ') }
    : { type: 'action', actionId: id };
  return { target, fields, files };
}

type SubmittedInput = Extract<APIModalSubmission['components'][number], { component: unknown }>['component'];

function submittedValue(input: Exclude<SubmittedInput, { type: ComponentType.FileUpload }>): string {
  const picked = input.type === ComponentType.ChannelSelect || input.type === ComponentType.MentionableSelect;
  if (picked) return input.values.map((id) => `discord:${id}`).join(' ');
  if ('values' in input) return input.values.join(',');
  return input.value === null ? '' : String(input.value).trim();
}

function labelled(field: FormField): APILabelComponent {
  const hint = field.hint === undefined ? '' : cut(field.hint, MAX_LABEL_DESCRIPTION);
  return {
    type: ComponentType.Label,
    label: cut(field.label, MAX_LABEL) || field.name,
    ...(hint === '' ? {} : { description: hint }),
    component: input(field),
  };
}

function input(field: FormField): APIComponentInLabel {
  const base = { custom_id: field.name, required: field.required };
  switch (field.kind) {
    case 'text':
    case 'number':
      return { type: ComponentType.TextInput, style: TextInputStyle.Short, ...base, ...textLimits(field) };
    case 'long-text':
      return { type: ComponentType.TextInput, style: TextInputStyle.Paragraph, ...base, ...textLimits(field) };
    case 'select':
      return select(base, field, field.choices ?? []);
    case 'boolean':
      return select(base, field, [
        { value: 'true', label: 'Yes' },
        { value: 'false', label: 'No' },
      ]);
    case 'channel':
      return channelSelect(base, field);
    case 'files':
      return { type: ComponentType.FileUpload, ...base, min_values: base.required ? 1 : 0, max_values: MAX_FILES };
    case 'person':
      return { type: ComponentType.MentionableSelect, ...base, min_values: base.required ? 1 : 0, max_values: 1 };
    default:
      return unreachable(field.kind);
  }
}

function textLimits(field: FormField): { max_length: number; value?: string } {
  const value = field.initial === undefined ? {} : { value: field.initial.slice(0, MAX_TEXT_INPUT) };
  return { max_length: MAX_TEXT_INPUT, ...value };
}

/** If there are more choices than a menu holds, the value is typed. */
function select(
  base: { custom_id: string; required: boolean },
  field: FormField,
  choices: NonNullable<FormField['choices']>,
): APIComponentInLabel {
  if (choices.length === 0 || choices.length > MAX_SELECT_OPTIONS) {
    return { type: ComponentType.TextInput, style: TextInputStyle.Short, ...base, ...textLimits(field) };
  }
  const options = choices.map((choice) => ({
    label: cut(choice.label, MAX_SELECT_LABEL) || choice.value,
    value: choice.value,
    ...(choice.value === field.initial ? { default: true } : {}),
  }));
  return { type: ComponentType.StringSelect, ...base, min_values: base.required ? 1 : 0, max_values: 1, options };
}

function channelSelect(base: { custom_id: string; required: boolean }, field: FormField): APIComponentInLabel {
  const id = field.initial === undefined ? undefined : discordId(field.initial);
  return {
    type: ComponentType.ChannelSelect,
    ...base,
    min_values: base.required ? 1 : 0,
    max_values: 1,
    channel_types: [ChannelType.GuildText, ChannelType.GuildAnnouncement],
    ...(id === undefined ? {} : { default_values: [{ id, type: SelectMenuDefaultValueType.Channel }] }),
  };
}

function cut(text: string, max: number): string {
  return oneLine(text, max, { happened: false }).trim();
}
