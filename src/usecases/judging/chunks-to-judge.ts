import type { FirstDetermined, Judgement } from '../../core/model/judgement.ts';
import type { Policy } from '../../core/model/policy.ts';
import type { ChunkRequest, Coverage, Scan, Seen } from '../../core/model/scan.ts';
import type { HostState, Memory } from '../../core/model/state.ts';
import type { HostOutline, PackedList, StagedChunk } from '../../ports/store.ts';

/** Plain data, so that it can be passed to a worker thread. */
export type ChunksToJudge = {
  scan: Scan;
  chunks: readonly ChunkRequest[];
  staged: readonly (StagedChunk & { chunk: number })[];
  policy: Policy;
  /** Epoch ms. */
  at: number;
  /** Doubts can be confirmed within minutes. */
  askable: boolean;
};

/** The belief about a group; a scan with unchanged hosts needs little of it. */
export type KnownGroup = {
  group: Memory;
  outline: ReadonlyMap<string, HostOutline>;
  /** The belief about some of its hosts. */
  hosts(addresses: readonly string[]): Promise<readonly HostState[]>;
};

export type JudgedChunks = {
  judgement: Omit<Judgement, 'steady'>;
  /** More of its hosts, of those that are steady, and of what was first determined. */
  packed?: readonly PackedSlice[];
  coverage: Coverage;
  seen: Seen;
  /** The hosts of `seen`. */
  packedSeen?: PackedList;
  /** The judged hosts that are steady from now on, in the store's form. */
  steady: ReadonlyMap<string, string>;
  /** Steady hosts whose code becomes `unchanged` because they were not judged. */
  settled: readonly string[];
};

/** A slice, packed to cross to another thread and to wait there. */
export type PackedSlice = { hosts: Uint8Array; first: PackedList };

/** A part of a judgement: changed hosts, with the records of those that are steady from now on. */
export type JudgedSlice = {
  hosts: readonly HostState[];
  steady: readonly (readonly [address: string, text: string])[];
  firstDetermined: readonly FirstDetermined[];
};

/** Takes most of a large judgement slice by slice, in the order of the addresses; what remains is returned. */
export type Slices = {
  /** Hosts. */
  size: number;
  take(slice: JudgedSlice): void;
  /** Whatever was taken does not count. */
  clear(): void;
};

/** Undefined when the chunks hold no evidence at all. */
export type JudgeChunks = (work: ChunksToJudge, known: KnownGroup) => Promise<JudgedChunks | undefined>;
