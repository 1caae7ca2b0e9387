import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatExpectedChange } from '../../src/core/network/expected-change.ts';
import { addGroup, type Lab, NOW, newDelta, openLab } from './lab.ts';
import { textOf } from './text.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
  await lab.tell(await addGroup(lab), [
    newDelta(),
    newDelta({ address: '10.0.0.7', port: 80 }),
    newDelta({ address: '10.0.0.7', port: 81 }),
  ]);
});
afterEach(() => lab.close());

const say = async (line: string): Promise<string> => textOf(await lab.run(line));
const HOUR = 3_600_000;

describe('mute add', () => {
  it.each([
    ['lab', 'lab', { groupId: 1 }],
    ['10.0.0.5', '10.0.0.5', { address: '10.0.0.5' }],
    ['10.0.0.5:22', '10.0.0.5:22/tcp', { address: '10.0.0.5', port: 22, protocol: 'tcp' }],
    ['10.0.0.5:53/udp', '10.0.0.5:53/udp', { address: '10.0.0.5', port: 53, protocol: 'udp' }],
    ['[2001:DB8::1]:22/tcp', '[2001:db8::1]:22/tcp', { address: '2001:db8::1', port: 22, protocol: 'tcp' }],
    ['2001:db8::1', '2001:db8::1', { address: '2001:db8::1' }],
    ['10.0.0.0/29', '10.0.0.0/29', { subnet: '10.0.0.0/29' }],
    ['lab/10.0.0.1-5', 'lab/10.0.0.1-5', { groupId: 1, subnet: '10.0.0.1-5' }],
    ['10.0.0.0/29:53/udp', '10.0.0.0/29:53/udp', { subnet: '10.0.0.0/29', port: 53, protocol: 'udp' }],
    ['22/tcp', '22/tcp', { port: 22, protocol: 'tcp' }],
    ['host-down', 'host-down', { kind: 'host-down' }],
    ['LAB/host-down', 'lab/host-down', { groupId: 1, kind: 'host-down' }],
    ['lab/10.0.0.5:22', 'lab/10.0.0.5:22/tcp', { groupId: 1, address: '10.0.0.5', port: 22, protocol: 'tcp' }],
  ])('of %s covers just that, until its end', async (typed, what, match) => {
    await lab.run(`mute add ${typed} for:2h reason:"new keys"`);
    expect(await lab.store.holds.mutes()).toMatchObject([
      { what, match, from: NOW, until: NOW + 2 * HOUR, reason: 'new keys', createdBy: 'slack:UADMIN', byName: 'ada' },
    ]);
  });

  it.each([
    ['labb for:1h', 'Did you mean lab?'],
    ['lab/host-dwn for:1h', 'Did you mean host-down?'],
    ['10.0.0.5:99999 for:1h', 'neither a group nor an address'],
    ['lab', 'for: is missing'],
    ['lab for:0m', 'lasts no time'],
  ])('of %s is refused', async (typed, words) => {
    expect(await say(`mute add ${typed}`)).toContain(words);
    expect(await lab.store.holds.mutes()).toEqual([]);
  });

  it('of a list is one mute for each, and is shown with what it covers', async () => {
    expect(await say('mute add 10.0.0.5,22/tcp for:60d')).toMatch(/Mute 1, 2 added[\s\S]*That is long/);
    for (const look of ['status', 'group show lab', 'host show 10.0.0.5']) {
      expect(await say(look), look).toContain('mute 1 10.0.0.5 until');
    }
    expect(await say('host show 10.0.0.6')).not.toContain('mute 1 10.0.0.5');
    expect(await say('host show 10.0.0.6')).toContain('mute 2 22/tcp until');
    // A mute of every group is listed once, however many groups watch the host.
    await lab.run('group add twin 10.0.0.5');
    expect((await say('host show 10.0.0.5')).split('mute 2 22/tcp until')).toHaveLength(2);
  });

  it('is listed with its end, and ended with what it held back', async () => {
    await lab.run('mute add lab for:2h');
    expect(await say('mute list')).toContain('mute 1 lab until 2026-11-24 14:00 UTC');
    expect(await say('mute remove 1')).toContain('It holds nothing back now.');
    expect(await say('mute remove 1')).toContain('There is no mute 1.');
    expect(await say('mute list')).toContain('0 mutes');
  });
});

describe('Mute… on an alert', () => {
  it('asks for the duration in a form, with errors beside its field', async () => {
    const asked = await lab.click('nd1;mute;1;10.0.0.5;;', { canShowForm: true });
    expect(asked).toMatchObject({
      type: 'form',
      form: { fields: [{ name: 'for', kind: 'select' }, { name: 'reason' }] },
    });
    const wrong = await lab.click('nd1;mute;1;10.0.0.5;;', { fields: { for: 'soon', reason: '' } });
    expect(wrong).toMatchObject({ type: 'field-errors', errors: { for: '“soon” is not a duration.' } });
    await lab.click('nd1;mute;1;10.0.0.5;;', { fields: { for: '1d', reason: 'move' } });
    expect(await lab.store.holds.mutes()).toMatchObject([
      { what: 'lab/10.0.0.5:23/tcp', until: NOW + 24 * HOUR, reason: 'move' },
    ]);
  });

  it('asks by buttons where there are no forms', async () => {
    const asked = await lab.click('nd1;mute;1;10.0.0.7;;');
    expect(asked).toMatchObject({ type: 'card', audience: 'private' });
    expect(asked.type === 'card' ? asked.card.controls.map((control) => control.label) : []).toContain('4 hours');
    await lab.click('nd1;mute;1;10.0.0.7;;3600000');
    expect(await lab.store.holds.mutes()).toMatchObject([
      { what: 'lab/10.0.0.7', match: { groupId: 1, address: '10.0.0.7' }, until: NOW + HOUR },
    ]);
  });

  it('mutes a kind where the message is about a kind', async () => {
    await lab.click('nd1;mute;1;;service-added;3600000');
    expect(await lab.store.holds.mutes()).toMatchObject([{ match: { groupId: 1, kind: 'service-added' } }]);
  });
});

