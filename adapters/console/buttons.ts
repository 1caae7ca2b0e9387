import { readFileSync, writeFileSync } from 'node:fs';
import { encodeAction } from '../../src/cards/action.ts';
import type { Card } from '../../src/cards/card.ts';
import { defined } from '../../src/core/defined.ts';

export type PlainButton = {
  id: string;
  label: string;
  style: 'primary' | 'danger' | 'default';
  /** The question before it is pressed. */
  confirm?: string;
};

/** Buttons and the options of menus, one after the other. */
export function buttonsOf(card: Card): PlainButton[] {
  return card.controls.flatMap((control): PlainButton[] => {
    if (control.type === 'menu') {
      return control.options.map(({ label, action }) => ({ id: encodeAction(action), label, style: 'default' }));
    }
    const { label, style, confirm } = control;
    return [{ id: encodeAction(control.action), label, style, ...defined({ confirm }) }];
  });
}

export type ButtonNumbers = {
  /** The number of a button; the same button keeps its number, and no number is ever reused. */
  numberOf(button: PlainButton): number;
  /** `earlier`: a number that was assigned before this console began. */
  byNumber(number: number): PlainButton | 'earlier' | undefined;
};

/**
 * Numbers continue where the last console stopped, so that one read off an old screen never presses another button.
 * `file` stores the last number; without it, or if it can't be written, they begin at 1.
 */
export function createButtonNumbers(file?: string): ButtonNumbers {
  const numbers = new Map<string, number>();
  const buttons = new Map<number, PlainButton>();
  const first = lastGiven(file) + 1;
  return {
    numberOf(button) {
      const known = numbers.get(button.id);
      if (known !== undefined) return known;
      // Another console of the same bot also assigns numbers.
      const number = Math.max(first + buttons.size, lastGiven(file) + 1);
      buttons.set(number, button);
      numbers.set(button.id, number);
      keep(file, number);
      return number;
    },
    byNumber: (number) => buttons.get(number) ?? (number > 0 && number <= lastGiven(file) ? 'earlier' : undefined),
  };
}

/** Beyond this they would be too long to type. */
const MOST = 999_999;

function lastGiven(file: string | undefined): number {
  if (file === undefined) return 0;
  try {
    const last = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(last) && last > 0 && last < MOST ? last : 0;
  } catch {
    return 0;
  }
}

function keep(file: string | undefined, number: number): void {
  if (file === undefined) return;
  try {
    writeFileSync(file, `${number}\n`);
  } catch {
    // A full disk must not affect what is on the screen.
  }
}
