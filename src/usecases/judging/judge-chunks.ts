import { believedIn } from '../../core/compare/believed.ts';
import { answersIn, seenIn } from '../../core/compare/seen.ts';
import { countSteady, loudSubnets, mayPassOver, mustJudgeAll } from '../../core/judge/steady.ts';
import type { Belief, Judge, Judgement, ScanEvidence } from '../../core/model/judgement.ts';
import type { Policy } from '../../core/model/policy.ts';
import type { AskedPort, ChunkRequest, Coverage, Scan, Seen } from '../../core/model/scan.ts';
import type { HostState } from '../../core/model/state.ts';
import { fromAddressRanges, rangesContain } from '../../core/network/address-ranges.ts';
import { subnetOf } from '../../core/network/addresses.ts';
import { mergeRanges } from '../../core/network/range-set.ts';
import type { XmlReader } from '../../ports/xml-reader.ts';
import { gatherEvidence, type PassOver, readChunks } from '../scanning/gather-evidence.ts';
import type { ChunksToJudge, JudgeChunks, JudgedChunks, KnownGroup, Slices } from './chunks-to-judge.ts';
import { PROBE_PORTS } from './confirm-doubts.ts';
import { judgeFirst } from './judge-first.ts';
import { mergeJudgements } from './merge-judgements.ts';
import { createPassedOver, type PassedOver } from './passed-over.ts';
import { withSteady, writeSteady } from './steady-print.ts';

/** `listed`: how many hosts are read even when they are known; `slices`: where a first scan is not kept as a whole. */
type Deps = { reader: XmlReader; judge: Judge; listed?: number; slices?: Slices };
type Read = { evidence: ScanEvidence[]; notes: readonly string[] };

/** Reads and judges in this thread: a large scan keeps it busy for seconds. */
export function judgeChunksHere(deps: Deps): JudgeChunks {
  return async (work, known) => {
    if (work.scan.kind !== 'scan') return judgeWhole(deps, work, known);
    const sliced = deps.slices === undefined ? undefined : await judgeFirst(deps.reader, work, known, deps.slices);
    if (sliced !== undefined) return sliced;
    deps.slices?.clear();
    const passed = createPassedOver(known.outline, mayPassOver(known.group), work, deps.listed);
    const read = await readEvidence(deps, work, known, passed.isKnown);
    const [piece] = read.evidence;
    if (piece === undefined) return undefined;
    // One entry is not everything that the scan reports about such a host.
    const isDoubled = [...read.doubled].some((address) => passed.hosts.has(address));
    for (const address of read.doubled) passed.prints.delete(address);
    const all = isDoubled || !passed.speaksOf(piece) || mustJudgeAll(known.group, piece, passed.hosts.keys());
    return all ? judgeWhole(deps, work, known) : judgeRest(deps, work, known, passed, { ...read, evidence: [piece] });
  };
}

async function readEvidence({ reader }: Deps, work: ChunksToJudge, { outline }: KnownGroup, passOver?: PassOver) {
  const { scan, chunks, staged, at, askable } = work;
  const isKnown = (address: string) => outline.has(address);
  const read = await gatherEvidence(scan, chunks, staged, reader, at, isKnown, passOver);
  return { ...read, evidence: read.evidence.map((piece) => ({ ...piece, askable })) };
}

/** Every host of it. */
async function judgeWhole(deps: Deps, work: ChunksToJudge, known: KnownGroup): Promise<JudgedChunks | undefined> {
  const read = await readEvidence(deps, work, known);
  if (read.evidence.length === 0) return undefined;
  return judgeRead(deps, work, await beliefOf(known, concerned(work, known)), read);
}

/** A confirmation can only change what it probed, and what is still open; a steady host is neither open nor dark. */
function concerned({ scan, chunks }: ChunksToJudge, { outline }: KnownGroup): string[] {
  if (scan.kind === 'scan' || scan.origin.type === 'baseline') return [...outline.keys()];
  const asked = mergeRanges(chunks.flatMap(({ ranges }) => fromAddressRanges(ranges)));
  return [...outline].flatMap(([address, { steady }]) =>
    steady === '' || rangesContain(asked, address) ? [address] : [],
  );
}

/** The hosts that are not passed over, together with the hosts that are the control of their silent ports. */
async function judgeRest(
  deps: Deps,
  work: ChunksToJudge,
  known: KnownGroup,
  passed: PassedOver,
  { evidence: [piece], notes }: Read,
): Promise<JudgedChunks | undefined> {
  if (piece === undefined) return undefined;
  const belief = await beliefOf(
    known,
    [...known.outline.keys()].filter((address) => !passed.hosts.has(address)),
  );
  const loud = loudSubnets(piece.hosts, belief.hosts);
  const neighbours = new Set([...passed.hosts.keys()].filter((address) => loud.has(subnetOf(address))));
  for (const address of neighbours) passed.hosts.delete(address);
  const others = await beliefOf(known, [...neighbours]);
  const hosts = [...piece.hosts, ...(await readAgain(deps, work, neighbours))];
  const steady = countSteady(passed.hosts, Number(known.group['tick'] ?? 0));
  const whole = { group: known.group, hosts: new Map([...belief.hosts, ...others.hosts]) };
  return judgeRead(deps, work, whole, { evidence: [{ ...piece, hosts, steady }], notes }, { known, passed });
}

