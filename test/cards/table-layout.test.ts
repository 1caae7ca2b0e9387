import { expect, test } from 'vitest';
import { lineText } from '../../adapters/console/spans.ts';
import { layoutTable } from '../../adapters/console/table.ts';
import { printable } from '../../adapters/console/width.ts';
import { codeLine, oneLine as discordLine } from '../../adapters/discord/render/markdown.ts';
import { oneLine as slackLine } from '../../adapters/slack/render/plain.ts';
import { tableLines } from '../../adapters/slack/render/sections.ts';
import { textWidth } from '../../src/cards/table-layout.ts';
import { cleanText } from '../../src/core/text.ts';

const ROWS = [
  ['網路印表機', 'up'],
  ['printer 🖨', 'up'],
  ['Köln 🇩🇪', 'up'],
  ['cafe\u0301', 'down'],
];

test.each([
  ['Slack', tableLines(['host', 'state'], ROWS)],
  ['the console', layoutTable(['host', 'state'], ROWS, 80).map(lineText)],
])('a table of %s aligns names of CJK, emoji and combining marks', (_, lines) => {
  const before = lines.map((line) => textWidth(line.slice(0, line.search(/(?:state|up|down)$/))));
  expect(new Set(before)).toEqual(new Set([12]));
});

test('a flag is two columns wide, as the terminal draws it', () => {
  expect(textWidth('🇩🇪')).toBe(2);
});

test('invisible characters are removed alike, wherever untrusted text is shown', () => {
  const text = 'a\u202eb\u200bc\u00add\u034fe\u3164f\ufe0fg\u{e0101}h\u001bi';
  const cuts = { happened: false };
  const shown = [
    printable(text),
    cleanText(text, 80),
    slackLine(text),
    discordLine(text, 80, cuts),
    codeLine(text, 80, cuts),
  ];
  expect(new Set(shown)).toEqual(new Set(['abcdefghi']));
});

test("a chat keeps the emoji of cards, which a terminal's columns can't hold", () => {
  expect(slackLine('⚠️ 2 hosts')).toBe('⚠️ 2 hosts');
  expect(printable('⚠️ 2 hosts')).toBe('⚠ 2 hosts');
});
