import type { DeltaSide, JudgedDelta } from '../model/delta.ts';
import type { HostObservation, PortObservation } from '../model/observation.ts';
import { stateEvidence } from './evidence.ts';

/** What differs and is no delta, because silence and guesses are no evidence; counted, to be said in a line. */
export type Untold = {
  /** Services open in one scan and silent in the other. */
  silent: number;
  /** Services open in one scan and not covered in the other, or on a host that timed out there. */
  uncovered: number;
  /** Identities that vanished or were told with little confidence. */
  identities: number;
  /** Hosts in one scan that the other did not cover. */
  hosts: number;
};

/** Chances of a false alarm when there is no history: one silent scan is worth little. */
export const CERTAIN = { grade: 'green', probability: 0.01 } as const;
export const LIKELY = { grade: 'amber', probability: 0.15 } as const;
export const DOUBTFUL = { grade: 'red', probability: 0.5 } as const;

type Change = {
  chance: typeof CERTAIN | typeof LIKELY | typeof DOUBTFUL;
  before: DeltaSide;
  after: DeltaSide;
  evidence: readonly string[];
};

export function comparedDelta(kind: JudgedDelta['kind'], address: string, change: Change): JudgedDelta {
  const { chance, before, after, evidence } = change;
  return { state: 'confirmed', kind, address, before, after, ...chance, evidence };
}

export function* openPorts(host: HostObservation): Generator<PortObservation, void, undefined> {
  for (const port of host.ports) if (stateEvidence(port.state, port.reason).strength === 'strong-present') yield port;
}
