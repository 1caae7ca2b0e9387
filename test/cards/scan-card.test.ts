import { describe, expect, it } from 'vitest';
import { firstDeterminedCard } from '../../src/cards/first-determined.ts';
import { scanCard } from '../../src/cards/scan.ts';
import { scanLine } from '../../src/cards/scan-lists.ts';
import type { ScanSummary } from '../../src/cards/scan-result.ts';
import { said } from '../../src/cards/words.ts';
import { GROUP_DEFAULTS, type Group } from '../../src/core/model/group.ts';
import { DEFAULT_POLICY } from '../../src/core/model/policy.ts';
import { profileSettings } from '../../src/core/model/profile.ts';
import type { Scan, SeenHost } from '../../src/core/model/scan.ts';
import { NOW } from '../commands/lab.ts';
import { cardText } from '../commands/text.ts';
import { delta } from '../gallery/samples.ts';

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
  baseline: false,
  firstDetermined: [],
};
const outage = delta({ kind: 'outage', address: '10.0.0.0/24' });
const card = (change: Partial<Scan>, told?: Partial<ScanSummary>) =>
  scanCard({
    scan: scanOf(change),
    group,
    now: NOW,
    ...(told === undefined ? {} : { summary: { ...summary, ...told } }),
  });

describe('the message of a scan', () => {
  const going = { phases: ['ports'], done: 25, at: NOW } as const;
  const progressOf = (change: Partial<Scan>) => {
    const [section] = card(change).sections;
    return section?.type === 'progress' ? [section.percent, section.label] : undefined;
  };

  it('shows what is done, how far it is, how many are up and how long it will take', () => {
    const running = card({ hostsDone: 250, hostsUp: 12, percent: 25, underWay: going });
    expect(running.sections[0]).toEqual({
      type: 'progress',
      percent: 25,
      label: 'ports · 250 of 1,000 addresses done · 12 up · about 3 minutes left',
    });
    expect(running.controls).toMatchObject([{ label: 'Cancel', action: { type: 'cancel-scan', scan: 3 } }]);
  });

  it('estimates no end before there is a basis for it', () => {
    expect(progressOf({ hostsDone: 10 })).toEqual([0, '10 of 1,000 addresses done · 0 up']);
    // nmap is nearly done with its first step, which says nothing about the rest.
    const underWay = { phases: ['discovery'], step: 97, done: 0, at: NOW } as const;
    expect(progressOf({ underWay })).toEqual([
      0,
      'looking who is there, this step 97 % · 0 of 1,000 addresses done · 0 up',
    ]);
  });

  it('names the activities of its parts', () => {
    const underWay = { phases: ['discovery', 'versions'], done: 1, at: NOW } as const;
    expect(progressOf({ underWay })).toEqual([0, 'looking who is there, versions · 0 of 1,000 addresses done · 0 up']);
  });

  it('estimates nothing while its worker is lost, and not from what was lost with it', () => {
    const lost = { ...going, at: NOW - 150_000 };
    const startedAt = NOW - 300_000;
    expect(progressOf({ startedAt, percent: 25, hostsDone: 250, underWay: lost })?.[1]).toBe(
      'ports · 250 of 1,000 addresses done · 0 up · no word from a worker for 2 minutes',
    );
    expect(progressOf({ startedAt })?.[1]).toContain('no word from a worker for 5 minutes');
    const anew = { phases: ['discovery'], done: 0, at: NOW } as const;
    expect(progressOf({ startedAt, percent: 25, underWay: anew })).toEqual([
      25,
      'looking who is there · 0 of 1,000 addresses done · 0 up',
    ]);
  });

  it('counts chunks where they are ahead, and is never done before its end', () => {
    expect(progressOf({ chunksDone: 2 })?.[0]).toBe(50);
    expect(progressOf({ percent: 100, chunksDone: 4 })?.[0]).toBe(99);
    expect(progressOf({ hostsTotal: 0, chunkCount: 0 })?.[0]).toBe(0);
  });

  it('cannot be cancelled once it is judged', () => {
    for (const status of ['judging', 'done', 'cancelled', 'failed'] as const)
      expect(card({ status }).controls).toEqual([]);
  });

  it('ends with what is open and what has changed', () => {
    const text = cardText(card({ status: 'done', chunksDone: 4, finishedAt: NOW }, { candidates: 1, heldBack: 2 }));
    expect(text).toContain('✔ lab: scan #3 done');
    expect(text).toContain('No change. 1 doubtful change waits for more evidence. 2 changes were held back');
    expect(text).toContain('(delta list state:suppressed). 2 hosts up, 2 open ports.');
    expect(text).not.toContain('10.0.0.1: 22/tcp');
    expect(text).toContain('took 1 minute');
  });

  it('that changed nothing is one line, and no list', () => {
    expect(card({ status: 'done', finishedAt: NOW }, {}).sections).toEqual([
      { type: 'text', text: ['No change.', ' ', '2 hosts up, 2 open ports.'].map(said) },
    ]);
  });

  it('of a first scan also shows its baseline: the hosts, and what repeats added', () => {
    const added = [{ address: '10.0.0.2', protocol: 'tcp' as const, port: 8080, scanId: 4, at: NOW }];
    const text = cardText(card({ status: 'done', finishedAt: NOW }, { baseline: true, firstDetermined: added }));
    expect(text).toContain('Baseline recorded. What changes from here on is alerted.');
    expect(text).toMatch(/• 10\.0\.0\.1-2: 22\/tcp[\s\S]*A further look found:\n• 10\.0\.0\.2: 8080\/tcp/);
  });

  it('names what was seen for the first time', () => {
    const firstDetermined = [{ address: '10.0.0.2', protocol: 'tcp' as const, port: 8080, scanId: 3, at: NOW }];
    expect(cardText(card({ status: 'done', finishedAt: NOW }, { firstDetermined }))).toContain(
      'Seen for the first time, so listed and not alerted:\n• 10.0.0.2: 8080/tcp',
    );
  });

  it('counts hosts that answered, were silent and were not scanned separately', () => {
    const believed = { hosts: 28, silentHosts: 2, uncoveredHosts: 4, services: 36, silentServices: 3 };
    const done = card({ status: 'done', finishedAt: NOW }, { seen: { hostsUp: 26, openPorts: 33, believed } });
    expect(done.tone).toBe('good');
    expect(cardText(done)).toContain(
      'No change. 26 hosts up, 33 open ports; 2 believed up did not answer; 4 believed up not covered.',
    );
  });

  it.each([
    [{}, 'Silence proves little: nothing counts as gone yet.'],
    [{ candidates: 28 }, 'Nothing counts as gone yet: the next scan will tell.'],
    [{ candidates: 28, askedAgainAt: NOW }, 'Nothing counts as gone yet: NetDelta asks again at '],
    [{ deltas: [outage] }, 'NetDelta takes it for an outage and counts no host as down.'],
    [{ deltas: [{ ...outage, kind: 'host-dark' as const }] }, 'What NetDelta makes of it is in the alert.'],
  ])('that was blind says so first, and how it was treated: %j', (told, words) => {
    const believed = { hosts: 30, silentHosts: 30, uncoveredHosts: 0, services: 30, silentServices: 28 };
    const blind = card({ status: 'done', finishedAt: NOW }, { seen: { hostsUp: 0, openPorts: 0, believed }, ...told });
    expect(blind).toMatchObject({ title: 'lab: scan #3 had no answer from 28 of 30 services', tone: 'warning' });
    expect(cardText(blind)).toContain(words);
    expect(cardText(blind)).toContain('None of the 30 hosts believed up answered.');
    expect(cardText(blind)).not.toMatch(/No change|doubtful/);
  });

  it('names some of many hosts and attaches all', () => {
    const hosts = Array.from({ length: 40 }, (_, index) => ({ ...host(index), hostnames: [`h${index}.lan`] }));
    const done = card(
      { status: 'done', finishedAt: NOW },
      { baseline: true, seen: { hostsUp: 40, openPorts: 40, hosts } },
    );
    expect(cardText(done)).toContain('and 25 more');
    expect(String(done.attachment?.content)).toContain('10.0.0.39');
  });

  it('shows identical hosts once', () => {
    const seen = { hostsUp: 300, openPorts: 300, hosts: Array.from({ length: 200 }, (_, index) => host(index)) };
    const text = cardText(card({ status: 'done', finishedAt: NOW }, { baseline: true, seen }));
    expect(text).toContain('• 10.0.0.0-199: 22/tcp\n');
    expect(text).toContain('and 100 more');
  });

  it('says whether a cancelled scan had seen anything', () => {
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
  it('answers its question, and counts no host that it only assumed to be up', () => {
    const answers = [
      { address: '10.0.0.9', protocol: 'tcp' as const, port: 22, words: 'open: syn-ack received', open: true },
      { address: '10.0.0.8', words: 'up was assumed, and no port answered' },
    ];
    const change = { kind: 'confirmation', status: 'done', finishedAt: NOW } as const;
    const text = cardText(card(change, { seen: { hostsUp: 1, openPorts: 1, hosts: [host(9)], answers } }));
    expect(text).toContain('• 22/tcp on 10.0.0.9 is open: syn-ack received, ');
    expect(text).toContain('• 10.0.0.8: up was assumed, and no port answered');
    expect(text).not.toContain(' up, ');
    expect(text).not.toContain('No change');
  });

  it('that a user requested has the answer in its title', () => {
    const recheck = { kind: 'confirmation', origin: { type: 'recheck', by: 'console:local' }, status: 'done' } as const;
    const title = (words: string, open?: boolean, was?: boolean) => {
      const asked = { address: '10.0.0.9', protocol: 'tcp' as const, port: 22, words };
      const answers = [{ ...asked, ...(open ? { open } : {}), ...(was === undefined ? {} : { was }) }];
      return card({ ...recheck, finishedAt: NOW }, { seen: { hostsUp: 1, openPorts: 1, answers } }).title;
    };
    expect(title('open: syn-ack received', true)).toBe('Recheck: 22/tcp on 10.0.0.9 is open (lab)');
    expect(title('closed: reset received')).toBe('Recheck: 22/tcp on 10.0.0.9 is closed (lab)');
    expect(title('open: syn-ack received', true, true)).toBe('Recheck: 22/tcp on 10.0.0.9 is still open (lab)');
    expect(title('closed: reset received', false, true)).toBe('Recheck: 22/tcp on 10.0.0.9 is closed (lab)');
    expect(title('closed: reset received', false, false)).toBe('Recheck: 22/tcp on 10.0.0.9 is still closed (lab)');
    expect(title('no answer: filtered or the probe was lost')).toBe('Recheck: 22/tcp on 10.0.0.9 did not answer (lab)');
    expect(card({ ...recheck, finishedAt: NOW }, {}).tone).toBe('info');
    expect(card({ ...recheck, status: 'running' }).title).toBe('lab: recheck #3 is running');
  });
});

describe('the list of scans', () => {
  it('counts no host that was not looked at yet, and says why there was a further look', () => {
    const looked = { kind: 'confirmation', parentId: 2, status: 'done', hostsTotal: 1, hostsUp: 1 } as const;
    const lines = (
      [
        { status: 'queued' },
        looked,
        { ...looked, origin: { type: 'recheck', by: 'console:local' } },
        { ...looked, origin: { type: 'baseline' } },
      ] as const
    ).map((change) =>
      cardText({
        title: '',
        tone: 'info',
        controls: [],
        sections: [{ type: 'text', text: scanLine(scanOf(change), 'lab') }],
      }),
    );
    expect(lines).toEqual([
      expect.stringContaining('lab: queued, 1,000 addresses, '),
      expect.stringContaining('lab (confirms scan #2): done, 1 of 1 host up'),
      expect.stringContaining('lab (rechecks scan #2): done'),
      expect.stringContaining('lab (completes the baseline of scan #2): done'),
    ]);
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
    // A port that the group did not ask before joins two weeks later.
    const later = { address: '10.0.0.2', protocol: 'tcp' as const, port: 9000, scanId: 74, at: NOW + 14 * 86_400_000 };
    const grown = firstDeterminedCard({ group, items: [...items, later] });
    expect(grown.title).toBe('lab: its baseline has grown');
    expect(cardText(grown)).toMatch(
      /Scan #74 added, 2026-12-08 12:00 UTC:\n• 10\.0\.0\.2: 9000\/tcp\nIn all 2 hosts, 3 open ports\./,
    );
  });
});
