import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeltaKind } from '../../../src/core/model/delta-kinds.ts';
import type { QueuedScan } from '../../../src/ports/queue.ts';
import { recheckDeltas } from '../../../src/usecases/judging/recheck-deltas.ts';
import { commitOf, fresh, judgingScan, newDelta } from '../../adapters/store-contract/samples.ts';
import { recordingQueue } from '../recording-queue.ts';
import { openWorkshop, type Workshop } from '../workshop.ts';

let workshop: Workshop;
let queued: QueuedScan[];
beforeEach(async () => {
  workshop = await openWorkshop();
  queued = [];
});
afterEach(() => workshop.close());

const queue = recordingQueue(() => queued);

describe('a recheck', () => {
  it.each<[DeltaKind, boolean]>([
    ['service-changed', true],
    ['certificate-changed', true],
    ['host-key-changed', true],
    ['service-added', false],
    ['service-removed', false],
  ])('of %s reads the identity: %s', async (kind, reads) => {
    const group = await workshop.addGroup({ versionEveryMs: 7 * 86_400_000 });
    const scan = await judgingScan(workshop.store, group.id);
    const newDeltas = fresh([newDelta(scan, '10.0.0.1', { kind })]);
    const { deltaIds } = await workshop.store.deltas.commit(commitOf(scan, { newDeltas }));
    const deps = { ...workshop, queue, resolver: { resolve: async () => [] }, allowed: ['10.0.0.0/8'] };
    await recheckDeltas(deps, { deltaIds, by: 'console:local' });
    expect(queued.flatMap(({ chunks }) => chunks)).toMatchObject([
      { ranges: [['10.0.0.1', '10.0.0.1']], settings: { ports: 'T:23', versionDetection: reads } },
    ]);
    expect(queued[0]?.chunks[0]?.known).toBeUndefined();
  });
});
