import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInMessageActionRow,
  type APIStringSelectComponent,
  ButtonStyle,
  ComponentType,
} from 'discord.js';
import { encodeAction } from '../../../src/cards/action.ts';
import type { Button, Control, Menu } from '../../../src/cards/card.ts';
import { confirmFirst } from './custom-id.ts';
import {
  MAX_BUTTON_LABEL,
  MAX_BUTTONS_IN_ROW,
  MAX_CUSTOM_ID,
  MAX_PLACEHOLDER,
  MAX_ROWS,
  MAX_SELECT_LABEL,
  MAX_SELECT_OPTIONS,
} from './limits.ts';
import { type Cuts, oneLine } from './markdown.ts';

export type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

const STYLES = {
  primary: ButtonStyle.Primary,
  danger: ButtonStyle.Danger,
  default: ButtonStyle.Secondary,
} as const;

/**
 * Buttons in rows of five, each menu in a row of its own. A control without room, or with too long an id, is left out
 * and counted.
 */
export function controlRows(controls: readonly Control[], cuts: Cuts): { rows: Row[]; left: number } {
  const unique = withoutTwins(controls);
  const fitting = unique.filter(fits);
  const buttons = fitting.filter((control) => control.type === 'button');
  const menus = fitting.filter((control) => control.type === 'menu');
  const rows: Row[] = [];
  for (let start = 0; start < buttons.length; start += MAX_BUTTONS_IN_ROW) {
    const some = buttons.slice(start, start + MAX_BUTTONS_IN_ROW);
    rows.push({ type: ComponentType.ActionRow, components: some.map((button) => buttonComponent(button, cuts)) });
  }
  const room = Math.max(0, MAX_ROWS - menus.length);
  const kept = [...rows.slice(0, room), ...menus.slice(0, MAX_ROWS).map((menu, index) => menuRow(menu, index, cuts))];
  const shown = kept.reduce((count, row) => count + row.components.length, 0);
  return { rows: kept, left: unique.length - shown };
}

function idOf(button: Button): string {
  const id = encodeAction(button.action);
  return button.confirm === undefined ? id : confirmFirst(id);
}

function fits(control: Control): boolean {
  return control.type === 'button' ? idOf(control).length <= MAX_CUSTOM_ID : control.options.some(optionFits);
}

function optionFits(option: Menu['options'][number]): boolean {
  return encodeAction(option.action).length <= MAX_CUSTOM_ID;
}

/** Discord refuses a message that contains one custom_id twice. */
function withoutTwins(controls: readonly Control[]): Control[] {
  const ids = new Set<string>();
  return controls.filter((control) => {
    if (control.type === 'menu') return true;
    const id = idOf(control);
    if (ids.has(id)) return false;
    ids.add(id);
    return true;
  });
}

function buttonComponent(button: Button, cuts: Cuts): APIButtonComponentWithCustomId {
  return {
    type: ComponentType.Button,
    style: STYLES[button.style],
    label: oneLine(button.label, MAX_BUTTON_LABEL, cuts) || '·',
    custom_id: idOf(button),
  };
}

function menuRow(menu: Menu, index: number, cuts: Cuts): Row {
  const options = menu.options
    .filter(optionFits)
    .map((option) => ({
      label: oneLine(option.label, MAX_SELECT_LABEL, cuts) || '·',
      value: encodeAction(option.action),
    }))
    .filter((option, position, all) => all.findIndex((other) => other.value === option.value) === position)
    .slice(0, MAX_SELECT_OPTIONS);
  const select: APIStringSelectComponent = {
    type: ComponentType.StringSelect,
    custom_id: `menu;${index}`,
    placeholder: oneLine(menu.label, MAX_PLACEHOLDER, cuts),
    options,
  };
  return { type: ComponentType.ActionRow, components: [select] };
}
