import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Group } from '../../src/core/model/group.ts';
import type { HostState } from '../../src/core/model/state.ts';
import { exportGroup } from '../../src/usecases/views/export-group.ts';
import { addGroup, type Lab, NOW, newDelta, openLab } from './lab.ts';
import { textOf } from './text.ts';

const HOUR = 3_600_000;

const open = (port: number): HostState['services'][number] => ({
  ...{ protocol: 'tcp', port, present: true, since: NOW - HOUR, memory: {} },
});
const host = (address: string, ...ports: number[]): HostState => ({
  ...{ address, code: 'unchanged', present: true, firstSeen: NOW - HOUR, hostnames: [], memory: {} },
  services: ports.map(open),
});

let lab: Lab;
let group: Group;
beforeEach(async () => {
  lab = await openLab();
  await lab.run('group add lab 10.0.0.0/28 channel:console:main owner:netops tags:dmz,Prod');
  group = (await lab.store.groups.byName('lab')) as Group;
  await lab.tell(group, [newDelta(), newDelta({ port: 80 })], [host('10.0.0.5', 22, 23, 80), host('10.0.0.7', 443)]);
});
afterEach(() => lab.close());

const say = async (line: string): Promise<string> => textOf(await lab.run(line));
const data = async (line: string) => {
  const result = await lab.run(line);
  return result.type === 'card' ? (result.data as { items: Record<string, unknown>[] }).items : [];
};

describe('an approval', () => {
  it('is the answer to the opening, with when and why; an unanswered port is approved by nobody', async () => {
    await lab.run('delta ack 1 note:CHG-7');
    const found = await data('service find group:lab');
    expect(found.map(({ port, approval }) => [port, approval])).toEqual([
      [22, undefined],
      [23, { how: 'acknowledged', by: 'ada', at: new Date(NOW).toISOString(), note: 'CHG-7' }],
      [80, undefined],
      [443, undefined],
    ]);
    expect(await say('service find port:23')).toMatch(/acknowledged by @ada, 2026-11-24.*: “CHG-7”/);
    expect(await say('host show 10.0.0.5')).toMatch(/23\/tcp.*acknowledged by @ada/);
  });

  it('is a signed baseline for everything that was there then, and for nothing later', async () => {
    lab.clock.now = NOW + HOUR;
    expect(await say('group approve lab note:"audit Q4"')).toMatch(
      /Baseline of lab approved[\s\S]*2 hosts up, 4 open ports \(“audit Q4”\)[\s\S]*2 of its changes are open: delta ack-all lab/,
    );
    expect(await say('group show lab')).toMatch(/Baseline +approved by @ada/);
    lab.clock.now = NOW + 2 * HOUR;
    const late = newDelta({ port: 443, address: '10.0.0.7', at: lab.clock.now });
    await lab.tell(group, [late]);
    const found = await data('service find group:lab');
    expect(found.map(({ port, approval }) => [port, (approval as { how: string } | undefined)?.how])).toEqual([
      [22, 'baseline'],
      [23, 'baseline'],
      [80, 'baseline'],
      [443, undefined],
    ]);
    expect(await say('host show 10.0.0.5')).toMatch(/Approved +in the baseline by @ada/);
  });

  it('is not signed while there is nothing to sign', async () => {
    await addGroup(lab, 'empty', '10.0.1.0/28');
    expect(await say('group approve empty')).toContain('has not been scanned yet');
    expect(await lab.store.records.baselines()).toEqual([]);
  });
});

