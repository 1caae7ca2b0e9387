import type { Tone } from '../../src/cards/card.ts';
import type { Line, Style } from './spans.ts';

/** Select Graphic Rendition; only the sixteen colours that every terminal's owner has chosen. */
const CODES: Record<Style, string> = {
  plain: '',
  bold: '1',
  dim: '2',
  code: '36',
  good: '32',
  info: '34',
  low: '36',
  medium: '33',
  high: '31',
  critical: '1;31',
  error: '31',
  warning: '33',
  acknowledged: '2',
  expected: '2',
  'false-alarm': '2',
  resolved: '32',
};

export function paint(line: Line, colour: boolean): string {
  return line
    .map(({ text, style }) => (colour && CODES[style] !== '' ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text))
    .join('')
    .trimEnd();
}

/** Colour by risk. */
export function toneStyle(tone: Tone): Style {
  return tone === 'neutral' ? 'dim' : tone;
}

/** The same without colour. */
const MARKS: Record<Tone, string> = {
  neutral: '·',
  info: '●',
  good: '✔',
  low: '●',
  medium: '▲',
  high: '▲',
  critical: '▲',
  error: '✖',
  warning: '!',
  acknowledged: '✓',
  expected: '◇',
  'false-alarm': '×',
  resolved: '✔',
};

export function toneMark(tone: Tone): string {
  return MARKS[tone];
}
