import { isDeepStrictEqual } from 'node:util';
import { believedIn } from '../../core/compare/believed.ts';
import { createSeen } from '../../core/compare/seen.ts';
import { type FirstEvidence, isFirstScan, judgeFirstScan } from '../../core/judge/first-scan.ts';
import type { Steady } from '../../core/model/judgement.ts';
import type { HostObservation, RunHeader } from '../../core/model/observation.ts';
import { countAddresses, fromAddressRanges } from '../../core/network/address-ranges.ts';
import type { XmlReader } from '../../ports/xml-reader.ts';
import { type ReadChunk, readChunks, strangerNotes } from '../scanning/gather-evidence.ts';
import { createAddressSlices } from './address-slices.ts';
import type { ChunksToJudge, JudgedChunks, JudgedSlice, KnownGroup, Slices } from './chunks-to-judge.ts';
import { createPassedOver, type PassedOver } from './passed-over.ts';
import { writeSteady } from './steady-print.ts';

/** What a first reading shows, in which hardly any host is parsed. */
type Overview = {
  read: readonly ReadChunk[];
  /** Of the hosts that are up. */
  addresses: readonly string[];
  assumed: boolean;
  /** By what the prints of the hosts are made. */
  printed: RunHeader | undefined;
};

/**
 * Judges a group's first scan in slices: each goes to `take`, and its evidence is dropped. The scan is read twice, once
 * for what is to be known of all hosts. Undefined when it has to be judged as a whole, whatever `take` was given: it is
 * no first scan, it holds nothing, or hosts with several entries.
 */
export async function judgeFirst(
  reader: XmlReader,
  work: ChunksToJudge,
  { group, outline }: Pick<KnownGroup, 'group' | 'outline'>,
  { size, take }: Slices,
): Promise<JudgedChunks | undefined> {
  if (outline.size > 0 || !isFirstScan(group)) return undefined;
  const overview = await lookOver(reader, work);
  const [first] = overview.read;
  if (first === undefined || mayMerge(work, overview)) return undefined;
  const evidence = evidenceOf(work, overview, first);
  const passed = createPassedOver(outline, () => false, work);
  if (overview.printed !== undefined) passed.begin(overview.printed);
  const keepsPrints = !overview.assumed && passed.speaksOf(evidence);
  const judging = judgeFirstScan(group, evidence, work.policy);
  const seen = createSeen();
  const slices = createAddressSlices(overview.addresses, size, (hosts) => {
    const { steady, ...judged } = judging.take(hosts);
    take({ ...judged, steady: keepsPrints ? textsOf(steady, passed) : [] });
    for (const { address } of hosts) passed.prints.delete(address);
  });
  const again = await readChunks(work.chunks, work.staged, reader, add, passed.isKnown);
  // A host that is broken inside ends a document only once it is parsed.
  if (!slices.areWhole() || !isDeepStrictEqual(again.map(outside), overview.read.map(outside))) return undefined;
  const judgement = judging.end();
  return {
    judgement: {
      ...judgement,
      hosts: [],
      firstDetermined: [],
      notes: [...strangerNotes(overview.read), ...judgement.notes],
    },
    coverage: evidence.coverage,
    seen: { ...seen.all(), believed: believedIn([], []) },
    steady: new Map(),
    settled: [],
  };

  function add(host: HostObservation): false {
    if (host.status !== 'up') return false;
    seen.add(host);
    slices.add(host);
    return false;
  }
}

async function lookOver(reader: XmlReader, { chunks, staged }: ChunksToJudge): Promise<Overview> {
  const addresses: string[] = [];
  let assumed = false;
  let printed: RunHeader | undefined;
  const keep = ({ address, status, reason }: HostObservation): false => {
    if (status !== 'up') return false;
    addresses.push(address);
    if (reason === 'user-set') assumed = true;
    return false;
  };
  const read = await readChunks(chunks, staged, reader, keep, ({ address }, header) => {
    printed ??= header;
    addresses.push(address);
    return true;
  });
  return { read, addresses, assumed, printed };
}

/** What a chunk says apart from its hosts. */
const outside = ({ header, covered, strangers, doubled }: ReadChunk) => ({ header, covered, strangers, doubled });

/** Whether an address may have several entries, which are one host together. */
function mayMerge({ chunks }: ChunksToJudge, { read }: Overview): boolean {
  if (read.some(({ doubled }) => doubled.size > 0)) return true;
  const ranges = chunks.map((chunk) => fromAddressRanges(chunk.ranges));
  const each = ranges.reduce((sum, set) => sum + countAddresses(set), 0n);
  return each !== countAddresses(fromAddressRanges(chunks.flatMap((chunk) => [...chunk.ranges])));
}

function evidenceOf(
  { scan, at, askable }: ChunksToJudge,
  { read, assumed }: Overview,
  { header }: ReadChunk,
): FirstEvidence {
  return {
    ...{ number: scan.number, at, kind: 'scan', askable, assumed },
    ...{ nmapVersion: header.nmapVersion, scanTypes: header.scanTypes },
    coverage: { addresses: read.flatMap(({ covered }) => covered), ports: header.ports },
  };
}

function textsOf(steady: ReadonlyMap<string, Steady>, { prints }: PassedOver): JudgedSlice['steady'] {
  return [...steady].flatMap(([address, counts]) => {
    const print = prints.get(address);
    return print === undefined ? [] : [[address, writeSteady(print, counts)] as const];
  });
}