describe('notes, owners and tags', () => {
  it('of a host override its group’s, and are shown where the host is', async () => {
    await lab.run('note add 10.0.0.5:22 "jump host, keep open" owner:ann tags:ssh');
    await lab.run('note add 10.0.0.7 owner:none');
    expect(await say('host show 10.0.0.5')).toMatch(/note 1 10\.0\.0\.5:22\/tcp, by @ada .*: “jump host, keep open”/);
    const [first, second] = await data('host list lab');
    expect([first?.owner, second?.owner]).toEqual([undefined, undefined]);
    expect((await data('host show 10.0.0.5'))[0]).toMatchObject({ owner: 'ann', tags: ['dmz', 'prod', 'ssh'] });
    expect((await data('host show 10.0.0.7'))[0]?.owner).toBeUndefined();
    expect(await say('note list')).toContain('2 notes');
    await lab.run('note remove 1');
    expect((await data('host show 10.0.0.5'))[0]).toMatchObject({ owner: 'netops', tags: ['dmz', 'prod'] });
    expect(await say('note remove 1')).toContain('There is no note 1.');
  });

  it.each([
    ['delta list owner:ann', 2],
    ['delta list tag:ssh', 2],
    ['delta list owner:netops', 0],
    ['host list tag:dmz', 2],
    ['host list owner:netops', 1],
    ['service find tag:ssh', 3],
    ['service find tag:dmz port:443', 1],
    ['service find tag:nothing', 0],
  ])('%s finds %s', async (line, count) => {
    await lab.run('note add 10.0.0.5 "the jump host" owner:ann tags:ssh');
    expect(await data(line)).toHaveLength(count);
  });

  it('are shown in alerts and exports', async () => {
    await lab.run('note add 10.0.0.5 "the jump host" owner:ann');
    await lab.run('delta ack 1 note:CHG-7');
    const [alert] = await lab.deliver();
    expect(alert?.text).toContain('“the jump host”');
    expect(alert?.text).toContain('Owner ann · tags dmz, prod');
    const deps = { store: lab.store, reader: lab.deps.reader };
    const json = JSON.parse((await exportGroup(deps, group, 'json', NOW)).file.content);
    expect(json.group).toMatchObject({ owner: 'netops', tags: ['dmz', 'prod'] });
    expect(json.hosts[0]).toMatchObject({ owner: 'ann', notes: [{ text: 'the jump host' }] });
    expect(json.hosts[0].services[1].approval).toMatchObject({ how: 'acknowledged', note: 'CHG-7' });
    const csv = (await exportGroup(deps, group, 'csv', NOW)).file.content.split('\r\n');
    expect(csv[0]).toContain('owner,tags,notes,approved by,approved at,approval');
    expect(csv[2]).toContain('ann,dmz prod,the jump host,ada,2026-11-24T12:00:00.000Z,acknowledged: CHG-7');
  });

  it('decide who is pinged: the owner, or a person for a tag', async () => {
    const mentions = async (settings: string) => {
      await lab.run(`group edit lab ${settings}`);
      const edited = (await lab.store.groups.byName('lab')) as Group;
      lab.clock.now += HOUR;
      await lab.tell(edited, [newDelta({ port: 8000 + lab.clock.now / HOUR - NOW / HOUR, at: lab.clock.now })]);
      return (await lab.deliver()).flatMap(({ card }) => card.mention ?? []);
    };
    expect(await mentions('notify:owner')).toEqual([]);
    expect(await mentions('owner:slack:U0NETOPS')).toContain('slack:U0NETOPS');
    await lab.run('note add 10.0.0.5 owner:slack:U0ANN');
    expect(await mentions('notify:owner/high')).toEqual(['slack:U0ANN']);
    expect(await mentions('notify:slack:U0BOB/info/ssh')).toEqual([]);
    await lab.run('note add 10.0.0.5 tags:ssh');
    expect(await mentions('notify:slack:U0BOB/info/ssh')).toEqual(['slack:U0BOB']);
  });

  it.each([
    ['note add 10.0.0.5', 'The note says nothing.'],
    ['note add here "words"', 'neither an address'],
    ['note add 10.0.0.5 tags:"a b!"', 'is no list of tags'],
    ['group edit lab tags:"!"', 'is no list of tags'],
    ['group edit lab notify:slack:U0BOB/high/a!b', 'is not a tag'],
  ])('%s is refused', async (line, words) => {
    expect(await say(line)).toContain(words);
    expect(await lab.store.records.notes()).toEqual([]);
  });
});
