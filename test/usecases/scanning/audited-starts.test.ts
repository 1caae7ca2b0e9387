import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Queue } from '../../../src/ports/queue.ts';
import { pruneAudit } from '../../../src/usecases/delivery/retention.ts';
import { planConfirmation } from '../../../src/usecases/judging/confirm-doubts.ts';
import { requestScan } from '../../../src/usecases/scanning/request-scan.ts';
import { openWorkshop, type Workshop } from '../workshop.ts';

let workshop: Workshop;
beforeEach(async () => {
  workshop = await openWorkshop();
});
afterEach(() => workshop.close());

const queue: Queue = {
  ...{ addScan: async () => {}, retarget: async () => {}, cancelScan: async () => {}, dropScan: async () => {} },
  ...{ scans: async () => [], hasScan: async () => false, stats: async () => ({ sites: [] }) },
};
const deps = () => ({
  ...workshop,
  ...{ queue, resolver: { resolve: async () => [] }, allowed: ['10.0.0.0/8'], wake: () => {} },
});
const audited = async () => {
  const { items } = await workshop.store.audit.list({ reads: true }, { limit: 10, offset: 0 });
  return items.map(({ who, request }) => [who, request]);
};

it('what nobody typed is in the audit all the same: scans by schedule, confirmations', async () => {
  const group = await workshop.addGroup({ targets: ['10.0.0.0/30'] });
  const judged = await workshop.judged(group, []);
  const { scan } = await requestScan(deps(), { group, origin: { type: 'schedule', schedule: 7, dueAt: 0 } });
  const pairs = [{ address: '10.0.0.2', port: 80 }];
  const planned = await planConfirmation(deps(), { owner: judged.id, group, scan: judged, pairs, delayMs: 0 });
  expect(await audited()).toEqual([
    ['netdelta:bot', `confirmation ${planned.id} of ${group.name}, 1 address, for the doubts of scan ${judged.id}`],
    ['netdelta:bot', `scan ${scan.id} of ${group.name}, 4 addresses, for schedule 7`],
  ]);
});

it('entries are kept for ever, or as long as asked', async () => {
  const { store } = workshop;
  const entry = { who: 'slack:U1', name: 'ann', channel: 'slack:C1', request: 'status', outcome: 'ok' } as const;
  await store.audit.add({ ...entry, at: 1_000 });
  await store.audit.add({ ...entry, at: 9_000, who: 'slack:U2' });
  const clock = { now: () => 10_000 };
  await pruneAudit({ store, clock })();
  expect((await audited()).map(([who]) => who)).toEqual(['slack:U2', 'slack:U1']);
  await pruneAudit({ store, clock }, 5_000)();
  expect((await audited()).map(([who]) => who)).toEqual(['slack:U2']);
});
