/**
 * How often the judge is right: `npm run bench:noise [-- DIR…] [--seeds N] [--live]`. Records missing series in the lab
 * (as root; a minute or more each), simulates the rest, and prints the table of the README.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { labObstacle } from '../../lab/lab.ts';
import { RECORDED, RELIABILITY, SIMULATED } from './cases.ts';
import { runLive } from './live.ts';
import { readSeries } from './recorded.ts';
import { measure, reliability, reliabilityTable } from './reliability.ts';
import { diffOpenPorts, diffWithNdiff } from './rivals.ts';
import { judgeSeries } from './run-judge.ts';
import { score } from './score.ts';
import { simulateSeries } from './simulate.ts';
import { type Row, sumScores, tableOf } from './table.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const LIVE = { hosts: 60, scans: 20, rate: 1.2 };

type Options = { data: string; seeds: number; live: boolean; record: boolean };

const program = new Command('bench:noise')
  .description('Scores the judge on series whose truth is known, beside ndiff and a diff of open ports.')
  .argument('[dir...]', 'recorded series; without any: those of cases.ts')
  .option('--data <dir>', 'where recorded series are kept', join(tmpdir(), 'netdelta-bench'))
  .option('--seeds <n>', 'simulated series of each kind', Number, 20)
  .option('--no-record', 'use only what is recorded already')
  .option('--live', 'also scan the lab live, with confirmation', false)
  .parse();
const options = program.opts<Options>();

const recorded =
  program.args.length > 0 ? program.args.map((dir) => ({ what: basename(dir), dir: resolve(dir) })) : prepared();
console.log('Recorded in the lab with real nmap:\n');
console.log(tableOf(recorded.map(({ what, dir }) => recordedRow(what, dir))));
console.log(`\nSimulated, ${options.seeds} series each:\n`);
console.log(tableOf(SIMULATED.map(({ what, options: simulation }) => simulatedRow(what, simulation))));
console.log(`\nReliability, told or not, ${options.seeds} series of ${RELIABILITY.length} kinds each:\n`);
console.log(reliabilityTable(reliability(RELIABILITY.flatMap(({ options: simulation }) => casesOf(simulation)))));
if (options.live) await live();

function prepared(): { what: string; dir: string }[] {
  const fixture = join(root, 'test', 'fixtures', 'series-loss20');
  const obstacle = labObstacle();
  const cases = RECORDED.flatMap(({ name, what, record }) => {
    const dir = join(options.data, name);
    if (!existsSync(join(dir, 'truth.json')) && options.record) {
      if (obstacle !== undefined) {
        process.stderr.write(`${name} is not recorded: ${obstacle}.\n`);
        return [];
      }
      recordInto(dir, record);
    }
    return existsSync(join(dir, 'truth.json')) ? [{ what, dir }] : [];
  });
  return [{ what: '20 % loss, -T5, one retry (the fixture)', dir: fixture }, ...cases];
}

function recordInto(dir: string, args: readonly string[]): void {
  process.stderr.write(`recording ${basename(dir)} …\n`);
  const script = join(root, 'test', 'lab', 'record.ts');
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', script, '--out', dir, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error(`recording ${basename(dir)} ended with ${status}`);
}

function recordedRow(what: string, dir: string): Row {
  const { truth, evidence, files } = readSeries(dir);
  const ndiff = diffWithNdiff(files);
  return {
    what,
    scans: files.length,
    judge: score(truth, judgeSeries(evidence).alerts),
    ndiff: ndiff === undefined ? undefined : score(truth, ndiff),
    openPorts: score(truth, diffOpenPorts(evidence)),
  };
}

function simulatedRow(what: string, simulation: (typeof SIMULATED)[number]['options']): Row {
  const rows = Array.from({ length: options.seeds }, (_, index) => {
    const series = simulateSeries({ ...simulation, seed: index + 1 });
    const truth = { scans: series.map(({ changes }, scan) => ({ scan, changes })) };
    const evidence = series.map((one) => one.evidence);
    return {
      judge: score(truth, judgeSeries(evidence).alerts),
      openPorts: score(truth, diffOpenPorts(evidence)),
    };
  });
  return {
    what,
    scans: simulation.scans,
    judge: sumScores(rows.map((row) => row.judge)),
    openPorts: sumScores(rows.map((row) => row.openPorts)),
  };
}

function casesOf(simulation: (typeof RELIABILITY)[number]['options']) {
  return Array.from({ length: options.seeds }, (_, index) => {
    return measure({ ...simulation, seed: index + 201 }, { confirmations: 0, passes: 0 }).cases;
  }).flat();
}

async function live(): Promise<void> {
  const obstacle = labObstacle();
  if (obstacle !== undefined) {
    process.stderr.write(`No live series: ${obstacle}.\n`);
    return;
  }
  console.log('\nLive in the lab, with confirmation scans, three seeds together:\n');
  console.log('| loss | real changes | alerted | false | precision | recall | extra probes |');
  console.log('| ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const loss of [0.05, 0.1]) {
    const results = [];
    for (const seed of [1, 2, 3]) results.push(await runLive({ ...LIVE, loss, seed }));
    const sum = sumScores(results.map((result) => result.score));
    const packets = results.reduce((total, result) => total + result.packets, 0);
    const extra = results.reduce((total, result) => total + result.extraPackets, 0);
    const figures = [sum.changes, sum.alerted, sum.false, sum.precision.toFixed(2), sum.recall.toFixed(2)];
    console.log(`| ${loss * 100} % | ${figures.join(' | ')} | ${((100 * extra) / packets).toFixed(1)} % |`);
  }
}
