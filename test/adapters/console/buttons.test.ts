import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createButtonNumbers, type PlainButton } from '../../../adapters/console/buttons.ts';
import { temporaryDirectory } from '../sequelize/databases.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let file: string;
beforeEach(() => {
  directory = temporaryDirectory();
  file = join(directory.path, 'console-buttons');
});
afterEach(() => directory.remove());

const button = (id: string): PlainButton => ({ id, label: id, style: 'default' });

it('numbers continue after a restart, and earlier ones are no longer valid', () => {
  const before = createButtonNumbers(file);
  expect([before.numberOf(button('a')), before.numberOf(button('b')), before.numberOf(button('a'))]).toEqual([1, 2, 1]);
  const after = createButtonNumbers(file);
  expect(after.numberOf(button('b'))).toBe(3);
  expect([after.byNumber(1), after.byNumber(3), after.byNumber(4), after.byNumber(0)]).toEqual([
    'earlier',
    button('b'),
    undefined,
    undefined,
  ]);
});

it('two consoles of one bot never give one number to two buttons', () => {
  const [one, other] = [createButtonNumbers(file), createButtonNumbers(file)];
  const given = [one.numberOf(button('a')), other.numberOf(button('b')), one.numberOf(button('c'))];
  expect(given).toEqual([1, 2, 3]);
  expect(other.byNumber(1)).toBe('earlier');
});

it('a directory that can’t be written, or an invalid file, begins at 1', () => {
  const numbers = createButtonNumbers(join(directory.path, 'missing', 'console-buttons'));
  expect([numbers.numberOf(button('a')), numbers.numberOf(button('b'))]).toEqual([1, 2]);
});
