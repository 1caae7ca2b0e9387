import { pino } from 'pino';
import { expect, it } from 'vitest';
import { limitRepeats } from '../../../adapters/log/pino.ts';

it('a trouble that lasts writes five lines, and none of another is left out', () => {
  const lines: string[] = [];
  const log = pino({ hooks: { logMethod: limitRepeats() } }, { write: (line) => void lines.push(line) });
  for (let n = 0; n < 1000; n++) log.warn({ err: new Error('disk full') }, 'a chore failed');
  log.warn({ err: new Error('another') }, 'a chore failed');
  for (let n = 0; n < 10; n++) log.info({ n }, 'scan judged');
  const texts = lines.map((line) => String(JSON.parse(line).msg));
  expect(texts.filter((text) => text === 'a chore failed')).toHaveLength(6);
  expect(texts.filter((text) => text === 'scan judged')).toHaveLength(10);
});
