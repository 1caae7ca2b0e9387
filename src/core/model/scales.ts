/** How surely a delta is real: green P(false) < 5 %, amber < 30 %, red above. Shown as certain, likely, doubtful. */
export const GRADES = ['green', 'amber', 'red'] as const;
export type Grade = (typeof GRADES)[number];

export const GRADE_NAMES: Readonly<Record<Grade, string>> = { green: 'certain', amber: 'likely', red: 'doubtful' };

/** How much a delta matters to the people who run the network; it colours the message. */
export const RISKS = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Risk = (typeof RISKS)[number];

export type RiskAssessment = {
  risk: Risk;
  /** Plain words on why it matters. */
  hint?: string;
};

/** Whether `grade` is less sure than `limit`. */
export function worse(grade: Grade, limit: Grade): boolean {
  return GRADES.indexOf(grade) > GRADES.indexOf(limit);
}
