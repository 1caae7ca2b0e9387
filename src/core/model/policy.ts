import type { DeltaKind, Grade } from './delta.ts';
import { DELTA_KINDS } from './delta.ts';

/** How a group is judged. A user who sets nothing gets the right thing. */
export type Policy = {
  /** Scans in a row that a host must miss before it is told as down. */
  downAfter: number;
  /** Covering scans after which what was silent or uncovered counts as known. */
  learn: number;
  /** Confirmation scans a candidate may cost; 0 turns confirmation off. */
  confirmAttempts: number;
  /** Kinds that are announced; the others are recorded only. */
  alertOn: readonly DeltaKind[];
  /** The worst grade that is still announced. */
  minGrade: Grade;
  ignoreTcpwrapped: boolean;
  /** A delta that is told already and still open is counted, not told again. */
  hideRepeats: boolean;
  /** Flips of one service or host within 20 scans after which it is called unstable; 0 turns it off. */
  unstableAfter: number;
};

export const DEFAULT_POLICY: Policy = {
  downAfter: 3,
  learn: 3,
  confirmAttempts: 2,
  alertOn: DELTA_KINDS,
  minGrade: 'amber',
  ignoreTcpwrapped: false,
  hideRepeats: false,
  unstableAfter: 4,
};
