import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Group } from '../../../src/core/model/group.ts';
import type { HostPorts, ScanSettings } from '../../../src/core/model/scan.ts';
import { fromAddressRanges, rangesContain } from '../../../src/core/network/address-ranges.ts';
import type { QueuedScan } from '../../../src/ports/queue.ts';
import { identifiedBy, identifiedNotes, reportedIn } from '../../../src/usecases/judging/identified.ts';
import { requestScan, startNext } from '../../../src/usecases/scanning/request-scan.ts';
import { commitOf, host, judgingScan, service } from '../../adapters/store-contract/samples.ts';
import { recordingQueue } from '../recording-queue.ts';
import { openWorkshop, type Workshop } from '../workshop.ts';

const DAY = 86_400_000;
const WEEK = 7 * DAY;
let workshop: Workshop;
let queued: QueuedScan[];
beforeEach(async () => {
  workshop = await openWorkshop();
  queued = [];
});
afterEach(() => workshop.close());

const queue = recordingQueue(() => queued);
const deps = () => ({
  ...workshop,
  queue,
  resolver: { resolve: async () => [] },
  allowed: ['10.0.0.0/8'],
  wake: () => {},
});
const schedule = { type: 'schedule', schedule: 1 } as const;

/** A judged scan that found these services, and identified some of them. */
async function judged(group: Group, open: Readonly<Record<string, readonly number[]>>, hosts: readonly HostPorts[]) {
  const { now } = workshop.time;
  const scan = await judgingScan(workshop.store, group.id, { queuedAt: now });
  const states = Object.entries(open).map(([address, ports]) =>
    host(address, { firstSeen: now, services: ports.map((port) => service(port, { since: now, memory: {} })) }),
  );
  const identified = { askedAt: now, site: group.site, hosts };
  await workshop.store.deltas.commit(commitOf(scan, { at: now, finishedAt: now, hosts: states, identified }));
}

const knownOf = (scan: QueuedScan | undefined) => scan?.chunks.map(({ known }) => known);

describe('a scan of a group with version-every', () => {
  it('tells the workers of each chunk what is open in it and need not be identified again', async () => {
    const group = await workshop.addGroup({ targets: ['10.0.0.0/22'], versionEveryMs: WEEK });
    await judged(group, { '10.0.0.9': [22, 80], '10.0.2.7': [443], '10.0.2.8': [443] }, [
      { address: '10.0.0.9', tcp: '22' },
      { address: '10.0.2.7', tcp: '443' },
      { address: '10.0.3.1', tcp: '25' },
    ]);
    workshop.time.now += DAY;
    await requestScan(deps(), { group, origin: schedule });
    const chunks = queued[0]?.chunks ?? [];
    expect(chunks.every(({ known }) => known !== undefined)).toBe(true);
    for (const { ranges, known = [] } of chunks) {
      const asked = fromAddressRanges(ranges);
      expect(known.every(({ address }) => rangesContain(asked, address))).toBe(true);
    }
    expect(chunks.flatMap(({ known = [] }) => known)).toEqual([
      { address: '10.0.0.9', tcp: '22' },
      { address: '10.0.2.7', tcp: '443' },
    ]);
  });

  it('knows nothing once it is due, and for somebody who names a profile', async () => {
    const group = await workshop.addGroup({ targets: ['10.0.0.1'], versionEveryMs: WEEK });
    await judged(group, { '10.0.0.1': [22] }, [{ address: '10.0.0.1', tcp: '22' }]);
    const ask = async (request: Partial<Parameters<typeof requestScan>[1]> = {}) => {
      const { scan } = await requestScan(deps(), { group, origin: schedule, ...request });
      await workshop.store.scans.transition(scan.id, ['queued'], 'cancelled', {});
      return knownOf(queued.at(-1));
    };
    const by = { type: 'command', by: 'console:local', channel: 'console:main' } as const;
    workshop.time.now += DAY;
    expect(await ask()).toEqual([[{ address: '10.0.0.1', tcp: '22' }]]);
    expect(await ask({ origin: by })).toEqual([[{ address: '10.0.0.1', tcp: '22' }]]);
    expect(await ask({ profile: 'standard' })).toEqual([[{ address: '10.0.0.1', tcp: '22' }]]);
    expect(await ask({ origin: by, profile: 'standard' })).toEqual([[]]);
    workshop.time.now += 6 * DAY;
    expect(await ask()).toEqual([[]]);
  });

  it('knows nothing of what another site has read: the same addresses are other hosts there', async () => {
    const group = await workshop.addGroup({ targets: ['10.0.0.1'], versionEveryMs: WEEK });
    await judged(group, { '10.0.0.1': [22] }, [{ address: '10.0.0.1', tcp: '22' }]);
    workshop.time.now += DAY;
    for (const site of ['branch', 'local']) {
      const { scan } = await requestScan(deps(), { group: { ...group, site }, origin: schedule });
      await workshop.store.scans.transition(scan.id, ['queued'], 'cancelled', {});
    }
    expect(queued.map(knownOf)).toEqual([[[]], [[{ address: '10.0.0.1', tcp: '22' }]]]);
  });

  it('that waits for another one knows what that one has found', async () => {
    const group = await workshop.addGroup({ targets: ['10.0.0.1'], versionEveryMs: WEEK });
    await judged(group, { '10.0.0.1': [22] }, [{ address: '10.0.0.1', tcp: '22' }]);
    const first = await requestScan(deps(), { group, origin: schedule });
    await workshop.store.scans.transition(first.scan.id, ['queued'], 'running', {});
    const second = await requestScan(deps(), { group, origin: schedule });
    expect(second.added).toBe(true);
    const found = [
      host('10.0.0.1', { services: [service(22, { since: workshop.time.now, memory: { pending: {} } })] }),
    ];
    await workshop.store.scans.transition(first.scan.id, ['running'], 'judging', {});
    await workshop.store.deltas.commit(commitOf(first.scan, { hosts: found }));
    await startNext(deps(), group.id);
    expect(queued.map(({ scanId }) => scanId)).toEqual([first.scan.id, second.scan.id]);
    expect(queued.map(knownOf)).toEqual([[[{ address: '10.0.0.1', tcp: '22' }]], [[]]]);
  });

  it('with UDP, without versions or without the option reads what its profile reads', async () => {
    const options = [
      { versionEveryMs: WEEK, ports: '22,U:53' },
      { versionEveryMs: WEEK, profile: 'quick' },
      { profile: 'standard' },
    ];
    for (const [index, change] of options.entries()) {
      const group = await workshop.addGroup({ name: `g${index}`, targets: ['10.0.0.1'], ...change });
      const { scan } = await requestScan(deps(), { group, origin: schedule });
      expect(scan.settings.versionEveryMs).toBeUndefined();
      expect(knownOf(queued.at(-1))).toEqual([undefined]);
    }
  });
});

