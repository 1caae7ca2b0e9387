import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);

const PLANTED = `
/** Whoever asks for \`told\` gets it. */
const told = 'told';
it('is told once', () => undefined);
const text = 'Take note of it';
const pattern = /told/; // see https://example.com/told
const address = 'https://example.com/told now';
`;

it('words that read as translated are found in comments, test names and texts, and not in code', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'netdelta-words-'));
  const [planted, plain] = [join(directory, 'planted.ts'), join(directory, 'plain.md')];
  await writeFile(planted, PLANTED);
  await writeFile(plain, 'An alert is reported once, as `told` says.\n');
  const { stdout } = (await run('node', ['.ci/words.mjs', planted, plain]).catch((error: unknown) => error)) as {
    stdout: string;
  };
  const found = stdout.trim().split('\n');
  expect(found.map((line) => line.slice(planted.length).split(': write')[0])).toEqual([
    ':4: “told”',
    ':5: “Take note”',
    ':7: “told”',
    ':2: “Whoever”',
    ':6: “told”',
  ]);
});
