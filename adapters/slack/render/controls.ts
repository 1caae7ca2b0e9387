import type { types } from '@slack/bolt';
import { encodeAction } from '../../../src/cards/action.ts';
import type { Button, Control, Menu } from '../../../src/cards/card.ts';
import {
  MAX_ACTION_ELEMENTS,
  MAX_BUTTON_TEXT,
  MAX_BUTTON_VALUE,
  MAX_CONFIRM_BUTTON,
  MAX_CONFIRM_TEXT,
  MAX_CONFIRM_TITLE,
  MAX_OPTION_TEXT,
  MAX_OPTION_VALUE,
  MAX_OVERFLOW_OPTIONS,
  MAX_PLACEHOLDER,
  MAX_SELECT_OPTIONS,
} from './limits.ts';
import { cutTo, oneLine } from './plain.ts';

type Element = types.Button | types.Overflow | types.StaticSelect;

/** All our action_ids begin like this; the action itself is in the value, which survives any restart. */
export const ACTION_PREFIX = 'nd:';

/** Buttons and menus in rows. Duplicates, and values that are too long for Slack to return, are left out. */
export function actionBlocks(controls: readonly Control[]): types.ActionsBlock[] {
  const elements = controls.map(element).filter((one) => one !== undefined);
  const blocks: types.ActionsBlock[] = [];
  for (let start = 0; start < elements.length; start += MAX_ACTION_ELEMENTS) {
    blocks.push({ type: 'actions', elements: elements.slice(start, start + MAX_ACTION_ELEMENTS) });
  }
  return blocks;
}

function element(control: Control, index: number): Element | undefined {
  const actionId = `${ACTION_PREFIX}${index}`;
  return control.type === 'button' ? button(control, actionId) : menu(control, actionId);
}

function button(control: Button, actionId: string): types.Button | undefined {
  const value = encodeAction(control.action);
  if (value.length > MAX_BUTTON_VALUE) return undefined;
  return {
    type: 'button',
    action_id: actionId,
    value,
    text: label(control.label, MAX_BUTTON_TEXT),
    ...(control.style === 'default' ? {} : { style: control.style }),
    ...(control.confirm === undefined ? {} : { confirm: confirmation(control, control.confirm) }),
  };
}

function confirmation({ label: doIt, style }: Button, question: string): types.ConfirmationDialog {
  return {
    title: label(doIt, MAX_CONFIRM_TITLE),
    text: label(question, MAX_CONFIRM_TEXT),
    confirm: label(doIt, MAX_CONFIRM_BUTTON),
    deny: label('No', MAX_CONFIRM_BUTTON),
    ...(style === 'danger' ? { style: 'danger' } : {}),
  };
}

/** Few options: the unobtrusive ⋯ menu. One: a button. Many, or with a name that must be read: a select menu. */
function menu(control: Menu, actionId: string): Element | undefined {
  const options = control.options
    .map((option) => ({ text: label(option.label, MAX_OPTION_TEXT), value: encodeAction(option.action) }))
    .filter(({ value }, index, all) => value.length <= MAX_OPTION_VALUE && isFirst(value, index, all));
  const [only] = options;
  if (only === undefined) return undefined;
  if (options.length === 1) return { type: 'button', action_id: actionId, value: only.value, text: only.text };
  if (options.length <= MAX_OVERFLOW_OPTIONS && /^(more|…|⋯)?$/i.test(control.label.trim())) {
    return { type: 'overflow', action_id: actionId, options };
  }
  return {
    type: 'static_select',
    action_id: actionId,
    placeholder: label(control.label, MAX_PLACEHOLDER),
    options: options.slice(0, MAX_SELECT_OPTIONS),
  };
}

function isFirst(value: string, index: number, all: readonly { value: string }[]): boolean {
  return all.findIndex((other) => other.value === value) === index;
}

/** Plain text in which even `:emoji:` is shown as its letters. */
export function label(text: string, max: number): types.PlainTextElement {
  return { type: 'plain_text', text: cutTo(oneLine(text), max) || '·', emoji: false };
}
