import { hostEvidence, portLookup } from '../compare/evidence.ts';
import type { HostObservation, Protocol } from '../model/observation.ts';
import type { Policy } from '../model/policy.ts';
import type { Coverage } from '../model/scan.ts';
import type { HostState, Memory } from '../model/state.ts';
import { fromAddressRanges, rangesContain } from '../network/address-ranges.ts';
import { hasPort } from '../network/port-sets.ts';
import type { CoverageHistory } from './coverage-history.ts';
import type { GroupMemory } from './memory.ts';
import type { Reading } from './reading.ts';
import { times } from './service-silent.ts';

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

/** A host, or one port of it. */
export type Where = { address: string; protocol?: Protocol; port?: number };

/** What one scan has to say of it, in words. `observation` is absent where the scan lists nothing of the host. */
export function sightingWords(
  { address, protocol = 'tcp', port }: Where,
  coverage: Coverage,
  observation: HostObservation | undefined,
): string {
  if (observation !== undefined) {
    if (port !== undefined) return portLookup(observation)(protocol, port).words;
    const open = observation.ports.filter(({ state }) => state === 'open').length;
    return `${hostEvidence(observation).words}; ${open === 1 ? '1 port' : `${open} ports`} open`;
  }
  const covered =
    rangesContain(fromAddressRanges(coverage.addresses), address) &&
    (port === undefined || hasPort(coverage.ports, protocol, port));
  return covered ? 'the host did not answer' : 'not covered by this scan';
}

/** A silence that goes on, as a sentence. */
export function silence({ k, x }: { k: number; x?: number }): string {
  const scans = k === 0 ? [] : [`${times(k)}${k > 1 ? ' in a row' : ''}`];
  const asked = x === undefined ? [] : [x === 1 ? 'a confirmation' : `${x} confirmations`];
  return `It was silent in ${[...scans, ...asked].join(' and in ')}.`;
}

/** Misses that turned out to be none. */
export function missed({ n = 0 }: { n?: number }): string {
  return n === 0 ? 'It has never been silent and then back.' : `It was silent and back after ${times(n)} before.`;
}
