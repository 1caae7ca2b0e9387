import { DELTA_KINDS, type DeltaKind, KINDS } from './delta-kinds.ts';
import type { Grade } from './scales.ts';

export const TRAITS = ['os', 'scripts'] as const;
export type Trait = (typeof TRAITS)[number];

/** How a group is judged. The defaults suit a user who sets nothing. */
export type Policy = {
  /** Scans in a row that a host must miss before it is reported as down. */
  downAfter: number;
  /** Covering scans after which silent or uncovered ports count as known. */
  learn: number;
  /** Confirmation scans a candidate may cost; 0 turns confirmation off. */
  confirmAttempts: number;
  /** Kinds that are only recorded. All others are announced, including those of later versions. */
  silentKinds: readonly DeltaKind[];
  /** What is compared besides hosts and services: nmap's guesses and scripts are rarely certain. */
  compare: readonly Trait[];
  /** The worst grade that is still announced. */
  minGrade: Grade;
  ignoreTcpwrapped: boolean;
  /** Certificates are reported 30, 14 and 3 days before they expire. */
  certExpiry: boolean;
  /** A delta that is already reported and still open is counted, not announced again. */
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

/** Kinds that are compared without naming a trait. */
export const ALERTABLE_KINDS = DELTA_KINDS.filter((kind) => KINDS[kind].trait === undefined);

/** The kinds that are only recorded when just these are announced; none for `all`. */
export function silentBut(announced: readonly string[]): DeltaKind[] {
  return announced.includes('all') ? [] : ALERTABLE_KINDS.filter((kind) => !announced.includes(kind));
}

export function announcedKinds({ silentKinds }: Pick<Policy, 'silentKinds'>): DeltaKind[] {
  return ALERTABLE_KINDS.filter((kind) => !silentKinds.includes(kind));
}
