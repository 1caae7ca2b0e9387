import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN, addGroup, type Lab, newDelta, openLab, person } from './lab.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

async function complete(line: string, option: string, typed: string, principal = ADMIN) {
  const found = await lab.dispatcher.complete({ principal, path: line.split(' '), option, typed, options: {} });
  return found.map(({ value }) => value);
}

describe('completion', () => {
  it('has the typed text first, at most 25', async () => {
    for (const name of ['lab', 'office-lab', 'alabama', ...Array.from({ length: 30 }, (_, index) => `lab-${index}`)]) {
      await addGroup(lab, name, '10.0.0.0/30');
    }
    const found = await complete('group show', 'group', 'lab');
    expect(found).toHaveLength(25);
    expect(found[0]).toBe('lab');
    expect(found).not.toContain('alabama');
    expect(await complete('group show', 'group', 'labama')).toEqual(['alabama']);
    expect(await complete('group show', 'group', 'nothing')).toEqual([]);
  });

  it('knows deltas, scans, schedules, hosts, profiles, zones and choices', async () => {
    const group = await addGroup(lab);
    await lab.tell(group, [newDelta(), newDelta({ address: '10.0.0.7' })]);
    await lab.run('schedule add lab daily 02:00');
    await lab.run('mute add lab for:1h');
    expect(await complete('delta show', 'id', '')).toEqual(['2', '1']);
    expect(await complete('delta show', 'id', '10.0.0.7')).toEqual(['2']);
    expect(await complete('delta ack', 'ids', '1 ')).toEqual(['1 2', '1 1']);
    expect(await complete('scan show', 'id', '')).toEqual(['1']);
    expect(await complete('scan cancel', 'id', '')).toEqual([]);
    expect(await complete('schedule pause', 'id', 'lab')).toEqual(['1']);
    expect(await complete('mute remove', 'id', '')).toEqual(['1']);
    expect(await complete('group add', 'profile', 'q')).toEqual(['quick']);
    expect((await complete('schedule add', 'tz', 'berlin'))[0]).toBe('Europe/Berlin');
    expect((await complete('schedule add', 'tz', 'europe/z'))[0]).toMatch(/^Europe\/Z/);
    expect(await complete('role grant', 'role', 'op')).toEqual(['operator']);
    expect((await complete('group edit', 'alert-on', 'outage,host-d'))[0]).toBe('outage,host-down');
    expect((await complete('mute add', 'what', 'lab/host-d'))[0]).toBe('lab/host-down');
    expect((await complete('help', 'command', 'group re')).slice(0, 2)).toEqual(['group resume', 'group remove']);
  });

  it('describes a delta by what happened, in which group and at what risk', async () => {
    await lab.tell(await addGroup(lab), [newDelta()]);
    const query = { path: ['delta', 'ack'], option: 'ids', typed: '', options: {} };
    expect(await lab.dispatcher.complete({ principal: ADMIN, ...query })).toEqual([
      { value: '1', label: '#1 lab: Telnet opened on 10.0.0.5, high risk' },
    ]);
  });

  it('knows who is pinged elsewhere, from which risk, and when somebody is reminded', async () => {
    await lab.run('group add lab 10.0.0.0/30 notify:slack:U0ALICE/high site:dmz');
    expect((await complete('group add', 'notify', '')).slice(0, 2)).toEqual(['slack:U0ALICE', 'slack:U0ALICE/info']);
    expect(await complete('group add', 'notify', 'slack:U0BOB/hi')).toEqual(['slack:U0BOB/high']);
    expect((await complete('group add', 'remind', '24'))[0]).toBe('24h');
    expect(await complete('group add', 'site', 'd')).toEqual(['dmz']);
  });

  it('shows nothing to those who may not run the command, and nothing for an unknown one', async () => {
    await addGroup(lab);
    expect(await complete('group show', 'group', '', person('UEVE', 'eve'))).toEqual([]);
    await lab.grant('slack:UVERA', 'viewer');
    expect(await complete('group show', 'group', '', person('UVERA', 'vera'))).toEqual(['lab']);
    expect(await complete('group pause', 'group', '', person('UVERA', 'vera'))).toEqual([]);
    expect(await complete('no such', 'thing', '')).toEqual([]);
    expect(await complete('group show', 'nothing', '')).toEqual([]);
  });

  it('takes hostile text literally', async () => {
    await addGroup(lab);
    expect(await complete('group show', 'group', '%" OR 1=1 --\u0000')).toEqual([]);
    expect(await complete('host show', 'address', '%')).toEqual([]);
  });
});
