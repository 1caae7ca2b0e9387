import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Pass } from '../../../src/core/model/judgement.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/policy.ts';
import type { Scan } from '../../../src/core/model/scan.ts';
import type { Queue, QueuedScan } from '../../../src/ports/queue.ts';
import { canAskAgain, confirmationChunks, confirmDoubts } from '../../../src/usecases/judging/confirm-doubts.ts';
import { passBaseline } from '../../../src/usecases/judging/pass-baseline.ts';
import { openWorkshop, type Workshop } from '../workshop.ts';

let workshop: Workshop;
let queued: QueuedScan[];
beforeEach(async () => {
  workshop = await openWorkshop();
  queued = [];
});
afterEach(() => workshop.close());

const queue: Queue = {
  addScan: async (scan) => void queued.push(scan),
  retarget: async () => {},
  cancelScan: async () => {},
  scans: async () => [],
  dropScan: async () => undefined,
  hasScan: async () => true,
  stats: async () => ({ sites: [] }),
};
const deps = () => ({
  ...workshop,
  queue,
  resolver: { resolve: async () => [] },
  allowed: ['10.0.0.0/8'],
  delaysMs: [1000, 5000],
  random: () => 0,
});

const passes: Pass[] = [
  { addresses: [['10.0.0.2', '10.0.0.255']], ports: { tcp: [[22, 80]] }, up: false },
  { addresses: [['10.0.0.1', '10.0.0.1']], ports: { tcp: [[80, 80]] }, up: true },
];
const notes = async (scan: Scan) => (await workshop.store.scans.byId(scan.id))?.notes ?? [];
const last = async (): Promise<Scan> => {
  const scan = await workshop.store.scans.byId(queued.at(-1)?.scanId ?? 0);
  if (scan === undefined) throw new Error('nothing is queued');
  return scan;
};

describe('a baseline pass', () => {
  it('follows the first scan at once: silent addresses with discovery, silent ports without, and says so', async () => {
    const group = await workshop.addGroup();
    const scan = await workshop.addScan(group);
    await passBaseline(deps(), scan, group, { passes });
    expect(queued[0]?.delayMs).toBe(1000);
    const asked = queued[0]?.chunks.map(({ ranges, settings }) => [ranges, settings.ports, settings.skipDiscovery]);
    expect(asked).toEqual([
      [[['10.0.0.2', '10.0.0.255']], '22-80', false],
      [[['10.0.0.1', '10.0.0.1']], '80', true],
    ]);
    expect(await notes(scan)).toEqual([
      'The baseline is not complete yet: 254 silent addresses and 1 silent port are scanned up to 2 more times in the next minutes.',
    ]);
    expect(await last()).toMatchObject({ kind: 'confirmation', parentId: scan.id, origin: { type: 'baseline' } });
  });

  it('is the last one when it found nothing new, and the scan says how good the baseline is', async () => {
    const group = await workshop.addGroup();
    const scan = await workshop.addScan(group);
    await passBaseline(deps(), scan, group, { passes });
    await passBaseline(deps(), await last(), group, { passes: [], unseen: 2.6 });
    expect(queued).toHaveLength(1);
    expect((await notes(scan)).at(-1)).toBe(
      'The baseline stands after 2 looks: about 3 services may still be unseen. From the next scan on everything new is reported.',
    );
  });

  it('is repeated while passes find something, up to the number of scans in learn', async () => {
    const group = await workshop.addGroup();
    const scan = await workshop.addScan(group);
    await passBaseline(deps(), scan, group, { passes });
    await passBaseline(deps(), await last(), group, { passes, unseen: 5 });
    await passBaseline(deps(), await last(), group, { passes, unseen: 0.2 });
    expect(queued.map(({ delayMs }) => delayMs)).toEqual([1000, 5000]);
    expect((await notes(scan)).at(-1)).toMatch(/stands after 3 looks: hardly any service can still be unseen/);
  });

  it('is skipped by learn:1, by a cancelled scan and by a confirmation', async () => {
    const hasty = await workshop.addGroup({ policy: { ...DEFAULT_POLICY, learn: 1 } });
    const scan = await workshop.addScan(hasty);
    await passBaseline(deps(), scan, hasty, { passes });
    const group = { ...hasty, policy: DEFAULT_POLICY };
    await passBaseline(deps(), { ...scan, notes: ['cancelled by console:local'] }, group, { passes });
    await passBaseline(deps(), { ...scan, kind: 'confirmation' }, group, { passes });
    expect(queued).toEqual([]);
  });

  it('does not reduce the confirmations that a scan may cost', async () => {
    const group = await workshop.addGroup();
    const scan = await workshop.addScan(group);
    await passBaseline(deps(), scan, group, { passes });
    expect(await canAskAgain(workshop.store, scan, group)).toBe(true);
    expect(await canAskAgain(workshop.store, await last(), group)).toBe(false);
    for (let time = 0; time < 2; time++) await confirmDoubts(deps(), scan, group, [{ address: '10.0.0.1' }]);
    expect(await canAskAgain(workshop.store, scan, group)).toBe(false);
  });
});

