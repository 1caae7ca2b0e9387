import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createConsoleChat } from '../../../adapters/console/console-chat.ts';
import { createLineEditor } from '../../../adapters/console/prompt.ts';
import { runConsole } from '../../../adapters/console/run-console.ts';
import { createTerminal } from '../../../adapters/console/terminal.ts';
import type { Card } from '../../../src/cards/card.ts';
import { deliverDue } from '../../../src/usecases/delivery/deliver.ts';
import { addGroup, type Lab, NOW, newDelta, openLab } from '../../commands/lab.ts';
import { FakeKeyboard, FakeTerminal } from '../../fakes/terminal.ts';
import { amount } from '../../thorough.ts';
import { PATIENCE_MS } from '../../until.ts';

const PRINCIPAL = { key: 'console:local', platform: 'console', name: 'root', memberships: [] } as const;
const note = (title: string): Card => ({ title, tone: 'info', sections: [], controls: [] });
const progress = (percent: number): Card => ({
  title: 'scan',
  tone: 'info',
  sections: [{ type: 'progress', percent, label: `${percent} hosts` }],
  controls: [],
});
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** However busy the machine is. */
const eventually = <T>(look: () => T | Promise<T>) => vi.waitFor(look, { timeout: PATIENCE_MS });

describe('the line being typed', () => {
  function typing(columns: number) {
    const out = new FakeTerminal(columns, 12);
    const keyboard = new FakeKeyboard();
    const terminal = createTerminal(out, true);
    const complete = async (line: string): Promise<[string[], string]> => [[], line];
    const editor = createLineEditor(keyboard, out, { prompt: '> ', terminal, complete });
    void editor.next();
    return { out, keyboard, terminal, editor };
  }

  it.each([22, 46, 47])('is drawn once when %i characters are pasted on 24 columns', async (count) => {
    const { out, keyboard, terminal, editor } = typing(24);
    keyboard.write('a'.repeat(count));
    await settled();
    expect(out.text().replaceAll('\n', '')).toBe(`> ${'a'.repeat(count)}`);
    terminal.print(['end']);
    expect(out.text().replaceAll('\n', '')).toBe(`end> ${'a'.repeat(count)}`);
    editor.close();
  });

  it('is pasted in a time that grows with its length, not with its square', async () => {
    const cost = async (count: number) => {
      const { keyboard, editor } = typing(80);
      const before = process.cpuUsage();
      keyboard.write('a'.repeat(count));
      await settled();
      const { user, system } = process.cpuUsage(before);
      editor.close();
      return user + system;
    };
    await cost(1_000);
    expect(await cost(32_000)).toBeLessThan(24 * Math.max(await cost(4_000), 10_000));
  });

  it('stays whole below everything that is printed, whatever its length and the window’s', async () => {
    const piece = fc.oneof(
      fc.record({ type: fc.constant('print' as const), text: fc.string({ maxLength: 15, unit: 'grapheme-ascii' }) }),
      fc.record({ type: fc.constant('live' as const), count: fc.integer({ min: 0, max: 3 }) }),
      fc.record({ type: fc.constant('type' as const), text: fc.stringMatching(/^[a-z ]{1,30}$/) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 12 }),
        fc.integer({ min: 20, max: 60 }),
        async (pieces, columns) => {
          const out = new FakeTerminal(columns, 12);
          const keyboard = new FakeKeyboard();
          const terminal = createTerminal(out, true);
          const editor = createLineEditor(keyboard, out, {
            prompt: '> ',
            terminal,
            complete: async (line) => [[], line],
          });
          void editor.next();
          const log: string[] = [];
          let live: string[] = [];
          let typed = '';
          for (const [index, step] of pieces.entries()) {
            if (step.type === 'print') {
              log.push(`${index}:${step.text}`.trimEnd());
              terminal.print([`${index}:${step.text}`.trimEnd()]);
            } else if (step.type === 'live') {
              live = Array.from({ length: step.count }, (_, row) => `live ${index} ${row}`);
              terminal.setLive(live);
            } else {
              typed += step.text;
              keyboard.write(step.text);
              await settled();
            }
          }
          terminal.print(['end']);
          const text = out.text();
          const above = [...log, 'end', ...live].join('\n');
          expect(text.startsWith(`${above}\n>`)).toBe(true);
          const prompt = text.slice(above.length + 1).split('\n');
          expect(
            prompt
              .map((row) => row.padEnd(columns))
              .join('')
              .trimEnd(),
          ).toBe(`> ${typed}`.trimEnd());
          editor.close();
        },
      ),
      { numRuns: amount(40, 300) },
    );
  });
});

