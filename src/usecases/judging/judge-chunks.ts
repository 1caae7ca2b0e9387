import { believedIn } from '../../core/compare/believed.ts';
import { answersIn, seenIn } from '../../core/compare/seen.ts';
import type { Belief, Judge, Judgement, ScanEvidence } from '../../core/model/judgement.ts';
import type { Policy } from '../../core/model/policy.ts';
import type { AskedPort, ChunkRequest, Coverage, Scan, Seen } from '../../core/model/scan.ts';
import type { StagedChunk } from '../../ports/store.ts';
import type { XmlReader } from '../../ports/xml-reader.ts';
import { gatherEvidence } from '../scanning/gather-evidence.ts';
import { PROBE_PORTS } from './confirm-doubts.ts';
import { mergeJudgements } from './merge-judgements.ts';

/** Plain data, so that it can be handed to a thread. */
export type ChunksToJudge = {
  scan: Scan;
  chunks: readonly ChunkRequest[];
  staged: readonly (StagedChunk & { chunk: number })[];
  policy: Policy;
  /** Epoch ms. */
  at: number;
  /** What stays in doubt can be asked again within minutes. */
  askable: boolean;
};

export type JudgedChunks = { judgement: Judgement; coverage: Coverage; seen: Seen };

/** Undefined when the chunks hold no evidence at all. */
export type JudgeChunks = (work: ChunksToJudge, belief: Belief) => Promise<JudgedChunks | undefined>;

/** Reads and judges in this thread: a large scan keeps it busy for seconds. */
export function judgeChunksHere({ reader, judge }: { reader: XmlReader; judge: Judge }): JudgeChunks {
  return async ({ scan, chunks, staged, policy, at, askable }, belief) => {
    const notes: string[] = [];
    const isKnown = (address: string) => belief.hosts.has(address);
    const note = (text: string) => void notes.push(text);
    const pieces = await gatherEvidence(scan, chunks, staged, reader, at, isKnown, note);
    const evidence = pieces.map((piece) => ({ ...piece, askable }));
    if (evidence.length === 0) return undefined;
    const whole = scan.kind === 'scan';
    const seen = {
      ...seenIn(evidence),
      ...(whole ? { believed: believedIn(belief.hosts.values(), evidence) } : { answers: asked(evidence, chunks) }),
    };
    const judgement = judgeAll(judge, belief, evidence, policy);
    const noted = { ...judgement, notes: [...notes, ...judgement.notes] };
    return { judgement: noted, coverage: coverageOf(evidence), seen };
  };
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
  return mergeJudgements(judgements, belief);
}

function coverageOf(evidence: readonly ScanEvidence[]): Coverage {
  return {
    addresses: evidence.flatMap((piece) => [...piece.coverage.addresses]),
    ports: evidence[0]?.coverage.ports ?? {},
  };
}
