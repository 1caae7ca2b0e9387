import { describe, expect, it } from 'vitest';
import { toCsv } from '../../src/cards/csv.ts';

describe('CSV', () => {
  it('quotes commas, quotes and line ends', () => {
    expect(toCsv([['a', 'b,c', 'd"e', 'f\ng']])).toBe('a,"b,c","d""e","f\ng"\r\n');
  });

  it('is never run by a spreadsheet', () => {
    expect(toCsv([['=1+1', '@SUM(A1)', '+1', '-1', '\tx']])).toBe(`'=1+1,'@SUM(A1),'+1,'-1,"'\tx"\r\n`);
  });
});
