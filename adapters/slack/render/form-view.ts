import type { types } from '@slack/bolt';
import type { Form, FormField } from '../../../src/cards/form.ts';
import { defined } from '../../../src/core/defined.ts';
import { label } from './controls.ts';
import {
  MAX_BUTTON_TEXT,
  MAX_FILES,
  MAX_INPUT,
  MAX_LABEL,
  MAX_OPTION_TEXT,
  MAX_OPTION_VALUE,
  MAX_PLACEHOLDER,
  MAX_SELECT_OPTIONS,
  MAX_VIEW_BLOCKS,
  MAX_VIEW_TITLE,
} from './limits.ts';
import { cutTo, printable } from './plain.ts';
import { slackId } from './rich-text.ts';

export const FORM_CALLBACK = 'netdelta-form';

/** Prefix of block ids before the field name, so that an error finds its field. */
const BLOCK_PREFIX = 'field:';
const ELEMENT = 'value';

/** The button that shows the rest of a form. */
export const ADVANCED = 'netdelta-advanced';

/** A form as a modal. `metadata`: what submit needs to know, encoded. `whole`: including advanced fields. */
export function formView(form: Form, metadata: string, { whole = false } = {}): types.ModalView {
  const fields = form.fields.filter(({ advanced }) => whole || advanced !== true);
  return {
    type: 'modal',
    callback_id: FORM_CALLBACK,
    title: label(form.title, MAX_VIEW_TITLE),
    submit: label(form.submit, MAX_VIEW_TITLE),
    close: label('Cancel', MAX_VIEW_TITLE),
    private_metadata: metadata,
    blocks: [
      ...fields.slice(0, MAX_VIEW_BLOCKS - 1).map(inputBlock),
      ...(fields.length < form.fields.length ? [advancedBlock()] : []),
    ],
  };
}

function advancedBlock(): types.ActionsBlock {
  return {
    type: 'actions',
    block_id: ADVANCED,
    elements: [{ type: 'button', action_id: ADVANCED, text: label('Advanced…', MAX_BUTTON_TEXT) }],
  };
}

export function blockOf(fieldName: string): string {
  return `${BLOCK_PREFIX}${fieldName}`;
}

function inputBlock(field: FormField): types.InputBlock {
  return {
    type: 'input',
    block_id: blockOf(field.name),
    label: label(field.label, MAX_LABEL),
    // An unticked box is an answer.
    optional: !field.required || field.kind === 'boolean',
    element: element(field),
    ...(field.hint === undefined ? {} : { hint: label(field.hint, MAX_LABEL) }),
  };
}

function element(field: FormField): types.InputBlockElement {
  switch (field.kind) {
    case 'select':
      return selectable(field) ? select(field) : textInput(field, false);
    case 'channel':
      return channelSelect(field);
    case 'person':
      return personSelect(field);
    case 'number':
      return numberInput(field);
    case 'boolean':
      return checkbox(field);
    case 'files':
      return { type: 'file_input', action_id: ELEMENT, max_files: MAX_FILES };
    case 'text':
      return textInput(field, false);
    case 'long-text':
      return textInput(field, true);
  }
}

function textInput({ initial }: FormField, multiline: boolean): types.PlainTextInput {
  return {
    type: 'plain_text_input',
    action_id: ELEMENT,
    multiline,
    max_length: MAX_INPUT,
    ...(initial === undefined || initial === '' ? {} : { initial_value: cutTo(printable(initial), MAX_INPUT) }),
  };
}

/** If there are more choices than Slack can show, the value is typed instead. */
function selectable({ choices = [] }: FormField): boolean {
  const fits = choices.every(({ value }) => value !== '' && value.length <= MAX_OPTION_VALUE);
  return choices.length > 0 && choices.length <= MAX_SELECT_OPTIONS && fits;
}

function select({ choices = [], initial }: FormField): types.StaticSelect {
  const options = choices.map((choice) => ({ text: label(choice.label, MAX_OPTION_TEXT), value: choice.value }));
  const chosen = options.find((option) => option.value === initial);
  return {
    type: 'static_select',
    action_id: ELEMENT,
    placeholder: label('Choose', MAX_PLACEHOLDER),
    options,
    ...defined({ initial_option: chosen }),
  };
}

function channelSelect({ initial }: FormField): types.ConversationsSelect {
  const chosen = initial === undefined ? undefined : slackId(initial, /^[CGD]/);
  return {
    type: 'conversations_select',
    action_id: ELEMENT,
    placeholder: label('Choose a channel', MAX_PLACEHOLDER),
    filter: { include: ['public', 'private'], exclude_bot_users: true },
    ...defined({ initial_conversation: chosen }),
  };
}

function personSelect({ initial }: FormField): types.UsersSelect {
  const chosen = initial === undefined ? undefined : slackId(initial, /^[UW]/);
  return {
    type: 'users_select',
    action_id: ELEMENT,
    placeholder: label('Choose a person', MAX_PLACEHOLDER),
    ...defined({ initial_user: chosen }),
  };
}

function numberInput({ initial }: FormField): types.NumberInput {
  const valid = initial !== undefined && /^-?[0-9]+$/.test(initial);
  return {
    type: 'number_input',
    action_id: ELEMENT,
    is_decimal_allowed: false,
    ...(valid ? { initial_value: initial } : {}),
  };
}

function checkbox({ initial }: FormField): types.Checkboxes {
  const option = { text: label('Yes', MAX_OPTION_TEXT), value: 'true' };
  return {
    type: 'checkboxes',
    action_id: ELEMENT,
    options: [option],
    ...(initial === 'true' ? { initial_options: [option] } : {}),
  };
}

/** The part of a view's state that is read: https://docs.slack.dev/reference/views/modal-views */
export type Answered = {
  type: string;
  value?: string | null;
  selected_option?: { value: string } | null;
  selected_options?: readonly { value: string }[];
  selected_conversation?: string | null;
  selected_user?: string | null;
  files?: readonly { id: string; name?: string | null; size?: number }[];
};

/** The attached files, in the order of the fields. */
export function filesOf(values: Readonly<Record<string, Readonly<Record<string, Answered>>>>) {
  return Object.values(values).flatMap((elements) => elements[ELEMENT]?.files ?? []);
}

/** The filled-in values by field name; empty fields are left out. */
export function fieldsOf(values: Readonly<Record<string, Readonly<Record<string, Answered>>>>): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [block, elements] of Object.entries(values)) {
    const answer = elements[ELEMENT];
    if (!block.startsWith(BLOCK_PREFIX) || answer === undefined) continue;
    const text = answerText(answer);
    if (text !== '') fields[block.slice(BLOCK_PREFIX.length)] = text;
  }
  return fields;
}

function answerText(answer: Answered): string {
  switch (answer.type) {
    case 'static_select':
      return answer.selected_option?.value ?? '';
    case 'checkboxes':
      return (answer.selected_options ?? []).length > 0 ? 'true' : 'false';
    case 'conversations_select':
      return typeof answer.selected_conversation === 'string' ? `slack:${answer.selected_conversation}` : '';
    case 'users_select':
      return typeof answer.selected_user === 'string' ? `slack:${answer.selected_user}` : '';
    default:
      return (answer.value ?? '').trim();
  }
}