describe('what workers say that they identified', () => {
  const settings = { versionEveryMs: WEEK } as ScanSettings;
  const chunks = [{ ranges: [['10.0.0.0', '10.0.0.9']] as const, family: 4 as const, settings }];
  const staged = (identified: readonly HostPorts[] | undefined, outcome: 'complete' | 'failed' = 'complete') => [
    { chunk: 0, xml: Buffer.from(''), outcome, ...(identified === undefined ? {} : { identified }) },
  ];

  it('counts if it is ports of hosts that they were asked for', () => {
    const mine = { address: '10.0.0.9', tcp: '22,80-81' };
    const wrong = [
      { address: '10.0.0.10', tcp: '22' },
      { address: 'nobody', tcp: '22' },
      { address: '10.0.0.1', tcp: '22;DROP' },
    ];
    expect(reportedIn(chunks, staged([mine, ...wrong]))).toEqual({ hosts: [mine] });
    expect(reportedIn(chunks, staged([mine], 'failed'))).toBeUndefined();
    expect(reportedIn(chunks, staged(undefined))).toBeUndefined();
  });

  it('does not count where a service that is known did not say what it is', async () => {
    const group = await workshop.addGroup({ targets: ['10.0.0.0/28'], versionEveryMs: WEEK });
    const identity = { name: 'ssh', product: 'OpenSSH', version: '9.2', method: 'probed', confidence: 10 } as const;
    const services = [service(22, { identity }), service(80)];
    const scan = await judgingScan(workshop.store, group.id);
    await workshop.store.deltas.commit(commitOf(scan, { hosts: [host('10.0.0.9', { services })] }));
    const reported = [
      { address: '10.0.0.9', tcp: '22,80,443', unclear: '22,80,443' },
      { address: '10.0.0.8', tcp: '25', unclear: '25' },
      { address: '10.0.0.7', tcp: '22' },
    ];
    const from = { groupId: group.id, queuedAt: 5, site: 'local' };
    expect(await identifiedBy(workshop.store.states, from, { hosts: reported })).toEqual({
      ...{ askedAt: 5, site: 'local' },
      hosts: [
        { address: '10.0.0.9', tcp: '80,443' },
        { address: '10.0.0.8', tcp: '25' },
        { address: '10.0.0.7', tcp: '22' },
      ],
    });
    expect(await identifiedBy(workshop.store.states, from, undefined)).toBeUndefined();
  });

  it('is counted for the scan’s message, unless it is all', () => {
    const note = (tcp: string, open: number) =>
      identifiedNotes(
        { settings } as never,
        { askedAt: 5, site: 'local', hosts: [{ address: '10.0.0.9', tcp }] },
        open,
      );
    expect(note('22,80-81', 1260)).toEqual([
      'versions were read of 3 of 1,260 open ports; the others are read again when they are due (every 1 week)',
    ]);
    expect(note('22,80-81', 3)).toEqual([]);
    expect(identifiedNotes({ settings } as never, { askedAt: 5, site: 'local', hosts: [] }, 2)).toEqual([
      'versions were read of none of 2 open ports; they are read again when they are due (every 1 week)',
    ]);
    expect(identifiedNotes({ settings } as never, undefined, 2)).toEqual([]);
  });
});
