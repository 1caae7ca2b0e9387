import { hostEvidence, portLookup } from '../compare/evidence.ts';
import type { CoverageHistory } from '../judge/coverage-history.ts';
import type { Silence } from '../judge/filter.ts';
import type { GroupMemory } from '../judge/memory.ts';
import type { Reading } from '../judge/reading.ts';
import { times } from '../judge/service-silent.ts';
import type { HostObservation, Protocol } from '../model/observation.ts';
import type { Policy } from '../model/policy.ts';
import type { Coverage } from '../model/scan.ts';
import type { HostState, Memory } from '../model/state.ts';
import { fromAddressRanges, rangesContain } from '../network/address-ranges.ts';
import { hasPort } from '../network/port-sets.ts';

/** What the judge has stored about a host, and the rules by which it reads it. */
export type Known = {
  group: Memory;
  host: HostState | undefined;
  policy: Policy;
  /** A live scanner can confirm doubts; a replay can't. */
  askable: boolean;
  /** The host in its last scan, if available: how it treats ports that are not open. */
  reading?: Reading;
};

/** Plain sentences that explain the judge's view; nothing is judged again. */
export type Explanation = {
  /** A sentence without its full stop, which follows `since` (epoch ms). */
  belief: { words: string; since?: number };
  remembered: readonly string[];
  /** For an ongoing silence: the chance, 0 to 1, that it is still there. */
  chance?: number;
  /** What keeps a change from being reported now. */
  held: readonly string[];
  /** What would change the belief, or end the wait. */
  changes: readonly string[];
};

export type Context = { group: GroupMemory; history: CoverageHistory };

/** A host, or one port of it. */
export type Where = { address: string; protocol?: Protocol; port?: number };

/** What one scan saw of it, as text. `observation` is absent where the scan lists nothing about the host. */
export function sightingWords(
  { address, protocol = 'tcp', port }: Where,
  coverage: Coverage,
  observation: HostObservation | undefined,
): string {
  if (observation !== undefined) {
    if (port !== undefined) return portLookup(observation)(protocol, port).words;
    const open = observation.ports.filter(({ state }) => state === 'open').length;
    const { strength, words } = hostEvidence(observation);
    if (open === 0 && strength !== 'strong-present') return words;
    return `${words}; ${open === 1 ? '1 port' : `${open} ports`} open`;
  }
  const covered =
    rangesContain(fromAddressRanges(coverage.addresses), address) &&
    (port === undefined || hasPort(coverage.ports, protocol, port));
  return covered ? 'the host did not answer' : 'not covered by this scan';
}

/** An ongoing silence, as a sentence. */
export function silence({ scans: k, confirmations }: Pick<Silence, 'scans' | 'confirmations'>): string {
  const scans = k === 0 ? [] : [`${times(k)}${k > 1 ? ' in a row' : ''}`];
  const asked =
    confirmations === undefined ? [] : [confirmations === 1 ? 'a confirmation' : `${confirmations} confirmations`];
  return `It was silent in ${[...scans, ...asked].join(' and in ')}.`;
}

/** Misses after which it was back. */
export function missed({ refuted = 0 }: { refuted?: number }): string {
  return refuted === 0
    ? 'It has never been silent and then back.'
    : `It was silent and back after ${times(refuted)} before.`;
}
