import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HostState } from '../../src/core/model/state.ts';
import { addGroup, cardOf, type Lab, NOW, newDelta, openLab } from './lab.ts';
import { textOf } from './text.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

const say = async (line: string): Promise<string> => textOf(await lab.run(line));
const titleOf = async (line: string): Promise<string> => cardOf(await lab.run(line)).title;

describe('delta list', () => {
  it.each([
    ['on:10.0.0.5', 1],
    ['on:10.0.0.4/30', 3],
    ['on:10.0.1.0/24', 0],
    ['port:22', 1],
    ['kind:host-appeared', 1],
    ['risk:high,critical', 3],
    ['text:telnet', 3],
    ['text:"no such words"', 0],
    ['before:1d', 0],
    ['since:1d port:23', 2],
  ])('by %s finds %i, over all groups', async (filter, count) => {
    await tellFour();
    expect(await titleOf(`delta list ${filter}`)).toMatch(new RegExp(`^${count} delta`));
  });

  it('finds what somebody answered', async () => {
    await tellFour();
    await lab.run('delta ack 1');
    expect(await titleOf('delta list state:answered by:ada')).toMatch(/^1 delta/);
    expect(await titleOf('delta list state:answered by:eve')).toMatch(/^0 deltas/);
  });
});

describe('delta ack by what deltas have in common', () => {
  it('first shows what it would answer, and then answers just that', async () => {
    await tellFour();
    const shown = await lab.run('delta ack port:23');
    expect(cardOf(shown).title).toBe('2 deltas would be acknowledged');
    expect(await titleOf('delta list')).toMatch(/^4 deltas/);
    await lab.tell(await addGroup(lab, 'other'), [newDelta({ address: '10.0.0.9' })]);
    const [button] = cardOf(shown).controls;
    if (button?.type !== 'button' || button.action.type !== 'run') throw new Error('no button');
    expect(button.label).toBe('Acknowledge these 2');
    expect(await say(button.action.command)).toContain('2 deltas acknowledged');
    expect(await titleOf('delta list port:23')).toMatch(/^1 delta/);
  });

  it('asks which ones when none are named', async () => {
    expect(await say('delta ack')).toContain('Which ones?');
  });
});

describe('service find and host list', () => {
  it('find ports by range and versions by their words, over all groups', async () => {
    const identity = { name: 'ssh', product: 'OpenSSH', version: '8.9p1', method: 'probed', confidence: 10 } as const;
    const service = { protocol: 'tcp', port: 2222, present: true, since: NOW, identity, memory: {} } as const;
    const host: HostState = {
      ...{ address: '10.0.0.5', code: 'new', present: true, firstSeen: NOW, hostnames: [], memory: {} },
      services: [service],
    };
    await lab.tell(await addGroup(lab), [newDelta()], [host]);
    expect(await titleOf('service find port:2200-2300')).toMatch(/^1 open port/);
    expect(await titleOf('service find port:22,80')).toMatch(/^0 open ports/);
    expect(await titleOf('service find version:8.9')).toMatch(/^1 open port/);
    const listed = await say('host list');
    for (const part of ['new (1) in lab', '10.0.0.5', '2222 SSH']) expect(listed).toContain(part);
    expect(await titleOf('host list')).toBe('1 host');
  });

  it('say of a port that its group does not scan it now, and of a host that is down what was open', async () => {
    const service = { protocol: 'tcp', port: 2222, present: true, since: NOW, memory: {} } as const;
    const state = { firstSeen: NOW, hostnames: [], memory: {}, services: [service] } as const;
    await lab.tell(
      await addGroup(lab),
      [newDelta()],
      [
        { ...state, address: '10.0.0.5', code: 'unchanged', present: true },
        { ...state, address: '10.0.0.6', code: 'down', present: false, lastSeen: NOW },
      ],
    );
    const looks = ['service find port:2222', 'host show 10.0.0.5'];
    await lab.run('group edit lab ports:80,2222');
    for (const look of looks) expect(await say(look)).not.toContain('(not scanned now)');
    await lab.run('group edit lab ports:80');
    for (const look of looks) expect(await say(look)).toContain('2222/tcp (not scanned now)');
    await lab.run('group edit lab ports:80,2222 add:10.0.1.0/28 remove:10.0.0.0/28');
    for (const look of looks) expect(await say(look)).toContain('2222/tcp (not scanned now)');
    expect(await say('host list code:down')).toContain('was 2222');
    expect(await say('host show 10.0.0.6')).toContain('open when it answered');
  });
});

async function tellFour(): Promise<void> {
  const group = await addGroup(lab);
  const appeared = { kind: 'host-appeared', address: '10.0.0.8', risk: 'low', riskHint: 'new' } as const;
  const host = newDelta({ ...appeared, port: 443, after: { present: true } });
  await lab.tell(group, [
    newDelta(),
    newDelta({ address: '10.0.0.6' }),
    newDelta({ address: '10.0.0.7', port: 22 }),
    host,
  ]);
}
