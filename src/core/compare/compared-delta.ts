import type { DeltaSide, JudgedDelta } from '../model/delta.ts';
import type { HostObservation, PortObservation, Protocol } from '../model/observation.ts';
import { stateEvidence } from './evidence.ts';

/** A difference that is not a delta, because silence and guesses are no evidence. */
export type UntoldChange = {
  host: string;
  protocol?: Protocol;
  port?: number;
  /** Plain words: `filtered`, `open (http nginx 1.18.0)`, `not covered`. */
  before: string;
  after: string;
  why: string;
};

/** Records one more such difference. */
export type Untold = (change: UntoldChange) => void;

/** Chances of a false alarm without a history: one silent scan is worth little. */
export const CERTAIN = { grade: 'green', probability: 0.01 } as const;
/** Refused in one scan: a service that is restarting refuses too. */
export const REFUSED = { grade: 'amber', probability: 0.06 } as const;
export const LIKELY = { grade: 'amber', probability: 0.15 } as const;
export const DOUBTFUL = { grade: 'red', probability: 0.5 } as const;

type Change = {
  chance: typeof CERTAIN | typeof REFUSED | typeof LIKELY | typeof DOUBTFUL;
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

/** The open ports of a host as text: at most `most` of them, and how many more there are. */
export function openWords(host: HostObservation, most: number): string {
  const open = [...openPorts(host)].map(({ port, protocol }) => `${port}/${protocol}`);
  const more = open.length - most;
  return more > 0 ? `${open.slice(0, most).join(', ')} and ${more} more` : open.join(', ');
}

/** A port's state and its service: `open (http nginx 1.18.0)`. */
export function portWords(port: PortObservation): string {
  const { name, product, version, extrainfo, tunnel } = port.service ?? {};
  const service = [tunnel === undefined ? name : `${tunnel}/${name}`, product, version, extrainfo && `(${extrainfo})`];
  const words = service.filter((part) => part !== undefined && part !== '').join(' ');
  return words === '' || port.state !== 'open' ? port.state : `${port.state} (${words})`;
}