describe('progress', () => {
  it('moves in place at the bottom, and ends as a message of the log', async () => {
    const out = new FakeTerminal(60, 20);
    const { chat, answer } = createConsoleChat({ out, json: false, isTTY: true, columns: () => 60, noColor: true });
    const ref = await chat.post({ channel: 'console:main', card: progress(10), nonce: 'scan' });
    answer(note('meanwhile'), { audience: 'private' });
    await chat.update(ref, progress(50));
    expect(out.text()).toBe('\n▌ ● meanwhile\n\n▌ ● scan\n▌ ████████████░░░░░░░░░░░░  50 %  50 hosts');
    await chat.update(ref, note('scan done'));
    expect(out.text()).toBe('\n▌ ● meanwhile\n\n▌ ● scan done');
  });

  it('is printed line by line without a terminal', async () => {
    const out = new FakeTerminal(60, 20);
    const { chat } = createConsoleChat({ out, json: false, isTTY: false, columns: () => 60, noColor: true });
    const ref = await chat.post({ channel: 'console:main', card: progress(10), nonce: 'scan' });
    await chat.update(ref, note('scan done'));
    expect(out.text()).toBe('\n▌ ● scan done');
  });
});

describe('files', () => {
  it('are saved under a harmless name, never over another', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'netdelta-files-'));
    const out = new FakeTerminal(200, 20);
    const { chat } = createConsoleChat({
      out,
      json: false,
      isTTY: true,
      columns: () => 200,
      noColor: true,
      filesDir: dir,
    });
    const file = (content: string) => [
      { name: '../../etc/passwd.csv', mimeType: 'text/csv', data: Buffer.from(content) },
    ];
    await chat.post({ channel: 'console:main', card: note('one'), nonce: 'a', attachments: file('1') });
    await chat.post({ channel: 'console:main', card: note('two'), nonce: 'b', attachments: file('2') });
    expect(out.text()).toContain(`file ${join(dir, '_.._etc_passwd.csv')}`);
    expect(await readFile(join(dir, '_.._etc_passwd.csv'), 'utf8')).toBe('1');
    expect(await readFile(join(dir, '_.._etc_passwd-2.csv'), 'utf8')).toBe('2');
    await rm(dir, { recursive: true });
  });
});