describe('window add', () => {
  it('takes a phrase of a schedule, a point in time, or now', async () => {
    expect(await say('window add lab weekly sun 02:00 for:2h tz:Europe/Berlin')).toContain(
      'every Sunday at 02:00 (Europe/Berlin) for 2 hours',
    );
    expect(await say('window add lab 2026-12-01 22:00 for:90m tz:Europe/Berlin')).toContain(
      'once at Tue 1 Dec 2026 22:00 +01:00 for 1 hour 30 minutes',
    );
    expect(await say('window add lab now for:30m reason:reboot')).toContain('open now, until');
    expect((await lab.store.holds.windows()).map((window) => window.when)).toMatchObject([
      { type: 'cron', zone: 'Europe/Berlin' },
      { type: 'once', at: Date.UTC(2026, 11, 1, 21) },
      { type: 'once', at: NOW },
    ]);
  });

  it('refuses a past time and an invalid one', async () => {
    expect(await say('window add lab yesterday for:1h')).toContain(
      'Once: now or 2026-12-01 22:00. Again and again: Expected',
    );
    expect(await say('window add lab 2026-11-01 22:00 for:1h')).toContain('That window is over already.');
    expect(await say('window add lab sometimes for:1h')).toContain('not a time to run at');
    expect(await lab.store.holds.windows()).toEqual([]);
  });

  it('refuses a window that would never close, and takes one that does', async () => {
    for (const never of ['daily 02:00 for:30h', 'daily 02:00 for:1d', 'every 2h for:2h', 'weekly mon 02:00 for:8d']) {
      expect(await say(`window add lab ${never} tz:Europe/Berlin`)).toContain('It would never close');
    }
    expect(await lab.store.holds.windows()).toEqual([]);
    for (const some of [
      'weekdays 02:00 for:30h',
      '*/5 9-17 * * * for:10m',
      'daily 02:00 for:23h',
      'monthly 1 02:00 for:8d',
    ]) {
      expect(await say(`window add lab ${some} tz:Europe/Berlin`)).toContain('added');
    }
  });

  it('is listed and removed', async () => {
    await lab.run('window add lab daily 02:00 for:1h');
    expect(await say('window list')).toContain('1 maintenance window');
    expect(await say('window list lab')).toContain('every day at 02:00');
    expect(await say('window remove 1')).toContain('removed');
    expect(await say('window remove 1')).toContain('There is no window 1.');
  });
});

const one = (hosts: string, protocol: string, port: number) => ({
  hosts,
  ports: { protocol, first: port, last: port },
});

describe('expect add', () => {
  it.each([
    ['10.0.0.5', '10.0.0.5', 'once'],
    ['10.0.0.0/30', '10.0.0.0/30', 'until'],
    ['10.0.0.1-3:22', '10.0.0.1-3:22/tcp', 'until'],
    ['10.0.0.5:8000-8100', '10.0.0.5:8000-8100/tcp', 'until'],
    ['10.0.0.5:*', '10.0.0.5:any', 'until'],
    ['10.0.0.5:any lasts:once', '10.0.0.5:any', 'once'],
    ['10.0.0.5:80,443', '10.0.0.5:80/tcp 10.0.0.5:443/tcp', 'once once'],
  ])('of %s waits for just that', async (typed, what, lasts) => {
    await lab.run('group edit lab ports:1-9000');
    const said = await say(`expect add lab ${typed} until:3d`);
    const waiting = await lab.store.holds.expectations({});
    expect(waiting.map((expectation) => formatExpectedChange(expectation.what)).join(' '), said).toBe(what);
    expect(waiting.map((expectation) => expectation.lasts).join(' ')).toBe(lasts);
  });

  it('records each endpoint until its time', async () => {
    await lab.run('group edit lab ports:443,U:53');
    await lab.run('expect add lab 10.0.0.5:443 10.0.0.6:53/udp until:3d reason:new ticket:CHG-1234');
    expect(await lab.store.holds.expectations({ status: 'waiting' })).toMatchObject([
      { what: one('10.0.0.5', 'tcp', 443), lasts: 'once', until: NOW + 72 * HOUR, reason: 'new', ticket: 'CHG-1234' },
      { what: one('10.0.0.6', 'udp', 53) },
    ]);
    expect(await say('expect list lab')).toContain('10.0.0.6:53/udp');
    expect(await say('expect remove 1')).toContain('withdrawn');
    expect(await say('expect remove 1')).toContain('There is no approved change 1.');
  });

  it.each([
    ['10.0.0.5:443-80 until:3d', 'ends before it begins'],
    ['10.0.0.5:443/udp until:3d', 'does not ask 10.0.0.5:443/udp'],
    ['10.0.0.5:50000 until:3d', 'does not ask 10.0.0.5:50000/tcp'],
    ['10.9.0.0/24:443 until:3d', 'is not in group lab'],
    ['10.0.0.5:443 10.9.9.9:1 until:3d', 'is not in group lab'],
    ['10.0.0.5:443,nonsense until:3d', '“nonsense” is neither an address nor a subnet'],
    ['10.0.0.5:443', 'until: is missing'],
    ['10.0.0.5:443 until:2020-01-01', '“2020-01-01” is past.'],
  ])('refuses %s, all of it', async (typed, words) => {
    expect(await say(`expect add lab ${typed}`)).toContain(words);
    expect(await lab.store.holds.expectations({})).toEqual([]);
  });
});
