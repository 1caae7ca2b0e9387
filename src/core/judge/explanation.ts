import type { Policy } from '../model/policy.ts';
import type { HostState, Memory } from '../model/state.ts';
import type { CoverageHistory } from './coverage-history.ts';
import type { GroupMemory } from './memory.ts';
import type { Reading } from './reading.ts';

/** What the judge has stored of a host, and by which rules it reads it. */
export type Known = {
  group: Memory;
  host: HostState | undefined;
  policy: Policy;
  /** A live scanner can confirm what is in doubt; a replay can't. */
  askable: boolean;
  /** The host in its last scan, where that is at hand: how it treats ports that are not open. */
  reading?: Reading;
};

/** Plain sentences. They say what the judge thinks and judge nothing. */
export type Explanation = {
  /** `since`: epoch ms. */
  belief: { words: string; since?: number };
  remembered: readonly string[];
  /** Of a silence that goes on: chance, 0 to 1, that it is there all the same. */
  chance?: number;
  /** What keeps a change from being reported now. */
  held: readonly string[];
  /** What would change the belief, or end the wait. */
  changes: readonly string[];
};

export type Context = { group: GroupMemory; history: CoverageHistory };
