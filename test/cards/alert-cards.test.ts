import { describe, expect, it } from 'vitest';
import { alertCard, byKind } from '../../src/cards/alert.ts';
import { alertHostCard } from '../../src/cards/alert-host.ts';
import { alertKindCard } from '../../src/cards/alert-kind.ts';
import type { Alert, Delta } from '../../src/core/model/alert.ts';
import { GROUP_DEFAULTS, type Group } from '../../src/core/model/group.ts';
import { DEFAULT_POLICY } from '../../src/core/model/policy.ts';
import { profileSettings } from '../../src/core/model/profile.ts';
import type { Scan } from '../../src/core/model/scan.ts';
import { NOW, newDelta } from '../commands/lab.ts';
import { cardText } from '../commands/text.ts';

const alert: Alert = { id: 7, groupId: 1, scanId: 3, thread: 'hosts', createdAt: NOW };
const group: Group = {
  ...GROUP_DEFAULTS,
  id: 1,
  name: 'lab',
  targets: ['10.0.0.0/24'],
  exclude: [],
  policy: DEFAULT_POLICY,
  status: 'active',
  createdBy: 'console:local',
  createdAt: NOW,
};
const scan: Scan = {
  id: 3,
  groupId: 1,
  number: 3,
  kind: 'scan',
  status: 'done',
  origin: { type: 'command', by: 'console:local', channel: 'console:main' },
  settings: profileSettings('quick'),
  site: 'local',
  chunkCount: 1,
  chunksDone: 1,
  hostsTotal: 256,
  hostsDone: 250,
  hostsUp: 20,
  queuedAt: NOW - 60_000,
  startedAt: NOW - 59_000,
  finishedAt: NOW,
  notes: [],
};
const coverage = { addresses: [], ports: { tcp: [[1, 1000]], udp: [[53, 53]] } } as const;

let ids = 0;
function delta(change: Partial<Delta> = {}): Delta {
  return {
    ...newDelta(),
    id: ++ids,
    groupId: 1,
    scanId: 3,
    repeats: 0,
    acknowledgement: { type: 'open' },
    alertId: 7,
    ...change,
  };
}
const answered = (type: 'acknowledged' | 'expected', byName: string, at = NOW): Delta['acknowledgement'] => ({
  type,
  by: `slack:U${byName}`,
  byName,
  at,
});

const parent = (deltas: readonly Delta[], change: Partial<Group> = {}) =>
  alertCard({ alert, group: { ...group, ...change }, scan, deltas, coverage });