describe('a confirmation', () => {
  it('only pings where no port can show that the host is up', async () => {
    const group = await workshop.addGroup();
    const { settings } = await workshop.addScan(group);
    const doubts = [
      { address: '10.0.0.1', protocol: 'tcp', port: 80, ping: true },
      { address: '10.0.0.2', protocol: 'tcp', port: 80 },
    ] as const;
    expect(confirmationChunks(doubts, settings).map((chunk) => chunk.settings.skipDiscovery)).toEqual([false, true]);
  });
});

describe('a group with another site for confirmations', () => {
  const doubts = [{ address: '10.0.0.1', protocol: 'tcp', port: 22 }] as const;
  const withWorkers = (...sites: string[]) => ({
    ...deps(),
    queue: {
      ...queue,
      stats: async () => ({ sites: sites.map((site) => ({ site, workers: 1, waiting: 0, active: 0, delayed: 0 })) }),
    },
  });

  it('has its doubts confirmed from there, at no more than the rate of that site, and says so', async () => {
    const group = await workshop.addGroup({ confirmSite: 'dmz' });
    const scan = await workshop.addScan(group);
    await confirmDoubts(
      { ...withWorkers('local', 'dmz'), siteLimits: { dmz: { scans: 1, rate: 50 } } },
      scan,
      group,
      doubts,
    );
    expect(queued[0]).toMatchObject({ site: 'dmz', chunks: [{ settings: { maxRate: 50 } }] });
    expect(await last()).toMatchObject({ site: 'dmz', notes: ['asked from site dmz'] });
  });

  it('has them confirmed from its own site while the other has no workers, and its scans and passes always', async () => {
    const group = await workshop.addGroup({ confirmSite: 'dmz' });
    const scan = await workshop.addScan(group);
    await confirmDoubts(withWorkers('local'), scan, group, doubts);
    await passBaseline(withWorkers('local', 'dmz'), scan, group, { passes });
    expect(queued.map(({ site }) => site)).toEqual([scan.site, scan.site]);
  });
});

describe('a confirmation that waits', () => {
  const reset = { address: '10.0.0.1', protocol: 'tcp', port: 80, denied: true } as const;
  const silent = { address: '10.0.0.2', protocol: 'tcp', port: 80 } as const;

  it('for a refusal runs as soon as a restart is over; for silence it waits for a better moment', async () => {
    const slow = { ...deps(), delaysMs: [120_000] };
    const group = await workshop.addGroup();
    await confirmDoubts(slow, await workshop.addScan(group), group, [reset]);
    await confirmDoubts(slow, await workshop.addScan(group), group, [reset, silent]);
    expect(queued.map(({ delayMs }) => delayMs)).toEqual([15_000, 120_000]);
  });
});
