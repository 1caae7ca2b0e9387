import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

/** Repeated text: what patterns look for at a boundary, as beginning, separator or blank. */
const PIECES = [
  ...[
    'a',
    'A',
    '0',
    '1',
    ' ',
    '\t',
    '\n',
    '\r\n',
    '.',
    ',',
    ';',
    ':',
    '-',
    '_',
    '/',
    '@',
    '#',
    '%',
    '"',
    "'",
    '`',
    '=',
  ],
  ...[
    'a.',
    'a-',
    'a ',
    'a,',
    'a:',
    'a=',
    'a/',
    '1.',
    '1-',
    '1,',
    '0 ',
    '- ',
    '* ',
    '--',
    '<a',
    '<a ',
    '</',
    '&a',
    '&#',
  ],
  ...[
    '://',
    'a://',
    '**',
    '[',
    '](',
    '{',
    '$',
    '\\',
    'eyJ',
    'eyJ-',
    'secret',
    'token=',
    'bot ',
    '<!',
    '<task',
    '"a"',
    '\u200b',
  ],
];
/**
 * Tried first; an input that is slow for its length is tried again with more: quadratic work then takes hundreds of ms.
 */
const [SHORT, LONG] = [4_000, 24_000];
const [SUSPICIOUS_MS, LIMIT_MS] = [2, 100];
/** Without one of these a pattern looks at a bounded number of characters from each position. */
const UNBOUNDED = /[*+]|\{\d+,\}/;

function* sources(directory: string): Generator<string> {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (path.endsWith('.ts')) yield path;
  }
}

function patternsIn(path: string): string[] {
  const patterns: string[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) patterns.push(node.text);
    ts.forEachChild(node, look);
  };
  look(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest));
  return patterns;
}

/** The piece that takes too long. */
function slowOn(literal: string): string | undefined {
  const end = literal.lastIndexOf('/');
  const pattern = new RegExp(literal.slice(1, end), `${literal.slice(end + 1).replace('g', '')}g`);
  return PIECES.find((piece) => msFor(pattern, piece, SHORT) > SUSPICIOUS_MS && msFor(pattern, piece, LONG) > LIMIT_MS);
}

function msFor(pattern: RegExp, piece: string, length: number): number {
  const text = `${piece.repeat(length / piece.length)}\u0001`;
  const before = process.cpuUsage();
  text.replace(pattern, '');
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

test('no pattern takes time quadratic in its input, which may be untrusted', () => {
  const all = [...sources('src'), ...sources('adapters')].flatMap((path) => patternsIn(path));
  const found = [...new Set(all)]
    .filter((literal) => UNBOUNDED.test(literal))
    .map((literal) => ({ literal, piece: slowOn(literal) }));
  expect(found.length).toBeGreaterThan(100);
  expect(found.filter(({ piece }) => piece !== undefined)).toEqual([]);
}, 240_000);
