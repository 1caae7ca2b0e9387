import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import type { ScanSettings } from '../../../src/core/model/scan.ts';
import { fromAddressRanges, rangesContain, toAddressRanges } from '../../../src/core/network/address-ranges.ts';
import { mergeRanges } from '../../../src/core/network/range-set.ts';
import type { Queue, QueuedScan } from '../../../src/ports/queue.ts';
import type { Resolver } from '../../../src/ports/resolver.ts';
import { confirmationChunks } from '../../../src/usecases/judging/confirm-doubts.ts';
import { cancelScan } from '../../../src/usecases/scanning/cancel-scan.ts';
import { nameChanges } from '../../../src/usecases/scanning/name-changes.ts';
import { requestScan, startNext } from '../../../src/usecases/scanning/request-scan.ts';
import { resumeScans } from '../../../src/usecases/scanning/resume-scans.ts';
import { commitOf, host, judgingScan } from '../../adapters/store-contract/samples.ts';
import { openWorkshop, quiet, type Workshop } from '../workshop.ts';

let workshop: Workshop;
let queued: QueuedScan[];
let cancelled: number[];
let names: Record<string, string[]>;
beforeEach(async () => {
  workshop = await openWorkshop();
  queued = [];
  cancelled = [];
  names = {};
});
afterEach(() => workshop.close());

/** Records its calls; the real one has its own tests. */
const queue: Queue = {
  addScan: async (scan) => void queued.push(scan),
  retarget: async (scan) => void queued.push(scan),
  cancelScan: async (id) => void cancelled.push(id),
  scans: async () => queued,
  dropScan: async () => undefined,
  hasScan: async (id) => queued.some((scan) => scan.scanId === id),
  stats: async () => ({ sites: [] }),
};
const resolver: Resolver = { resolve: async (name) => names[name] ?? [] };
const deps = (allowed = ['10.0.0.0/8']) => ({
  ...workshop,
  queue,
  resolver,
  allowed,
  startNext: async () => {},
  wake: () => {},
});
const origin = { type: 'command', by: 'console:local', channel: 'console:main' } as const;

