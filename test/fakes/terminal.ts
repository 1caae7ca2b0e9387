import { PassThrough, Writable } from 'node:stream';
import { textWidth } from '../../src/cards/table-layout.ts';

/** Replaces the escape character while text is parsed. */
const ESCAPE = '\ue000';

/** A terminal that keeps what scrolled away; as much of ECMA-48 as a log, a prompt and readline use. */
export class FakeTerminal extends Writable {
  readonly isTTY = true;
  columns: number;
  rows: number;
  private lines: string[][] = [[]];
  private row = 0;
  private column = 0;

  constructor(columns = 80, rows = 24) {
    super({ decodeStrings: false });
    this.columns = columns;
    this.rows = rows;
  }

  /** Everything on the screen and above it, without trailing blanks and empty lines. */
  text(): string {
    return this.lines
      .map((line) =>
        Array.from(line, (char) => char ?? ' ')
          .join('')
          .trimEnd(),
      )
      .join('\n')
      .trimEnd();
  }

  cursor(): { row: number; column: number } {
    return { row: this.row, column: this.column };
  }

  override _write(chunk: Buffer | string, _encoding: string, done: () => void): void {
    const text = String(chunk).replaceAll('\u001b', ESCAPE);
    const token = /\ue000\[([0-9;?]*)([A-Za-z])|[\s\S]/gu;
    for (const match of text.matchAll(token)) {
      if (match[2] !== undefined) this.control(match[1] ?? '', match[2]);
      else if (match[0] !== ESCAPE) this.put(match[0]);
    }
    done();
  }

  private control(parameters: string, final: string): void {
    const count = Math.max(1, Number(parameters.split(';')[0] ?? '') || 1);
    const top = Math.max(0, this.lines.length - this.rows);
    if (final === 'A') this.row = Math.max(top, this.row - count);
    else if (final === 'B') this.row = Math.min(this.lines.length - 1, this.row + count);
    else if (final === 'C') this.column = Math.min(this.columns - 1, this.column + count);
    else if (final === 'D') this.column = Math.max(0, this.column - count);
    else if (final === 'G') this.column = count - 1;
    else if (final === 'J') this.clearDown();
    else if (final === 'K') this.line().length = this.column;
    else if (final !== 'm') throw new Error(`the fake terminal does not know CSI ${parameters}${final}`);
  }

  private clearDown(): void {
    this.line().length = Math.min(this.line().length, this.column);
    this.lines.length = this.row + 1;
  }

  private line(): string[] {
    const line = this.lines[this.row] ?? [];
    this.lines[this.row] = line;
    return line;
  }

  private put(char: string): void {
    if (char === '\r') this.column = 0;
    else if (char === '\n') this.down();
    else {
      const width = textWidth(char);
      if (this.column + width > this.columns) this.down();
      if (width === 0) return;
      this.line()[this.column] = char;
      if (width === 2) this.line()[this.column + 1] = '';
      this.column += width;
    }
  }

  private down(): void {
    this.row++;
    this.column = 0;
    while (this.lines.length <= this.row) this.lines.push([]);
  }
}

/** A keyboard: whatever is written to it is typed. */
export class FakeKeyboard extends PassThrough {
  readonly isTTY = true;
  setRawMode(): this {
    return this;
  }
}
