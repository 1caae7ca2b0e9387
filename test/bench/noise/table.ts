import type { Score } from './score.ts';

export type Row = { what: string; scans: number; judge: Score; ndiff?: Score | undefined; openPorts: Score };

const HEAD = [
  'series',
  'scans',
  'real changes',
  'alerted',
  'false',
  'precision',
  'recall',
  'delay (scans)',
  'ndiff: alerted, false',
  'diff of open ports: alerted, false',
];

/** Markdown, as in the README. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ what, scans, judge, ndiff, openPorts }) => [
    what,
    `${scans}`,
    `${judge.changes}`,
    `${judge.alerted}`,
    `${judge.false}`,
    judge.alerted + judge.false === 0 ? '–' : judge.precision.toFixed(2),
    judge.changes === 0 ? '–' : judge.recall.toFixed(2),
    judge.alerted === 0 ? '–' : judge.delay.toFixed(1),
    ndiff === undefined ? '–' : `${ndiff.alerted}, ${ndiff.false.toLocaleString('en')}`,
    `${openPorts.alerted}, ${openPorts.false.toLocaleString('en')}`,
  ]);
  return [HEAD, HEAD.map((_, index) => (index === 0 ? '---' : '---:')), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** Several series as one. */
export function sumScores(scores: readonly Score[]): Score {
  const sum = (of: (score: Score) => number) => scores.reduce((total, score) => total + of(score), 0);
  const [changes, alerted, wrong] = [sum((one) => one.changes), sum((one) => one.alerted), sum((one) => one.false)];
  return {
    scans: sum((one) => one.scans),
    changes,
    alerted,
    false: wrong,
    precision: alerted / Math.max(1, alerted + wrong),
    recall: alerted / Math.max(1, changes),
    delay: sum((one) => one.delay * one.alerted) / Math.max(1, alerted),
    missed: scores.flatMap((one) => one.missed),
    falseAlerts: scores.flatMap((one) => one.falseAlerts),
  };
}