describe('the parent of an alert', () => {
  it('first says what happened and where, then its lines; coverage and scan are small print', () => {
    const card = parent([
      delta(),
      delta({ port: 80, risk: 'low', grade: 'amber', acknowledgement: answered('acknowledged', 'bob') }),
      delta({ kind: 'host-down', address: '10.0.0.7', risk: 'medium' }),
    ]);
    expect(card).toMatchObject({
      title: '2 services opened, 1 host down (lab)',
      tone: 'high',
    });
    const text = cardText(card);
    for (const part of [
      'Telnet 23/tcp opened on 10.0.0.5 · high risk, certain · telnet: log-in',
      '1 of 3 acknowledged, last by @bob · scan #3, 2026-11-24 12:00 UTC',
      '250 of 256 addresses, 1,000 tcp ports, 1 udp port',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('counts a new host once, with the ports that it appeared with', () => {
    const appeared = (address: string, change: Partial<Delta> = {}) => [
      delta({ kind: 'host-appeared', address, ...change }),
      ...[22, 80].map((port) => delta({ port, address, ...change })),
    ];
    const ann = { acknowledgement: answered('acknowledged', 'ann') };
    const card = parent([...appeared('10.0.0.8'), ...appeared('10.0.0.9', ann), delta({ port: 443 })]);
    expect(cardText(card)).toContain('1 of 3 acknowledged, last by @ann');
    expect(cardText(parent(appeared('10.0.0.8')))).not.toContain('acknowledged');
  });

  it('is coloured by the worst unanswered risk, however certain', () => {
    expect(parent([delta({ risk: 'critical', grade: 'green' })]).tone).toBe('critical');
    expect(
      parent([delta({ risk: 'critical', acknowledgement: answered('expected', 'bob') }), delta({ risk: 'low' })]).tone,
    ).toBe('low');
  });

  it('names its worst first, and how many there are', () => {
    const deltas = Array.from({ length: 8 }, (_, index) =>
      delta({ port: 100 + index, address: `10.0.0.${index}`, risk: index === 7 ? 'critical' : 'low' }),
    );
    const list = parent(deltas).sections.find((section) => section.type === 'list');
    expect(list).toMatchObject({ total: 8 });
    expect(JSON.stringify(list?.type === 'list' ? list.items[0] : '')).toContain('107/tcp');
  });

  it('pings from the configured risk on', () => {
    const notify = { who: 'slack:U0ALICE', from: 'high' } as const;
    expect(parent([delta({ risk: 'high' })], { notify }).mention).toEqual(['slack:U0ALICE']);
    expect(parent([delta({ risk: 'medium' })], { notify }).mention).toBeUndefined();
    expect(parent([delta({ risk: 'critical' })]).mention).toBeUndefined();
  });

  it('for one host has all its buttons, for several one for the whole alert, and answered only Undo', () => {
    const labels = (deltas: readonly Delta[]) => parent(deltas).controls.map((control) => control.label);
    expect(labels([delta()])).toEqual(['Acknowledge', 'Expected', 'Recheck', 'More']);
    expect(labels([delta(), delta({ address: '10.0.0.6' })])).toEqual(['Acknowledge all', 'Report']);
    const done = parent([delta({ acknowledgement: answered('acknowledged', 'bob') })]);
    expect(done).toMatchObject({ title: 'Telnet opened on 10.0.0.5 (lab)', tone: 'acknowledged' });
    expect(done.controls).toMatchObject([{ label: 'Undo' }]);
    expect(cardText(done)).not.toContain('log-in');
  });

  it('for ten hosts or more attaches everything as CSV; for nine it does not', () => {
    const hosts = (count: number) => Array.from({ length: count }, (_, index) => delta({ address: `10.0.0.${index}` }));
    expect(byKind(hosts(9))).toBe(false);
    expect(parent(hosts(9)).attachment).toBeUndefined();
    expect(byKind(hosts(10))).toBe(true);
    const { attachment } = parent(hosts(10));
    expect(attachment).toMatchObject({ name: 'alert-7.csv', mimeType: 'text/csv', when: 'always' });
    expect(String(attachment?.content).trimEnd().split('\r\n')).toHaveLength(11);
  });

  it('names the alert that it continues, and the other groups in which it was seen', () => {
    const alsoIn = [
      { group: 'office', deltas: 2 },
      { group: 'core', deltas: 1 },
    ];
    const card = alertCard({
      alert,
      group,
      scan,
      deltas: [delta(), delta({ port: 80 })],
      alsoIn,
      earlier: { alert: 5 },
    });
    expect(cardText(card)).toMatch(
      /The same was reported before, in alert #5[\s\S]*Also seen in office, core \(1 of 2\); reported here only/,
    );
  });
});

describe('a host of an alert', () => {
  const one = (deltas: readonly Delta[], host = '10.0.0.5') => alertHostCard({ alert, group, host, deltas });

  it('shows before → after, evidence, why it matters, how certain, since when', () => {
    const text = cardText(one([delta({ grade: 'amber', probability: 0.12 })]));
    for (const part of [
      'Telnet opened on 10.0.0.5 (lab)',
      'not open → open: telnet?',
      'log-in and password cross the network in clear text',
      '• was closed: reset received',
      'high risk · likely, 88 %',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('says since when a port is seen, which may have been open before, and when a host was first seen', () => {
    const firstSeen = Date.UTC(2026, 10, 23, 12);
    expect(cardText(one([delta({ firstSeen })]))).toContain(' · seen since 2026-11-23 12:00 UTC');
    const { port: _port, protocol: _protocol, ...down } = delta({ kind: 'host-down', firstSeen });
    expect(cardText(one([down]))).toContain(' · first seen 2026-11-23 12:00 UTC');
  });

  it('never claims to be entirely certain', () => {
    expect(cardText(one([delta({ probability: 0.0001 })]))).toContain('over 99 %');
  });

  it('has its buttons for this host alone, the rest in a menu', () => {
    const { controls } = one([delta()]);
    expect(controls.map((control) => control.label)).toEqual(['Acknowledge', 'Expected', 'Recheck', 'More']);
    const menu = controls[3];
    expect(menu?.type === 'menu' ? menu.options.map((option) => option.label) : []).toEqual([
      'Acknowledge with a note…',
      'Mute…',
      'History',
      'False alarm',
    ]);
    expect(controls[0]).toMatchObject({ action: { type: 'acknowledge', scope: { alert: 7, host: '10.0.0.5' } } });
  });

  it('that is answered shows who, when and why, each answer once', () => {
    const given = { ...answered('expected', 'bob'), note: 'CHG-1' };
    const card = one([delta({ acknowledgement: given }), delta({ port: 80, acknowledgement: given })]);
    expect(cardText(card).split('Marked as expected by @bob 2026-11-24 12:00 UTC: “CHG-1”')).toHaveLength(2);
    expect(card).toMatchObject({ tone: 'expected', controls: [{ label: 'Undo' }] });
  });

  it('that was expected names the announcement and its ticket, on the parent too, and says that nobody clicked', () => {
    const given = { ...answered('expected', 'bob'), note: 'CHG-1', announced: 3 };
    const deltas = [delta({ acknowledgement: given })];
    for (const card of [parent(deltas), one(deltas)]) {
      expect(card.tone).toBe('expected');
      expect(cardText(card)).toContain('Expected, announced by @bob (expectation #3): “CHG-1”');
      expect(cardText(card)).not.toContain('Marked');
    }
  });

  it('with many changes lists the worst, with the full list attached where it is cut', () => {
    const card = one(Array.from({ length: 40 }, (_, index) => delta({ port: 1000 + index })));
    expect(card.title).toBe('40 services opened on 10.0.0.5 (lab)');
    expect(card.sections[0]).toMatchObject({ type: 'list', items: { length: 12 }, total: 40 });
    expect(card.attachment).toMatchObject({ when: 'cut' });
    expect(String(card.attachment?.content)).toContain('1039');
  });

  it('that has flipped since shows what is true now, and how often it flipped', () => {
    const now = { kind: 'service-added' as const, at: NOW + 3_600_000 };
    expect(cardText(one([delta({ repeats: 2, now })]))).toContain(
      'now: open again since 2026-11-24 13:00 UTC; 3 changes since 2026-11-24 12:00 UTC',
    );
    const gone = { kind: 'service-removed' as const, at: NOW + 3_600_000 };
    const card = one([delta({ repeats: 1, now: gone, resolvedAt: gone.at })]);
    expect(card).toMatchObject({ tone: 'resolved', controls: [] });
    expect(cardText(card)).toContain('Resolved, now: closed since 2026-11-24 13:00 UTC');
  });

  it('may be a subnet: an outage is one message with its members', () => {
    const members = Array.from({ length: 30 }, (_, index) => `10.0.0.${index}`);
    const card = one([delta({ kind: 'outage', address: '10.0.0.0/24', members })], '10.0.0.0/24');
    expect(card.title).toBe('30 hosts of lab went silent at once (10.0.0.0/24)');
    expect(cardText(card)).toMatch(/10\.0\.0\.0-29[\s\S]*risk · certain/);
    expect(String(card.attachment?.content)).toContain('10.0.0.29');
  });
});

describe('a kind of a large alert', () => {
  it('has a line for each change, worst first, with buttons for just that kind', () => {
    const deltas = [delta({ risk: 'low' }), delta({ address: '10.0.0.9', risk: 'critical' })];
    const card = alertKindCard({ alert, group, kind: 'service-added', deltas });
    expect(card).toMatchObject({ title: 'Telnet opened on 2 hosts of lab (10.0.0.5, 10.0.0.9)', tone: 'critical' });
    expect(cardText(card)).toContain('Telnet 23/tcp opened on 2 hosts: 10.0.0.5, 10.0.0.9 · critical risk, certain');
    expect(card.controls[0]).toMatchObject({ action: { scope: { alert: 7, kind: 'service-added' } } });
    // The full list is attached to the parent; a second copy would be one too many.
    expect(card.attachment).toBeUndefined();
  });
});