describe('a requested scan', () => {
  it('goes to the queue in chunks that cover just its targets without the exclusions', async () => {
    const group = await workshop.addGroup({ targets: ['10.0.0.0/22'], exclude: ['10.0.1.0-10.0.1.255'] });
    const { scan, added } = await requestScan(deps(), { group, origin });
    expect(added).toBe(true);
    expect(scan.hostsTotal).toBe(768);
    expect(queued.flatMap((one) => one.chunks.flatMap((chunk) => chunk.ranges))).toEqual([
      ['10.0.0.0', '10.0.0.255'],
      ['10.0.2.0', '10.0.2.255'],
      ['10.0.3.0', '10.0.3.255'],
    ]);
  });

  it('is in the audit with its reason, unless a command in the audit is the reason', async () => {
    const group = await workshop.addGroup({ targets: ['10.0.0.1'] });
    const { scan: first } = await requestScan(deps(), { group, origin: { type: 'schedule', schedule: 3 } });
    await workshop.store.scans.transition(first.id, ['queued'], 'done', {});
    await requestScan(deps(), { group, origin });
    const { items } = await workshop.store.audit.list({}, { limit: 10, offset: 0 });
    expect(items.map(({ request }) => request)).toEqual(['scan 1 of lab, 1 address, for schedule 3']);
  });

  it('begins with the chunks in which hosts were up, each in its turn', async () => {
    const group = await workshop.addGroup({ targets: ['10.0.0.0/21'] });
    const scan = await judgingScan(workshop.store, group.id);
    const hosts = ['10.0.6.1', '10.0.3.1'].map((address) => host(address));
    await workshop.store.deltas.commit(commitOf(scan, { hosts }));
    await requestScan(deps(), { group, origin });
    const starts = queued[0]?.chunks.map(({ ranges }) => ranges[0]?.[0]) ?? [];
    const [first, second, ...silent] = queued[0]?.chunks.map(({ ranges }) => fromAddressRanges(ranges)) ?? [];
    expect(first !== undefined && rangesContain(first, '10.0.3.1')).toBe(true);
    expect(second !== undefined && rangesContain(second, '10.0.6.1')).toBe(true);
    expect(starts.slice(2)).toEqual([...starts.slice(2)].sort());
    expect(silent.length).toBeGreaterThan(4);
    const all = mergeRanges(queued[0]?.chunks.flatMap(({ ranges }) => fromAddressRanges(ranges)) ?? []);
    expect(toAddressRanges(all)).toEqual([['10.0.0.0', '10.0.7.255']]);
  });

  it('of a /12 has at most 1,024 chunks', async () => {
    const group = await workshop.addGroup({ targets: ['10.16.0.0/12'] });
    await requestScan(deps(), { group, origin });
    const chunks = queued[0]?.chunks.length ?? 0;
    expect(chunks).toBeLessThanOrEqual(1024);
    expect(chunks).toBeGreaterThan(900);
  });

  it('requested twice at once is one', async () => {
    const group = await workshop.addGroup();
    const answers = await Promise.all([1, 2, 3].map(() => requestScan(deps(), { group, origin })));
    expect(answers.filter((answer) => answer.added)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.scan.id)).size).toBe(1);
  });

  it('while another runs waits for its end', async () => {
    const group = await workshop.addGroup();
    const first = await requestScan(deps(), { group, origin });
    await workshop.store.scans.transition(first.scan.id, ['queued'], 'running', { startedAt: 1 });
    const second = await requestScan(deps(), { group, origin });
    expect(second.added).toBe(true);
    expect(queued.map((scan) => scan.scanId)).toEqual([first.scan.id]);
    await workshop.store.scans.transition(first.scan.id, ['running'], 'done', { finishedAt: 2 });
    await startNext(deps(), group.id);
    expect(queued.map((scan) => scan.scanId)).toEqual([first.scan.id, second.scan.id]);
  });

  it('of a paused group is refused', async () => {
    const group = await workshop.addGroup();
    await workshop.store.groups.setStatus(group.id, 'paused');
    const paused = await workshop.store.groups.byId(group.id);
    await expect(requestScan(deps(), { group: paused ?? group, origin })).rejects.toThrow('paused');
  });

  it('of a name that leads outside what is allowed is refused, with the line to set', async () => {
    names = { 'evil.example': ['192.0.2.1'] };
    const group = await workshop.addGroup({ targets: ['10.0.0.1', 'evil.example'] });
    const refused = await requestScan(deps(), { group, origin }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UserError);
    expect(refused).toMatchObject({
      word: 'evil.example',
      hint: expect.stringContaining('NETDELTA_ALLOWED_TARGETS=10.0.0.0/8,192.0.2.1'),
    });
    expect(queued).toEqual([]);
  });

  it('with a name that does not resolve says so and scans the rest; with only such names it is refused', async () => {
    const group = await workshop.addGroup({ targets: ['10.0.0.1', 'nowhere.example'] });
    const { scan } = await requestScan(deps(), { group, origin });
    expect(scan.notes).toEqual(['nowhere.example does not resolve: not covered']);
    const lost = await workshop.addGroup({ name: 'lost', targets: ['nowhere.example'] });
    await expect(requestScan(deps(), { group: lost, origin })).rejects.toThrow('nowhere.example');
  });

  it('is refused while an excluded name can not be resolved: its addresses might be among the targets', async () => {
    const group = await workshop.addGroup({ exclude: ['printer.example'] });
    await expect(requestScan(deps(), { group, origin })).rejects.toThrow('printer.example');
    names = { 'printer.example': ['10.0.0.7'] };
    const { scan } = await requestScan(deps(), { group, origin });
    expect(scan.hostsTotal).toBe(255);
  });
});

describe('a host name that changes its address', () => {
  it('is reported once when an address comes, and when one has been gone for some scans', async () => {
    const group = await workshop.addGroup({ targets: ['www.example'] });
    const seen: string[] = [];
    for (const addresses of [
      ['10.0.0.1'],
      ['10.0.0.2'],
      ['10.0.0.1'],
      ['10.0.0.2'],
      ['10.0.0.2'],
      ['10.0.0.2'],
      ['10.0.0.2'],
    ]) {
      names = { 'www.example': addresses };
      const { scan } = await requestScan(deps(), { group, origin });
      const { deltas, settings } = await nameChanges(workshop.store, scan, group);
      for (const { key, value } of settings) if (value !== undefined) await workshop.store.settings.set(key, value);
      seen.push(deltas.map((delta) => `${delta.kind} ${delta.address}`).join());
      await workshop.store.scans.transition(scan.id, ['queued'], 'done', { finishedAt: 1 });
    }
    expect(seen).toEqual(['', 'target-added 10.0.0.2', '', '', '', 'target-removed 10.0.0.1', '']);
  });
});