async function beliefOf(known: KnownGroup, addresses: readonly string[]): Promise<Belief> {
  const hosts = addresses.length === 0 ? [] : await known.hosts(addresses);
  return { group: known.group, hosts: new Map(hosts.map((host) => [host.address, host])) };
}

async function readAgain({ reader }: Deps, { chunks, staged }: ChunksToJudge, addresses: ReadonlySet<string>) {
  if (addresses.size === 0) return [];
  const isOther: PassOver = ({ address }) => !addresses.has(address);
  const read = await readChunks(chunks, staged, reader, ({ address }) => addresses.has(address), isOther);
  return read.flatMap(({ hosts }) => hosts);
}

function judgeRead(
  { judge }: Deps,
  { scan, chunks, policy }: ChunksToJudge,
  belief: Belief,
  { evidence, notes }: Read,
  over?: { known: KnownGroup; passed: PassedOver },
): JudgedChunks {
  const judged = judgeAll(judge, belief, evidence, policy);
  const { steady, ...judgement } = judged;
  const kept = over === undefined ? NOTHING_KEPT : whatIsKept(judged, belief, over);
  return {
    judgement: { ...judgement, hosts: [...judgement.hosts, ...kept.hosts], notes: [...notes, ...judgement.notes] },
    coverage: coverageOf(evidence),
    seen: seenOf(scan, chunks, belief, evidence),
    steady: kept.steady,
    settled: kept.settled,
  };
}

type Kept = Pick<JudgedChunks, 'steady' | 'settled'> & { hosts: readonly HostState[] };
const NOTHING_KEPT: Kept = { hosts: [], steady: new Map(), settled: [] };

/** What the store keeps so that the same hosts can be passed over next time. */
function whatIsKept(
  { hosts, steady }: Judgement,
  belief: Belief,
  { known, passed }: { known: KnownGroup; passed: PassedOver },
): Kept {
  // It arrived too late to be judged.
  if (steady === undefined) return NOTHING_KEPT;
  const changed = new Set(hosts.map(({ address }) => address));
  const texts = new Map<string, string>();
  const same: HostState[] = [];
  for (const [address, counts] of steady) {
    const print = passed.prints.get(address);
    if (print === undefined) continue;
    // What was found of another state is no proof about this one.
    const before = changed.has(address) ? '' : (known.outline.get(address)?.steady ?? '');
    const text = withSteady(before, writeSteady(print, counts));
    const state = belief.hosts.get(address);
    if (text === before) continue;
    texts.set(address, text);
    if (!changed.has(address) && state !== undefined) same.push(state);
  }
  const settled = [...passed.hosts.keys()].filter((address) => known.outline.get(address)?.unchanged === false);
  return { hosts: same, steady: texts, settled };
}

function seenOf(
  { kind }: Scan,
  chunks: readonly ChunkRequest[],
  { hosts }: Belief,
  evidence: readonly ScanEvidence[],
): Seen {
  const seen = seenIn(evidence);
  return kind === 'scan'
    ? { ...seen, believed: believedIn(hosts.values(), evidence) }
    : { ...seen, answers: asked(evidence, chunks).map((answer) => ({ ...answer, was: wasThere(answer, hosts) })) };
}

function wasThere({ address, protocol, port }: AskedPort, hosts: Belief['hosts']): boolean {
  const host = hosts.get(address);
  if (port === undefined) return host?.present === true;
  return host?.services.some((one) => one.present && one.port === port && one.protocol === protocol) === true;
}

function asked(evidence: readonly ScanEvidence[], chunks: readonly ChunkRequest[]): AskedPort[] {
  const hostsOnly = chunks.filter(({ settings }) => settings.ports === PROBE_PORTS);
  return answersIn(evidence, new Set(hostsOnly.flatMap((chunk) => chunk.ranges.map(([address]) => address))));
}

function judgeAll(judge: Judge, belief: Belief, evidence: readonly ScanEvidence[], policy: Policy): Judgement {
  const judgements: Judgement[] = [];
  let current = belief;
  for (const piece of evidence) {
    const judgement = judge(current, piece, policy);
    judgements.push(judgement);
    const hosts = new Map(current.hosts);
    for (const state of judgement.hosts) hosts.set(state.address, state);
    current = { group: judgement.group, hosts };
  }
  const [only] = judgements;
  return only !== undefined && judgements.length === 1 ? only : mergeJudgements(judgements, belief);
}

function coverageOf(evidence: readonly ScanEvidence[]): Coverage {
  return {
    addresses: evidence.flatMap((piece) => [...piece.coverage.addresses]),
    ports: evidence[0]?.coverage.ports ?? {},
  };
}
