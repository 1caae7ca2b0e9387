import { describe, expect, it } from 'vitest';
import { firstDeterminedCard } from '../../src/cards/first-determined.ts';
import { scanCard } from '../../src/cards/scan.ts';
import type { ScanSummary } from '../../src/cards/scan-result.ts';
import { GROUP_DEFAULTS, type Group } from '../../src/core/model/group.ts';
import { DEFAULT_POLICY } from '../../src/core/model/policy.ts';
import { profileSettings } from '../../src/core/model/profile.ts';
import type { Scan, SeenHost } from '../../src/core/model/scan.ts';
import { NOW } from '../commands/lab.ts';
import { cardText } from '../commands/text.ts';

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

function scanOf(change: Partial<Scan>): Scan {
  return {
    id: 3,
    groupId: 1,
    number: 2,
    kind: 'scan',
    status: 'running',
    origin: { type: 'command', by: 'console:local', channel: 'console:main' },
    settings: profileSettings('quick'),
    site: 'local',
    chunkCount: 4,
    chunksDone: 0,
    hostsTotal: 1000,
    hostsDone: 0,
    hostsUp: 0,
    queuedAt: NOW - 61_000,
    startedAt: NOW - 60_000,
    notes: [],
    ...change,
  };
}

const host = (last: number): SeenHost => ({
  address: `10.0.0.${last}`,
  hostnames: [],
  timedOut: false,
  ports: [{ protocol: 'tcp', port: 22 }],
});
const summary: ScanSummary = {
  seen: { hostsUp: 2, openPorts: 2, hosts: [host(1), host(2)] },
  deltas: [],
  candidates: 0,
  heldBack: 0,
  firstDetermined: 0,
};
const card = (change: Partial<Scan>, told?: Partial<ScanSummary>) =>
  scanCard({
    scan: scanOf(change),
    group,
    now: NOW,
    ...(told === undefined ? {} : { summary: { ...summary, ...told } }),
  });

describe('the message of a scan', () => {
  it('shows how far it is, how many are up and how long it will take', () => {
    const running = card({ hostsDone: 250, hostsUp: 12 });
    expect(running.sections[0]).toEqual({
      type: 'progress',
      percent: 25,
      label: '250 of 1,000 hosts, 12 up, about 3 minutes left',
    });
    expect(running.controls).toMatchObject([{ label: 'Cancel', action: { type: 'cancel-scan', scan: 3 } }]);
  });

  it('promises no end before there is something to go by', () => {
    expect(card({ hostsDone: 10 }).sections[0]).toMatchObject({ label: '10 of 1,000 hosts, 0 up' });
  });

  it('goes by chunks where hosts are not told yet, and is never done before its end', () => {
    expect(card({ chunksDone: 2 }).sections[0]).toMatchObject({ percent: 50 });
    expect(card({ hostsDone: 1000, chunksDone: 4 }).sections[0]).toMatchObject({ percent: 99 });
    expect(card({ hostsTotal: 0, chunkCount: 0 }).sections[0]).toMatchObject({ percent: 0 });
  });

  it('cannot be cancelled once it is judged', () => {
    for (const status of ['judging', 'done', 'cancelled', 'failed'] as const)
      expect(card({ status }).controls).toEqual([]);
  });

  it('ends with what is open and what has changed', () => {
    const text = cardText(card({ status: 'done', chunksDone: 4, finishedAt: NOW }, { candidates: 1, heldBack: 2 }));
    expect(text).toContain('✔ lab: scan #3 done');
    expect(text).toContain('No change. 1 doubtful change waits for more evidence. 2 changes were held back');
    expect(text).toContain('2 hosts up, 2 open ports');
    expect(text).toContain('10.0.0.1: 22/tcp');
    expect(text).toContain('took 1 minute');
  });

  it('says of the first scan that there was nothing to compare with', () => {
    expect(cardText(card({ status: 'done', number: 1, finishedAt: NOW }, {}))).toContain('Baseline recorded.');
  });

  it('names some of many hosts and brings all', () => {
    const hosts = Array.from({ length: 40 }, (_, index) => host(index));
    const done = card({ status: 'done', finishedAt: NOW }, { seen: { hostsUp: 40, openPorts: 40, hosts } });
    expect(cardText(done)).toContain('and 25 more');
    expect(String(done.attachment?.content)).toContain('10.0.0.39');
  });

  it('says of one that was cancelled whether there was anything to see', () => {
    const { startedAt: _, ...waiting } = scanOf({ status: 'cancelled', finishedAt: NOW });
    expect(cardText(scanCard({ scan: waiting, group, now: NOW }))).toContain('It had not started.');
    expect(cardText(card({ status: 'cancelled', finishedAt: NOW }))).toContain('No host was complete.');
  });

  it('says why it failed, and what part of it did', () => {
    expect(card({ status: 'failed', error: 'nmap is gone', finishedAt: NOW })).toMatchObject({
      tone: 'error',
      summary: expect.stringContaining('nmap is gone'),
    });
    expect(card({ status: 'done', chunksDone: 3, finishedAt: NOW }, {}).title).toBe('lab: scan #3 done in part');
    expect(cardText(card({ status: 'done', finishedAt: NOW, notes: ['connect scan: no raw sockets'] }))).toContain(
      '• connect scan: no raw sockets',
    );
  });
});

describe('the message of a confirmation', () => {
  it('answers what it was asked, and counts no host that it only assumed to be up', () => {
    const answers = [
      { address: '10.0.0.9', protocol: 'tcp' as const, port: 22, words: 'open: syn-ack received', open: true },
      { address: '10.0.0.8', words: 'up was assumed, and no port answered' },
    ];
    const change = { kind: 'confirmation', status: 'done', finishedAt: NOW } as const;
    const text = cardText(card(change, { seen: { hostsUp: 1, openPorts: 1, hosts: [host(9)], answers } }));
    expect(text).toContain('• 22/tcp on 10.0.0.9 is open: syn-ack received, ');
    expect(text).toContain('• 10.0.0.8: up was assumed, and no port answered');
    expect(text).not.toContain(' up, ');
  });
});

describe('what is first determined', () => {
  it('is one line for each host, with its services', () => {
    const at = { scanId: 1, at: NOW };
    const items = [
      { address: '10.0.0.1', ...at },
      { address: '10.0.0.1', protocol: 'tcp' as const, port: 22, ...at },
      {
        address: '10.0.0.2',
        protocol: 'tcp' as const,
        port: 80,
        identity: { name: 'http', method: 'probed' as const, confidence: 10 },
        ...at,
      },
    ];
    const text = cardText(firstDeterminedCard({ group, items }));
    expect(text).toContain('2 hosts, 2 open ports');
    expect(text).toContain('• 10.0.0.1: 22/tcp\n• 10.0.0.2: 80/tcp http');
  });
});
