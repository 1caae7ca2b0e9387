import { expect, test } from 'vitest';
import { defined } from '../../src/core/defined.ts';

test('fields without a value are removed, and the others keep their order', () => {
  const note: string | undefined = undefined;
  const fields = { first: 1, ...defined({ b: 2, note, a: null, zero: 0, empty: '' }) };
  expect(JSON.stringify(fields)).toBe('{"first":1,"b":2,"a":null,"zero":0,"empty":""}');
  expect('note' in fields).toBe(false);
});
