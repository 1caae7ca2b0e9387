import { expect, test } from 'vitest';
import { cleanText, nearest } from '../../src/core/text.ts';

test('control, zero-width and bidirectional characters are taken out', () => {
  expect(cleanText('a\u0000b\u001b[31mc\u200bd\u202ee\u2066f\ufeffg\u0085h', 50)).toBe('ab[31mcdefgh');
});

test('line breaks and tabs become one blank', () => {
  expect(cleanText(' SSH-2.0\r\n\tOpenSSH\u2028 9 ', 50)).toBe('SSH-2.0 OpenSSH 9');
});

test('what is longer than the limit ends with an ellipsis within the limit', () => {
  expect(cleanText('abcdef', 6)).toBe('abcdef');
  expect(cleanText('abcdefg', 6)).toBe('abcde…');
  expect(Array.from(cleanText('😀'.repeat(500_000), 10))).toHaveLength(10);
  expect(cleanText('\u0000'.repeat(1_000_000), 10)).toBe('…');
});

test('emoji and letters of other scripts stay whole', () => {
  expect(cleanText('Zürich 東京 😀', 50)).toBe('Zürich 東京 😀');
  expect(cleanText('lone \ud800 surrogate', 50)).toBe('lone surrogate');
});

test('a typo finds the word that was meant', () => {
  expect(nearest('gruop', ['group', 'scan', 'delta'])).toBe('group');
  expect(nearest('sacn', ['group', 'scan', 'delta'])).toBe('scan');
  expect(nearest('Europe/Zuerich', ['Europe/Zurich', 'Europe/Zagreb'])).toBe('Europe/Zurich');
  expect(nearest('stand', ['quick', 'standard'])).toBe('standard');
});

test('a word that is similar to none of them finds nothing', () => {
  expect(nearest('xylophone', ['group', 'scan', 'delta'])).toBeUndefined();
  expect(nearest('', ['group'])).toBeUndefined();
});