describe('a person at a terminal', () => {
  let lab: Lab;
  let out: FakeTerminal;
  let keyboard: FakeKeyboard;
  let running: Promise<number>;
  let deliver: () => Promise<void>;

  beforeEach(async () => {
    lab = await openLab();
    out = new FakeTerminal(72, 200);
    keyboard = new FakeKeyboard();
    const screen = createConsoleChat({
      out,
      json: false,
      isTTY: true,
      columns: () => out.columns,
      noColor: true,
      now: () => NOW,
      zone: 'utc',
    });
    deliver = async () => {
      const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
      const due = {
        ...{ store: lab.store, chats: new Map([['console', screen.chat]]), clock: lab.deps.clock, log: silent },
        ...{
          sinks: new Map(),
          instance: 'test',
          sinkDeadline: () => AbortSignal.timeout(1000),
          drawReport: async () => new Uint8Array(),
          undeliverable: async () => undefined,
        },
      };
      for (let sends = await deliverDue(due); sends.length > 0; sends = await deliverDue(due)) await Promise.all(sends);
    };
    running = runConsole({
      screen,
      dispatcher: lab.dispatcher,
      input: keyboard,
      json: false,
      principal: PRINCIPAL,
      waitForScan: async () => 'ok',
      drain: async () => undefined,
    });
  });
  afterEach(() => lab.close());

  async function type(line: string, shown: string): Promise<void> {
    keyboard.write(`${line}\r`);
    await eventually(() => expect(out.text()).toContain(shown));
  }

  async function shows(text: string): Promise<void> {
    await eventually(() => expect(out.text()).toContain(text));
  }

  /** The last action is done, and the next line may be typed. */
  async function prompted(): Promise<void> {
    await eventually(() => expect(out.text()).toMatch(/netdelta› ?$/));
  }

  /** An answer is in the database a moment before its edit is posted. */
  async function delivered(shown: string): Promise<void> {
    await eventually(async () => {
      await deliver();
      expect(out.text()).toContain(shown);
    });
  }

  async function answered(how: string): Promise<void> {
    await eventually(async () => expect((await lab.store.deltas.byId(1))?.acknowledgement.type).toBe(how));
  }

  /** One key after the other, not pasted. */
  async function press(keys: string): Promise<void> {
    for (const key of keys) {
      keyboard.write(key);
      await settled();
    }
  }

  async function leave(): Promise<number> {
    keyboard.write('exit\r');
    return await running;
  }

  it('sees an alert with its thread, presses buttons by number, and is asked for a note', async () => {
    await lab.tell(await addGroup(lab), [newDelta()]);
    await deliver();
    keyboard.write('1\r');
    await answered('acknowledged');
    await delivered('(edited)');
    await prompted();
    await type('1', 'Nothing changed');
    expect(await leave()).toBe(0);
    expect(out.text()).toMatchInlineSnapshot(`
      "
      ▌ ● NetDelta
      ▌ Type help, or begin with group add home 192.168.1.0/24. Buttons are
      ▌ pressed by typing their number; Tab completes; exit leaves.

      ▌ ▲ Telnet opened on 10.0.0.5 (lab)
      ▌ not open → open: telnet? — telnet: log-in and password cross the
      ▌ network in clear text
      ▌ • open: syn-ack received
      ▌ • was closed: reset received
      ▌ high risk · certain, over 99 %
      ▌ scan #1, 12:00:00 · 0 of 16 addresses, 1,000 tcp ports · delta #1
      ▌ [1] Acknowledge   [2] Expected   [3] Recheck
      ▌ [4] Acknowledge with a note…   [5] Mute…   [6] History
      ▌ [7] False alarm
      netdelta› 1

      ▌ ✓ Telnet opened on 10.0.0.5 (lab)  (edited)
      ▌ Acknowledged by @root 12:00:00
      ▌ [8] Undo
      netdelta› 1

      ▌ · Nothing changed
      ▌ • #1: Acknowledged by @root 12:00:00
      netdelta› exit

      Waits for what is under way; Ctrl-C leaves at once."
    `);
  });

  it('is asked for a note line by line, and may cancel', async () => {
    await lab.tell(await addGroup(lab), [newDelta()]);
    await deliver();
    await type('2', 'Note:');
    await type('CHG-1234', 'Note: CHG-1234');
    await answered('expected');
    expect((await lab.store.deltas.byId(1))?.acknowledgement).toMatchObject({ note: 'CHG-1234' });
    await type('4', 'Nothing changed');
    await lab.click('nd1;undo;1;;');
    keyboard.write('4\r');
    await eventually(() => expect(out.text().match(/Note:/g)).toHaveLength(2));
    keyboard.write('\u0003');
    await type('group list', '1 group');
    expect((await lab.store.deltas.byId(1))?.acknowledgement.type).toBe('open');
    expect(await leave()).toBe(0);
  });

  it('is asked twice before an action that should not happen by mistake', async () => {
    await lab.tell(await addGroup(lab), [newDelta(), newDelta({ address: '10.0.0.9' })]);
    await lab.click('nd1;acknowledge;1;;');
    await deliver();
    await type('1', 'Type 1 once more to be sure.');
    expect((await lab.store.deltas.byId(1))?.acknowledgement.type).toBe('acknowledged');
    keyboard.write('1\r');
    await answered('open');
    await type('77', 'No button has the number 77.');
    expect(await leave()).toBe(0);
  });

  it('completes commands, names and options with Tab, and finds earlier lines', async () => {
    await addGroup(lab, 'office');
    await press('gro\t');
    await shows('netdelta› group');
    await press('sh\t');
    await shows('netdelta› group show');
    await press('of\t');
    await shows('netdelta› group show office');
    await press('\r');
    await eventually(() => expect(out.text()).toContain('Down after'));
    await press('scan now office pro\t');
    await eventually(() => expect(out.text()).toContain('profile:'));
    await press('qu\t');
    await eventually(() => expect(out.text()).toContain('profile:quick'));
    keyboard.write('\u0003');
    keyboard.write('\u001b[A');
    await eventually(() => expect(out.text().match(/group show office/g)).toHaveLength(2));
    keyboard.write('\u0003');
    expect(await leave()).toBe(0);
  });

  it('leaves with Ctrl-D', async () => {
    await eventually(() => expect(out.text()).toContain('netdelta›'));
    keyboard.write('\u0004');
    expect(await running).toBe(0);
  });
});