describe('a scan that is cancelled', () => {
  it('before its start is over at once; afterwards it can not be cancelled again', async () => {
    const group = await workshop.addGroup();
    const { scan } = await requestScan(deps(), { group, origin });
    expect(await cancelScan(deps(), scan.id, 'console:local')).toBe(true);
    expect((await workshop.store.scans.byId(scan.id))?.status).toBe('cancelled');
    expect(cancelled).toEqual([scan.id]);
    expect(await cancelScan(deps(), scan.id, 'console:local')).toBe(false);
  });
});

describe('after a crash', () => {
  it('scans that the queue has lost are queued again, and half-judged ones are judged', async () => {
    const group = await workshop.addGroup();
    const { scan } = await requestScan(deps(), { group, origin });
    await workshop.store.scans.transition(scan.id, ['queued'], 'running', { startedAt: 1 });
    const other = await workshop.addGroup({ name: 'other' });
    const half = await requestScan(deps(), { group: other, origin });
    await workshop.store.scans.transition(half.scan.id, ['queued'], 'judging');
    queued = [];
    const judged: number[] = [];
    const resume = {
      ...deps(),
      log: quiet,
      judge: async (id: number) => void judged.push(id),
      startNext: async () => {},
    };
    await resumeScans(resume);
    expect(queued.map((one) => one.scanId)).toEqual([scan.id]);
    expect(judged).toEqual([half.scan.id]);
  });
});

describe('a confirmation scan', () => {
  const settings: ScanSettings = {
    profile: 'standard',
    topPorts: 1000,
    tcp: true,
    udp: false,
    versionDetection: true,
    timing: 4,
    hostTimeoutMs: 60_000,
    resolveNames: false,
    skipDiscovery: false,
  };

  it('covers only the doubtful pairs, hosts with the same ports together', () => {
    const chunks = confirmationChunks(
      [
        { address: '10.0.0.1', protocol: 'tcp', port: 22 },
        { address: '10.0.0.2', protocol: 'tcp', port: 22 },
        { address: '10.0.0.3', protocol: 'udp', port: 53 },
        { address: '2001:db8::1', protocol: 'tcp', port: 22 },
      ],
      settings,
    );
    expect(
      chunks.map((chunk) => [chunk.family, chunk.ranges.map(([first]) => first).join(), chunk.settings.ports]),
    ).toEqual([
      [4, '10.0.0.1,10.0.0.2', 'T:22'],
      [4, '10.0.0.3', 'U:53'],
      [6, '2001:db8::1', 'T:22'],
    ]);
  });

  it('leaves no doubt out: beyond 48 runs those are combined that cost the fewest probes', () => {
    const doubts = Array.from({ length: 150 }, (_, i) => ({
      address: `10.0.0.${1 + i}`,
      protocol: 'tcp' as const,
      port: 1000 + i,
    }));
    const chunks = confirmationChunks(doubts, settings);
    expect(chunks).toHaveLength(48);
    for (const { address, port } of doubts) {
      const asked = chunks.filter(({ ranges }) => ranges.some(([first]) => first === address));
      expect(asked.map((chunk) => chunk.settings.ports?.split(',').includes(`T:${port}`))).toEqual([true]);
    }
    const probes = chunks.map((chunk) => chunk.ranges.length * (chunk.settings.ports?.split(',').length ?? 0));
    expect(Math.max(...probes)).toBeLessThanOrEqual(16);
  });

  it('is slow, patient, and assumes that the host is up', () => {
    const [chunk] = confirmationChunks([{ address: '10.0.0.1', protocol: 'tcp', port: 22 }], settings);
    expect(chunk?.settings).toMatchObject({
      maxRetries: 6,
      skipDiscovery: true,
      versionDetection: false,
      scanDelayMs: 50,
    });
    expect(chunk?.settings).not.toHaveProperty('hostTimeoutMs');
    expect(chunk?.settings).not.toHaveProperty('topPorts');
  });
});
