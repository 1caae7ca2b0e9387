import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createConsoleChat } from '../../../adapters/console/console-chat.ts';
import { runConsole } from '../../../adapters/console/run-console.ts';
import type { Principal } from '../../../src/core/model/principal.ts';
import { addGroup, type Lab, newDelta, openLab } from '../../commands/lab.ts';

const PRINCIPAL: Principal = { key: 'console:local', platform: 'console', name: 'root', memberships: [] };

type Event = {
  event: string;
  id: string;
  thread?: string;
  channel: string;
  text: string;
  card: { title: string };
  buttons: { id: string; label: string }[];
};

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

/** Runs a script to its end; `order` records when scans were waited for. */
async function script(input: string | Buffer, ends: Record<number, 'ok' | 'failed'> = {}) {
  const out = new PassThrough();
  const source = new PassThrough();
  const order: string[] = [];
  const screen = createConsoleChat({ out, json: true, isTTY: false, columns: () => 80, noColor: true });
  const dispatcher = {
    ...lab.dispatcher,
    command: async (call: Parameters<typeof lab.dispatcher.command>[0]) => {
      order.push(call.input.type === 'text' ? call.input.text.slice(0, 40) : '');
      return await lab.dispatcher.command(call);
    },
  };
  const running = runConsole({
    screen,
    dispatcher,
    input: source,
    json: true,
    principal: PRINCIPAL,
    waitForScan: async (id) => {
      order.push(`waits for ${id}`);
      return ends[id] ?? 'ok';
    },
    drain: async () => void order.push('drains'),
  });
  source.end(input);
  const code = await running;
  const text = String(out.read() ?? '');
  const events = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event);
  return { code, events, order, text };
}

describe('a script', () => {
  it('gets one JSON event for each answer, in order', async () => {
    const { code, events } = await script('/netdelta group add lab 10.0.0.0/28\n/netdelta group list\nhelp group\n');
    expect(code).toBe(0);
    expect(events.map(({ event, channel, card }) => [event, channel, card.title])).toEqual([
      ['message', 'console:main', 'Group lab added'],
      ['ephemeral', 'console:main', '1 group'],
      ['ephemeral', 'console:main', 'group'],
    ]);
    expect(Object.keys(events[0] ?? {})).toEqual(['event', 'id', 'channel', 'text', 'card', 'buttons']);
    expect(events[0]?.text).toContain('✔ Group lab added\nTargets       10.0.0.0/28 (16 addresses)');
  });

  it('waits at scan now until it is judged, before the next line runs', async () => {
    const { order } = await script('group add lab 10.0.0.0/28\nscan now lab\nstatus\n');
    expect(order).toEqual([
      'group add lab 10.0.0.0/28',
      'scan now lab',
      'waits for 1',
      'status',
      'drains',
      'waits for 1',
    ]);
  });

  it('with async:true waits only at its end', async () => {
    const { order } = await script('group add lab 10.0.0.0/28\nscan now lab async:true\nstatus\n');
    expect(order).toEqual(['group add lab 10.0.0.0/28', 'scan now lab async:true', 'status', 'drains', 'waits for 1']);
  });

  it('exits with 1 when a scan of it failed', async () => {
    const lines = 'group add lab 10.0.0.0/28\nscan now lab\n';
    expect((await script(lines, { 1: 'failed' })).code).toBe(1);
    expect((await script('scan now lab async:true\n', { 1: 'failed' })).code).toBe(1);
  });

  it('exits with 2 for an unknown command, with 1 for a refused one, and continues in between', async () => {
    expect(await script('wibble\ngroup list\n')).toMatchObject({
      code: 2,
      events: [{}, { card: { title: '0 groups' } }],
    });
    expect((await script('group add lab 10.0.0.0/33\n')).code).toBe(2);
    expect((await script('group show nowhere\n')).code).toBe(1);
    expect((await script('group list\n')).code).toBe(0);
  });

  it('ends at exit, and runs no line after it', async () => {
    const { code, events } = await script('group list\nexit\nwibble\n');
    expect([code, events.length]).toEqual([0, 1]);
  });

  it('presses buttons by their id', async () => {
    await lab.tell(await addGroup(lab), [newDelta()]);
    const { events } = await script(
      'click nd1;acknowledge;1;10.0.0.5;\n  click  nd1;acknowledge;1;10.0.0.5; \nclick 7\n',
    );
    expect(events.map(({ event, text }) => [event, text])).toEqual([
      ['ephemeral', expect.stringContaining('Acknowledged by @root')],
      ['ephemeral', expect.stringContaining('means nothing to NetDelta any more')],
    ]);
  });

  it('sees the message that held a button replaced by the result', async () => {
    await addGroup(lab);
    const { events } = await script('group remove lab\nclick nd1;keep-group;1\n');
    expect(events.map(({ event, id, card }) => [event, id, card.title])).toEqual([
      ['ephemeral', 'answer-1', 'Remove group lab?'],
      ['update', 'answer-1', 'Nothing was removed'],
    ]);
    expect(events[0]?.buttons).toEqual([
      { id: 'nd1;remove-group;1', label: 'Remove' },
      { id: 'nd1;keep-group;1', label: 'Keep' },
    ]);
  });

  it('without a line end after its last line, or with Windows line ends, is the same', async () => {
    expect((await script('group list\r\nstatus')).events.map(({ card }) => card.title)).toEqual([
      '0 groups',
      'NetDelta',
    ]);
  });

  it.each([
    ['an empty line', '\n', 'NetDelta watches networks for change'],
    ['invalid UTF-8', Buffer.from([0x67, 0x72, 0xff, 0xfe, 0x0a]), 'That did not work'],
    ['an escape sequence', '\u001b[2J\n', 'That did not work'],
    ['1 MB of text', `${'x'.repeat(1024 * 1024)}\n`, 'That did not work'],
    ['3 MB of text', `${'x'.repeat(3 * 1024 * 1024)}\n`, 'That did not work'],
  ])('is answered clearly for %s, and continues', async (_name, bytes, title) => {
    const { code, events } = await script(Buffer.concat([Buffer.from(bytes), Buffer.from('group list\n')]));
    expect(code).toBe(title === 'That did not work' ? 2 : 0);
    expect(events.map(({ card }) => card.title)).toEqual([title, '0 groups']);
  });

  it('gets untrusted text as JSON that no terminal obeys', async () => {
    const evil = '\u001b]0;pwned\u0007\u009b31m\u202e';
    await lab.tell(await addGroup(lab), [newDelta({ evidence: [evil], after: { present: true } })]);
    const { text, events } = await script('delta show 1\n');
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202e/u);
    expect(events[0]?.text).toContain(']0;pwned31m');
  });

  it('gets files as events of their own', async () => {
    await addGroup(lab);
    await lab.run('scan now lab');
    await lab.store.scans.stageChunk(1, 0, 1, { xml: Buffer.from('xml'), outcome: 'complete' });
    const { events } = await script('scan show 1\n');
    expect(events[1]).toMatchObject({
      event: 'file',
      thread: 'answer-1',
      name: 'scan-1.xml.gz',
      mimeType: 'application/gzip',
      size: 3,
      base64: Buffer.from('xml').toString('base64'),
    });
    expect(JSON.stringify(events[0])).not.toContain('attachment');
  });
});
