import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInlineReader } from '../../../adapters/nmap/read-source.ts';
import { judgeScan } from '../../../src/core/judge/judge-scan.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/policy.ts';
import type { Scan, ScanSettings } from '../../../src/core/model/scan.ts';
import { writeRun } from '../../../src/core/nmap-xml/write-run.ts';
import type { ChunksToJudge, JudgedSlice, PackedSlice } from '../../../src/usecases/judging/chunks-to-judge.ts';
import { judgeChunksHere } from '../../../src/usecases/judging/judge-chunks.ts';
import { packSlice } from '../../../src/usecases/judging/packed-slices.ts';
import { type Seen, scanOf } from '../../core/judge/scans.ts';
import { amount } from '../../thorough.ts';
import { knownOf, unpacked } from './known.ts';

const settings = { profile: 'quick', ports: '1-12', tcp: true, udp: false, versionDetection: true } as ScanSettings;
const scan = { id: 1, groupId: 1, number: 1, kind: 'scan', hostsTotal: 512, chunkCount: 2, settings } as Scan;
const nothing = { group: {}, hosts: new Map() };

type Chunk = { hosts: Readonly<Record<string, Seen>>; more?: (xml: string) => string; version?: string };

/** A chunk for each /24, whose hosts are written in the order in which they are named. */
function work(...given: readonly Chunk[]): ChunksToJudge {
  const chunks = given.map((_, net) => ({
    ranges: [[`10.0.${net}.0`, `10.0.${net}.255`]] as const,
    family: 4 as const,
    settings,
  }));
  const staged = given.map(({ hosts, more = (xml) => xml, version = '7.93' }, net) => {
    const { at, coverage, hosts: observed } = scanOf(1, hosts, { ports: [[1, 12]] });
    const header = { nmapVersion: version, scanTypes: ['syn'], ports: coverage.ports, args: 'nmap', startedAt: at };
    const xml = writeRun(header, observed, { hostsTotal: 256, finishedAt: at + 1000 });
    return { chunk: net, xml: Buffer.from(more(xml)), outcome: 'complete' as const };
  });
  return {
    scan: { ...scan, origin: { type: 'schedule', schedule: 1 } },
    chunks,
    staged,
    policy: DEFAULT_POLICY,
    at: 5,
    askable: true,
  };
}

/** What is judged in slices of three hosts; and the addresses of each slice. */
async function judged(given: ChunksToJudge, known = knownOf(nothing)) {
  let slices: JudgedSlice[] = [];
  const judge = judgeChunksHere({
    ...{ reader: createInlineReader(), judge: judgeScan },
    slices: {
      size: 3,
      take: (slice) => slices.push(slice),
      clear: () => {
        slices = [];
      },
    },
  });
  const found = await judge(given, known);
  const packed: PackedSlice[] = slices.map(packSlice);
  const whole = found === undefined ? undefined : await unpacked({ ...found, packed });
  return { whole, slices: slices.map(({ hosts }) => hosts.map(({ address }) => address)) };
}

const asWhole = (given: ChunksToJudge) =>
  judgeChunksHere({ reader: createInlineReader(), judge: judgeScan })(given, knownOf(nothing));

const open = (...ports: number[]): Seen => ({ open: ports });
/** Hosts with these last numbers, in this order. */
const net = (index: number, ...hosts: number[]) =>
  Object.fromEntries(hosts.map((host) => [`10.0.${index}.${host}`, open(1 + (host % 9))]));

describe('the first scan of a group, judged in slices', () => {
  it('comes in the order of its addresses, although its XML is in another one', async () => {
    const given = work({ hosts: net(0, 5, 1, 4, 9, 2) }, { hosts: net(1, 7, 3) });
    const { whole, slices } = await judged(given);
    expect(slices).toEqual([['10.0.0.1', '10.0.0.2', '10.0.0.4'], ['10.0.0.5', '10.0.0.9', '10.0.1.3'], ['10.0.1.7']]);
    expect(whole).toEqual(await asWhole(given));
  });

  it('says exactly the same as a whole, whatever its hosts and documents are like', async () => {
    const host = fc.record({
      open: fc.subarray([1, 2, 3, 4, 5]),
      silent: fc.subarray([6, 7, 8]),
      timedOut: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      reason: fc.constantFrom(...Array.from({ length: 30 }, () => 'echo-reply'), 'user-set'),
    });
    const chunk = (net: number): fc.Arbitrary<Chunk> =>
      fc.record({
        // Some hosts are not among the asked ones.
        hosts: fc.dictionary(
          fc.integer({ min: 1, max: 300 }).map((n) => `10.0.${n > 280 ? 9 : net}.${n % 256}`),
          host,
        ),
        more: fc.constantFrom(
          (xml: string) => xml,
          (xml: string) => xml.replace(/<runstats>[\s\S]*/, ''),
          (xml: string) => xml.slice(0, xml.length * 0.7),
        ),
        version: fc.constantFrom('7.93', '7.93', '7.95'),
      });
    await fc.assert(
      fc.asyncProperty(chunk(0), chunk(1), async (one, other) => {
        const given = work(one, other);
        expect((await judged(given)).whole).toEqual(await asWhole(given));
      }),
      { numRuns: amount(15, 100) },
    );
  });

  it('is judged as a whole when a host has several entries, or one is broken inside', async () => {
    const again = (xml: string) => xml.replace(/<host[ >][\s\S]*?<\/host>/, (entry) => `${entry}\n${entry}`);
    const torn = (xml: string) =>
      xml.replace(/<state state="open"(?![\s\S]*<state state="open")/, '<<state state="open"');
    for (const more of [again, torn]) {
      const given = work({ hosts: net(0, 1, 2, 3, 4, 5), more }, { hosts: net(1, 6) });
      const { whole, slices } = await judged(given);
      expect(slices).toEqual([]);
      expect(whole).toEqual(await asWhole(given));
    }
  });

  it('is none when something is known already', async () => {
    const given = work({ hosts: net(0, 1, 2, 3, 4) });
    const first = await asWhole(given);
    if (first === undefined) throw new Error('nothing was judged');
    const known = knownOf({ group: first.judgement.group, hosts: new Map() });
    const second = { ...given, scan: { ...given.scan, number: 2 } };
    expect((await judged(second, known)).slices).toEqual([]);
  });

  it('without evidence is none', async () => {
    expect((await judged({ ...work({ hosts: {} }), staged: [] })).whole).toBeUndefined();
  });
});
