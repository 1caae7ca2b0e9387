import { encodeAction } from '../../src/cards/action.ts';
import type { Card } from '../../src/cards/card.ts';

export type PlainButton = {
  id: string;
  label: string;
  style: 'primary' | 'danger' | 'default';
  /** Asked before it is pressed. */
  confirm?: string;
};

/** Buttons and what menus offer, one after the other. */
export function buttonsOf(card: Card): PlainButton[] {
  return card.controls.flatMap((control): PlainButton[] => {
    if (control.type === 'menu') {
      return control.options.map(({ label, action }) => ({ id: encodeAction(action), label, style: 'default' }));
    }
    const { label, style, confirm } = control;
    return [{ id: encodeAction(control.action), label, style, ...(confirm === undefined ? {} : { confirm }) }];
  });
}

export type ButtonNumbers = {
  /** The number of a button; the same button keeps its number, and no number is ever given twice. */
  numberOf(button: PlainButton): number;
  byNumber(number: number): PlainButton | undefined;
};

export function createButtonNumbers(): ButtonNumbers {
  const numbers = new Map<string, number>();
  const buttons: PlainButton[] = [];
  return {
    numberOf(button) {
      const known = numbers.get(button.id);
      if (known !== undefined) return known;
      buttons.push(button);
      numbers.set(button.id, buttons.length);
      return buttons.length;
    },
    byNumber: (number) => buttons[number - 1],
  };
}
