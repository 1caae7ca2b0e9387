import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BudgetError } from '../../../src/core/errors.ts';
import type { Group } from '../../../src/core/model/group.ts';
import type { JudgeChunks } from '../../../src/usecases/judging/chunks-to-judge.ts';
import { type GiveUpDeps, judgeOrGiveUp } from '../../../src/usecases/judging/judge-or-give-up.ts';
import { cancelScan } from '../../../src/usecases/scanning/cancel-scan.ts';
import { openWorkshop, quiet, saying, type Workshop } from '../workshop.ts';

let workshop: Workshop;
let admins: string[];
let started: number[];
beforeEach(async () => {
  workshop = await openWorkshop();
  admins = [];
  started = [];
});
afterEach(() => workshop.close());

function deps(judgeChunks: JudgeChunks, change: Partial<GiveUpDeps> = {}): GiveUpDeps {
  return {
    ...workshop,
    ...{ judgeChunks, log: quiet, wake: () => {} },
    canAsk: async () => false,
    confirm: async () => {},
    baseline: async () => {},
    startNext: async (groupId: number) => void started.push(groupId),
    tellAdmins: (text: string) => void admins.push(text),
    ...change,
  };
}

const breaking =
  (error: Error): JudgeChunks =>
  async () => {
    throw error;
  };

async function tryOften(given: GiveUpDeps, scanId: number, most: number): Promise<number> {
  for (let tries = 1; tries <= most; tries++) {
    const failed = await judgeOrGiveUp(given, scanId).then(
      () => false,
      () => true,
    );
    if (!failed) return tries;
  }
  return Number.POSITIVE_INFINITY;
}

const notices = async (group: Group) => {
  await workshop.deliver();
  return workshop.board.posted.map(({ card }) => card.title).filter((title) => title.startsWith(group.name));
};

describe('a scan that can not be judged', () => {
  it('is failed after a few tries, which is reported in the channel and to the admins, and the next goes on', async () => {
    const group = await workshop.addGroup();
    const scan = await workshop.addScan(group);
    const given = deps(breaking(new Error('NOT NULL constraint failed: deltas.risk')));
    expect(await tryOften(given, scan.id, 20)).toBe(5);
    expect(await workshop.store.scans.byId(scan.id)).toMatchObject({
      status: 'failed',
      error: 'it could not be judged: NOT NULL constraint failed: deltas.risk',
    });
    expect(await notices(group)).toEqual(['lab: scan #1 could not be judged']);
    expect(admins).toHaveLength(1);
    expect(started).toEqual([group.id]);
  });

  it('because it exceeds its budget is not tried again', async () => {
    const group = await workshop.addGroup();
    const scan = await workshop.addScan(group);
    expect(await tryOften(deps(breaking(new BudgetError('it took too long'))), scan.id, 20)).toBe(1);
    expect((await workshop.store.scans.byId(scan.id))?.status).toBe('failed');
  });

  it('is tried for as long as the database takes no writes', async () => {
    const group = await workshop.addGroup();
    const scan = await workshop.addScan(group);
    const full = { ...workshop.store.settings, set: () => Promise.reject(new Error('disk full')) };
    const given = deps(breaking(new Error('disk full')), { store: { ...workshop.store, settings: full } });
    expect(await tryOften(given, scan.id, 20)).toBe(Number.POSITIVE_INFINITY);
    const fixed = deps(async () => ({
      judgement: saying([]),
      coverage: { addresses: [['10.0.0.0', '10.0.0.255']], ports: {} },
      seen: { hostsUp: 0, openPorts: 0 },
      ...{ steady: new Map(), settled: [] },
    }));
    expect(await tryOften(fixed, scan.id, 1)).toBe(1);
    expect((await workshop.store.scans.byId(scan.id))?.status).toBe('done');
  });

  it('is cancelled for good by `scan cancel`, whatever its judge is doing', async () => {
    const group = await workshop.addGroup();
    const scan = await workshop.addScan(group);
    const given = deps(breaking(new Error('again and again')));
    await expect(judgeOrGiveUp(given, scan.id)).rejects.toThrow('again and again');
    const queue = { cancelScan: async () => {} };
    expect(await cancelScan({ ...given, queue } as never, scan.id, 'console:local')).toBe(true);
    expect((await workshop.store.scans.byId(scan.id))?.status).toBe('cancelled');
    expect(started).toEqual([group.id]);
    expect(await tryOften(given, scan.id, 1)).toBe(1);
  });
});
