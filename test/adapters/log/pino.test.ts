import { pino } from 'pino';
import { expect, it } from 'vitest';
import { limitRepeats, takeConsole } from '../../../adapters/log/pino.ts';

it('a lasting problem writes five lines, and no line of another problem is left out', () => {
  const lines: string[] = [];
  const log = pino({ hooks: { logMethod: limitRepeats() } }, { write: (line) => void lines.push(line) });
  for (let n = 0; n < 1000; n++) log.warn({ err: new Error('disk full') }, 'a chore failed');
  log.warn({ err: new Error('another') }, 'a chore failed');
  for (let n = 0; n < 10; n++) log.info({ n }, 'scan judged');
  const texts = lines.map((line) => String(JSON.parse(line).msg));
  expect(texts.filter((text) => text === 'a chore failed')).toHaveLength(6);
  expect(texts.filter((text) => text === 'scan judged')).toHaveLength(10);
});

it('a library’s console output is a line of the log, the same each time, without secrets', () => {
  const { warn, error } = console;
  const lines: string[] = [];
  takeConsole({ warn: (_, message) => void lines.push(message) });
  try {
    for (const id of ['374793b1-1619-4002-a941-cebb0bd196af', '75c198c0-fe59-430e-a9b1-c98e78886323'])
      console.warn(`Committing transaction ${id} failed with error %s.`, 'disk is full');
    console.error('Bearer', 'xoxb-1234567890-abcdefghij');
  } finally {
    Object.assign(console, { warn, error });
  }
  expect(lines.slice(0, 2)).toEqual(Array(2).fill('Committing transaction … failed with error disk is full.'));
  expect(lines[2]).not.toContain('abcdefghij');
});
