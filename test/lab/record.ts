/**
 * Records a series of real nmap scans of a lab with a known truth: scan-00.xml.gz … and truth.json. npx tsx
 * test/lab/record.ts --out DIR --hosts 60 --scans 30 --loss 8 --args "-T4 --max-retries 0 -F" --seed 1
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Command } from 'commander';
import { createScanner } from '../../adapters/nmap/scanner.ts';
import type { ScanSettings } from '../../src/core/model/scan.ts';
import { toAddressRanges } from '../../src/core/network/address-ranges.ts';
import { parseTargets, targetRanges } from '../../src/core/network/targets.ts';
import type { Scanner } from '../../src/ports/scanner.ts';
import { createLab, type Lab, labObstacle } from './lab.ts';
import type { LabState } from './rules.ts';
import { ANSWERING, createScript, type LabChange, type LabScript, seededRandom, TYPICAL } from './script.ts';
import { startStorm } from './storm.ts';

/** Changes begin here: before, everything is being learnt. */
const QUIET_SCANS = 3;
/**
 * They end this long before the last scan, so that a change which takes several scans to report can still be reported.
 */
const SETTLING_SCANS = 4;

type Options = {
  out: string;
  hosts: number;
  scans: number;
  /** Share, each way. */
  loss: number;
  args: readonly string[];
  /** Scans as the bot does, with these settings, instead of `args`. */
  settings?: ScanSettings;
  seed: number;
  network: string;
  /** Changes per scan, on average. */
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
  /** Addresses cut off during this scan; their state is what lies behind the cut. */
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
    .option('--settings <json>', 'scan as the bot does, with these settings, in place of --args', readSettings)
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

function readSettings(json: string): ScanSettings {
  const flags = { tcp: true, udp: false, versionDetection: false, resolveNames: false, skipDiscovery: false };
  return { profile: 'bench', timing: 4, ...flags, ...JSON.parse(json) };
}

async function record(options: Options, lab: Lab, folder: string): Promise<void> {
  await mkdir(options.out, { recursive: true });
  const { settings, network } = options;
  const scan = settings === undefined ? byArguments(options, lab) : await byBot(settings, network, lab, folder);
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
  for (let number = 0; number < options.scans; number++) {
    const conditions = conditionsOf(options, script, number);
    const changes = advance(options, script, number, conditions);
    const state = withTarpits(script.state, conditions.tarpits);
    await lab.set(state);
    await lab.weather({ loss: options.loss, gone: conditions.gone });
    const outage = conditions.gone.length > 0 ? { outage: conditions.gone } : {};
    scans.push({ scan: number, changes, state: structuredClone(state), ...outage });
    const seconds = await recordScan(options, lab, number, scan);
    const { args, loss, seed } = options;
    const asked = settings === undefined ? { args } : { settings };
    await writeFile(join(options.out, 'truth.json'), JSON.stringify({ ...asked, loss, seed, scans }, null, 1));
    process.stderr.write(`scan ${number}: ${changes.length} changes, ${seconds.toFixed(0)} s\n`);
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

/** One scan of the lab's network; resolves with gzip of nmap's XML. */
type Scan = () => Promise<Buffer>;

function byArguments(options: Options, lab: Lab): Scan {
  return async () => {
    const words = ['nmap', '-n', '-oX', 'scan.xml', ...options.args, options.network];
    const result = await lab.scannerExec(words, { cwd: options.out });
    if (result.code !== 0) throw new Error(`nmap failed: ${result.stderr}`);
    const file = join(options.out, 'scan.xml');
    const xml = gzipSync(await readFile(file));
    await rm(file);
    return xml;
  };
}

/** The bot's own scanner, whose nmap is a script that runs the real one in the scanner's namespace. */
async function byBot(settings: ScanSettings, network: string, lab: Lab, folder: string): Promise<Scan> {
  const { command, args } = lab.scannerCommand(['nmap']);
  const nmap = join(folder, 'nmap');
  await writeFile(nmap, `#!/bin/sh\nexec ${[command, ...args].join(' ')} "$@"\n`, { mode: 0o755 });
  const scanner: Scanner = createScanner({ command: nmap });
  const ranges = toAddressRanges(targetRanges(parseTargets(network)));
  return async () => {
    const request = { ranges, family: 4, settings } as const;
    const options = { signal: new AbortController().signal, onProgress: () => undefined };
    const { xml, outcome, error } = await scanner.run(request, options);
    if (outcome !== 'complete') throw new Error(`nmap ${outcome}: ${error ?? ''}`);
    return xml;
  };
}

async function recordScan(options: Options, lab: Lab, number: number, scan: Scan): Promise<number> {
  const random = seededRandom(options.seed * 1000 + number);
  const stop = options.bursts ? startStorm(lab, random, options.loss) : undefined;
  const started = performance.now();
  const xml = await scan();
  await stop?.();
  await writeFile(join(options.out, `scan-${String(number).padStart(2, '0')}.xml.gz`), xml);
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
const folder = await mkdtemp(join(tmpdir(), 'netdelta-record-'));
try {
  await record(options, lab, folder);
} finally {
  await lab.close();
  await rm(folder, { recursive: true });
}
