/**
 * Records a series of real nmap scans of a lab whose truth is known: scan-00.xml.gz … and truth.json.
 * npx tsx test/lab/record.ts --out DIR --hosts 60 --scans 30 --loss 8 --args "-T4 --max-retries 0 -F" --seed 1
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Command } from 'commander';
import { createLab, type Lab, labObstacle } from './lab.ts';
import type { LabState } from './rules.ts';
import { ANSWERING, createScript, type LabChange, type LabScript, seededRandom, TYPICAL } from './script.ts';
import { startStorm } from './storm.ts';

/** Changes begin here: before, everything is being learnt. */
const QUIET_SCANS = 3;
/** And end here before the end, so that what takes several scans to tell can still be told. */
const SETTLING_SCANS = 4;

type Options = {
  out: string;
  hosts: number;
  scans: number;
  /** Share, each way. */
  loss: number;
  args: readonly string[];
  seed: number;
  network: string;
  /** Changes in a scan, on average. */
  rate: number;
  bursts: boolean;
  outage: boolean;
  tarpit: boolean;
  answering: boolean;
};

type RecordedScan = {
  scan: number;
  changes: LabChange[];
  state: LabState;
  /** Addresses cut off during this scan; their state is what lies behind. */
  outage?: string[];
};

function readOptions(argv: readonly string[]): Options {
  const values = new Command('record')
    .description('Records scans of a network of namespaces, and the truth about it.')
    .requiredOption('--out <dir>', 'where scan-00.xml.gz … and truth.json go')
    .option('--hosts <n>', 'hosts at the start', Number, 60)
    .option('--scans <n>', 'how many scans', Number, 30)
    .option('--loss <percent>', 'packets lost, each way', Number, 0)
    .option('--args <args>', 'arguments for nmap, separated by blanks', '-T4 -F')
    .option('--seed <n>', 'the same seed gives the same changes', Number, 1)
    .option('--rate <n>', 'changes in a scan, on average', Number, 1.3)
    .option('--network <cidr>', 'a /24 or smaller', '10.71.0.0/25')
    .option('--bursts', 'loss in bursts and blackouts besides', false)
    .option('--outage', 'twice, half of the hosts are cut off', false)
    .option('--tarpit', 'two hosts accept every connection, one for good', false)
    .option('--answering', 'no silent services; for -sV', false)
    .option('--static', 'nothing ever changes', false)
    .parse([...argv], { from: 'user' })
    .opts<Omit<Options, 'args'> & { args: string; static: boolean }>();
  return {
    ...values,
    out: resolve(values.out),
    loss: values.loss / 100,
    args: values.args.split(/\s+/).filter((word) => word !== ''),
    rate: values.static ? 0 : values.rate,
  };
}

async function record(options: Options, lab: Lab): Promise<void> {
  await mkdir(options.out, { recursive: true });
  const prefix = options.network.replace(/\.\d+\/\d+$/, '');
  const last = 2 ** (32 - Number(options.network.split('/')[1])) - 2;
  const script = createScript({
    seed: options.seed,
    hosts: options.hosts,
    prefix,
    last,
    services: options.answering ? ANSWERING : TYPICAL,
  });
  const scans: RecordedScan[] = [];
  for (let scan = 0; scan < options.scans; scan++) {
    const conditions = conditionsOf(options, script, scan);
    const changes = advance(options, script, scan, conditions);
    const state = withTarpits(script.state, conditions.tarpits);
    await lab.set(state);
    await lab.weather({ loss: options.loss, gone: conditions.gone });
    const outage = conditions.gone.length > 0 ? { outage: conditions.gone } : {};
    scans.push({ scan, changes, state: structuredClone(state), ...outage });
    const seconds = await recordScan(options, lab, scan);
    const truth = { args: options.args, loss: options.loss, seed: options.seed, scans };
    await writeFile(join(options.out, 'truth.json'), JSON.stringify(truth, null, 1));
    process.stderr.write(`scan ${scan}: ${changes.length} changes, ${seconds.toFixed(0)} s\n`);
  }
}

type Conditions = { gone: string[]; tarpits: string[]; calm: boolean };

/** Two outages of half of the hosts, and two tarpits: one that stays, one that passes. */
function conditionsOf(options: Options, script: LabScript, scan: number): Conditions {
  const share = scan / options.scans;
  const initial = Object.keys(script.state).slice(0, options.hosts);
  const half = Math.floor(initial.length / 2);
  const outage = (from: number, length: number) => scan >= from && scan < from + length;
  const first = options.outage && outage(Math.round(options.scans * 0.35), 2);
  const second = options.outage && outage(Math.round(options.scans * 0.7), 1);
  const gone = first ? initial.slice(0, half) : second ? initial.slice(half) : [];
  const [stays = '', passes = ''] = initial.slice(-2);
  const tarpits = options.tarpit
    ? [...(share >= 0.3 ? [stays] : []), ...(share >= 0.5 && share < 0.75 ? [passes] : [])]
    : [];
  return { gone, tarpits, calm: scan < QUIET_SCANS || scan >= options.scans - SETTLING_SCANS || gone.length > 0 };
}

function advance(options: Options, script: LabScript, scan: number, { calm }: Conditions): LabChange[] {
  const untouched = new Set(options.tarpit ? Object.keys(script.state).slice(options.hosts - 2, options.hosts) : []);
  return calm || options.rate === 0 ? [] : script.advance(scan, { rate: options.rate, untouched });
}

function withTarpits(state: LabState, tarpits: readonly string[]): LabState {
  const changed = tarpits.map((address) => [address, { up: true, open: {}, ...state[address], tarpit: true }]);
  return { ...state, ...Object.fromEntries(changed) };
}

async function recordScan(options: Options, lab: Lab, scan: number): Promise<number> {
  const random = seededRandom(options.seed * 1000 + scan);
  const stop = options.bursts ? startStorm(lab, random, options.loss) : undefined;
  const started = performance.now();
  const result = await lab.scannerExec(['nmap', '-n', '-oX', 'scan.xml', ...options.args, options.network], {
    cwd: options.out,
  });
  await stop?.();
  if (result.code !== 0) throw new Error(`nmap failed: ${result.stderr}`);
  const file = join(options.out, 'scan.xml');
  await writeFile(join(options.out, `scan-${String(scan).padStart(2, '0')}.xml.gz`), gzipSync(await readFile(file)));
  await rm(file);
  return (performance.now() - started) / 1000;
}

const obstacle = labObstacle();
if (obstacle !== undefined) {
  process.stderr.write(`No lab can be made here: ${obstacle}.\n`);
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const options = readOptions(process.argv.slice(2));
const lab = await createLab({ network: options.network });
try {
  await record(options, lab);
} finally {
  await lab.close();
}
