import { describe, expect, it } from 'vitest';
import { toCsv } from '../../src/cards/csv.ts';

describe('CSV', () => {
  it('quotes commas, quotes and line ends', () => {
    expect(toCsv([['a', 'b,c', 'd"e', 'f\ng']])).toBe('a,"b,c","d""e","f\ng"\r\n');
  });

  it('is never run by a spreadsheet', () => {
    expect(toCsv([['=1+1', '@SUM(A1)', '+1', '-1', '\tx']])).toBe(`'=1+1,'@SUM(A1),'+1,'-1,"'\tx"\r\n`);
  });

  it.each([
    ['after a semicolon, which separates cells in half of Europe', 'Apache;=1+1', `"'Apache,=1+1"`],
    ['after a semicolon and blanks', 'Apache ;  @SUM(A1)', `"'Apache ,  @SUM(A1)"`],
    ['in full width', '＝1+1', `'＝1+1`],
    ['in full width after a semicolon', 'a;＠SUM(A1)', `"'a,＠SUM(A1)"`],
    ['after blanks', '  =1+1', `'  =1+1`],
    ['in a second line', 'a\n=1+1', `"'a\n=1+1"`],
  ])('is never run by a spreadsheet %s', (_where, typed, written) => {
    expect(toCsv([[typed]])).toBe(`${written}\r\n`);
  });
});
