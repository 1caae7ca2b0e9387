import { DELTA_KINDS, type DeltaKind, KINDS } from './delta-kinds.ts';
import type { Grade } from './scales.ts';

export const TRAITS = ['os', 'scripts'] as const;
export type Trait = (typeof TRAITS)[number];

/** How a group is judged. A user who sets nothing gets the right thing. */
export type Policy = {
  /** Scans in a row that a host must miss before it is told as down. */
  downAfter: number;
  /** Covering scans after which what was silent or uncovered counts as known. */
  learn: number;
  /** Confirmation scans a candidate may cost; 0 turns confirmation off. */
  confirmAttempts: number;
  /** Kinds that are recorded only. All others are announced, those of a later version among them. */
  silentKinds: readonly DeltaKind[];
  /** What is compared beside hosts and services: nmap's guesses and scripts say little that is sure. */
  compare: readonly Trait[];
  /** The worst grade that is still announced. */
  minGrade: Grade;
  ignoreTcpwrapped: boolean;
  /** Certificates are told 30, 14 and 3 days before they expire. */
  certExpiry: boolean;
  /** A delta that is told already and still open is counted, not told again. */
  hideRepeats: boolean;
  /** Flips of one service or host within 20 scans after which it is called unstable; 0 turns it off. */
  unstableAfter: number;
};

export const DEFAULT_POLICY: Policy = {
  downAfter: 3,
  learn: 3,
  confirmAttempts: 2,
  silentKinds: [],
  compare: [],
  minGrade: 'amber',
  ignoreTcpwrapped: false,
  certExpiry: false,
  hideRepeats: false,
  unstableAfter: 4,
};

/** Those that are there without being asked for by a trait. */
export const ALERTABLE_KINDS = DELTA_KINDS.filter((kind) => KINDS[kind].trait === undefined);

/** The kinds that are recorded only when just these are to be announced; none of them for `all`. */
export function silentBut(announced: readonly string[]): DeltaKind[] {
  return announced.includes('all') ? [] : ALERTABLE_KINDS.filter((kind) => !announced.includes(kind));
}

export function announcedKinds({ silentKinds }: Pick<Policy, 'silentKinds'>): DeltaKind[] {
  return ALERTABLE_KINDS.filter((kind) => !silentKinds.includes(kind));
}
