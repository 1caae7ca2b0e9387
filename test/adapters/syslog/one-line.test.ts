import { expect, test } from 'vitest';
import { cefLine } from '../../../adapters/syslog/cef.ts';
import { recordsOf } from '../../../adapters/syslog/records.ts';
import { rfc5424 } from '../../../adapters/syslog/rfc5424.ts';
import type { SinkEvent } from '../../../src/core/model/event.ts';
import { ANSWERED } from '../sink-samples.ts';

/** Characters that end a line for some reader of a log, move a terminal's cursor, or reverse the text. */
const BREAKS = ['\n', '\r\n', '\r', '\0', '\u000b', '\u000c', '\u001b[2K', '\u0085', '\u009b2K', '\u2028', '\u2029'];
const HIDDEN = ['\u202e', '\u200b', '\ufeff', '\u{e0041}'];
const NOTE = [...BREAKS, ...HIDDEN].map((hidden) => `a${hidden}<13>1 FORGED`).join(' | cs1=forged ');

test('whatever a note or a banner contains, the record is one line of printable text', () => {
  const event = { ...ANSWERED, answer: { ...('answer' in ANSWERED ? ANSWERED.answer : {}), note: NOTE } } as SinkEvent;
  const [record] = recordsOf(event);
  if (record === undefined) throw new Error('the event makes no line');
  for (const text of [cefLine(record), JSON.stringify({ note: NOTE }), NOTE]) {
    const line = rfc5424({ at: 0, risk: 'low', id: '1', text }, 'host').toString('utf8');
    expect(line).not.toMatch(/\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/u);
    expect(line).toContain('FORGED');
  }
  expect(cefLine(record)).not.toMatch(/\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}|[^\\]\| cs1=forged/u);
});
