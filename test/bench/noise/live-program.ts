/**
 * `npm run bench:noise:live`: the built program in the lab, with real scans, a database, a queue and delayed
 * confirmations, compared with the truth. (`npm run bench:noise -- --live` runs only the judge there, with fewer
 * retries.)
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { labObstacle } from '../../lab/lab.ts';
import { type LiveOptions, type LiveSeries, runLiveSeries } from './live-series.ts';
import { readSeries } from './recorded.ts';
import { diffOpenPorts, diffWithNdiff } from './rivals.ts';
import { type Score, score } from './score.ts';
import { sumScores } from './table.ts';

const list = (text: string): number[] => text.split(',').map(Number);

const program = new Command('bench:noise:live')
  .description('Scores the built program in the lab: scans, confirmations with short delays, alerts as they are told.')
  .option('--seeds <list>', 'one series each', list, [1, 2, 3])
  .option('--loss <list>', 'percent, each way', list, [5, 10])
  .option('--hosts <n>', 'at the start, of 62 addresses', Number, 28)
  .option('--scans <n>', 'of each series; the first 3 and the last 4 change nothing', Number, 14)
  .option('--rate <n>', 'changes in a scan, on average', Number, 2.8)
  .option('--group <options>', 'of `group add`', 'profile:quick')
  .option('--delays <list>', 'before the first and the second confirmation of a scan', '3s,5s')
  .option('--bursts', 'loss in bursts and blackouts as well', false)
  .option('--silent <share>', 'of the closings that fall silent instead of answering with a reset, 0 to 1', Number, 0)
  .option('--program <dir>', 'where dist/ is', process.cwd())
  .option('--out <dir>', 'where the scans, the truth and the alerts are kept')
  .parse();
type Options = Omit<LiveOptions, 'seed' | 'loss' | 'out'> & { seeds: number[]; loss: number[]; out?: string };
type Scored = { series: LiveSeries; judge: Score; ndiff: Score | undefined; openPorts: Score };

async function bench({ seeds, loss, out, ...options }: Options): Promise<void> {
  const kept = out ?? mkdtempSync(join(tmpdir(), 'netdelta-series-'));
  const rows: string[][] = [];
  for (const percent of loss) {
    const scored: Scored[] = [];
    for (const seed of seeds) {
      const where = join(kept, `loss${percent}${options.bursts ? '-bursts' : ''}-seed${seed}`);
      scored.push(await runOne({ ...options, seed, loss: percent / 100, out: where }));
    }
    rows.push(rowOf(percent, scored));
  }
  process.stdout.write([HEAD, HEAD.map(() => '---:'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join(''));
  process.stderr.write(`The series are in ${kept}.\n`);
}

async function runOne(options: LiveOptions): Promise<Scored> {
  const series = await runLiveSeries(options);
  const { truth, files, evidence } = readSeries(options.out);
  const ndiff = diffWithNdiff(files);
  const judge = score(truth, series.alerts);
  process.stderr.write(report(options, series, judge));
  return {
    series,
    judge,
    ndiff: ndiff === undefined ? undefined : score(truth, ndiff),
    openPorts: score(truth, diffOpenPorts(evidence)),
  };
}

/** What went wrong, with the evidence that led to it. */
function report({ loss, seed }: LiveOptions, series: LiveSeries, { alerted, changes, ...judge }: Score): string {
  const { done, failed } = series.confirmations;
  const about = (host: string) => series.deltas.filter(({ address }) => address === host).map((one) => ['   ', one]);
  const lines: unknown[][] = [
    [`${loss * 100} % loss, seed ${seed}: ${alerted} of ${changes} told, ${judge.falseAlerts.length} false;`],
    [`  ${done} confirmations, ${failed} failed; ${series.unheard.length} stored as told but in no message`],
    ...judge.missed.flatMap((change) => [['  missed', change], ...about(change.host)]),
    ...judge.falseAlerts.flatMap((alert) => [['  false', alert], ...about(alert.host)]),
    ...series.unheard.map((alert) => ['  unheard', alert]),
  ];
  const text = (word: unknown) => (typeof word === 'string' ? word : JSON.stringify(word));
  return lines.map((words) => `${words.map(text).join(' ')}\n`).join('');
}

const HEAD = [
  'loss',
  'series',
  'real changes',
  'alerted',
  'false',
  'precision',
  'recall',
  'delay (scans)',
  'extra probes',
  'ndiff: alerted, false',
  'diff of open ports: alerted, false',
];

function rowOf(loss: number, scored: readonly Scored[]): string[] {
  const judge = sumScores(scored.map((one) => one.judge));
  const ndiff = scored.flatMap((one) => one.ndiff ?? []);
  const sum = (of: (series: LiveSeries) => number) => scored.reduce((total, { series }) => total + of(series), 0);
  const extra = sum(({ probes }) => probes.confirmations) / sum(({ probes }) => probes.scans);
  const alertedAndFalse = (scores: readonly Score[]) =>
    scores.length === 0 ? '–' : [sumScores(scores).alerted, sumScores(scores).false].join(', ');
  return [
    `${loss} %`,
    `${scored.length}`,
    `${judge.changes}`,
    `${judge.alerted}`,
    `${judge.false}`,
    judge.precision.toFixed(2),
    judge.recall.toFixed(2),
    judge.delay.toFixed(2),
    `${(extra * 100).toFixed(2)} %`,
    alertedAndFalse(ndiff),
    alertedAndFalse(scored.map((one) => one.openPorts)),
  ];
}

const obstacle = labObstacle();
if (obstacle !== undefined) {
  process.stderr.write(`No lab can be made here: ${obstacle}.\n`);
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
await bench(program.opts<Options>());
