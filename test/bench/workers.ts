import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '../../adapters/sequelize/open-store.ts';
import { openSession, startProgram } from '../e2e/console-session.ts';
import { nmapsOf } from '../e2e/processes.ts';
import { createLab, type Lab, labObstacle } from '../lab/lab.ts';
import type { LabState } from '../lab/rules.ts';
import { until } from '../until.ts';

/**
 * `npm run bench:workers` (root): one scan of 2,048 addresses that drop most of what is asked, so that nmap waits, by
 * one, two and four worker processes with one nmap each; and by two of which one is killed in the middle. Seconds on the
 * clock, as ratios to one worker in the same run.
 */
const NETWORK = '10.71.0.0/21';
const GROUP = `group add lab ${NETWORK} ports:1-200 profile:quick site:bench learn:1`;

type Result = { seconds: number; chunks: number; repeated: number; hostsUp: number };

/** Every eighth address is up, answers on two ports, and drops the rest. */
function state(): LabState {
  const addresses = Array.from({ length: 256 }, (_, index) => `10.71.${index >> 5}.${(index & 31) * 8 + 1}`);
  return Object.fromEntries(addresses.map((address) => [address, { up: true, open: { 22: 'ssh' }, walled: true }]));
}

async function scan(lab: Lab, workers: number, killOne: boolean): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'netdelta-workers-'));
  const { command, args } = lab.scannerCommand([]);
  const options = { dataDir: join(directory, 'data'), wrap: [command, ...args] };
  const bot = openSession({ ...options, env: { NETDELTA_CONFIRM_DELAYS: '1h' } });
  const children: ChildProcess[] = [];
  try {
    await bot.ask(GROUP);
    for (let index = 0; index < workers; index++) {
      const child = startProgram(['worker', '--site', 'bench', '--concurrency', '1'], options);
      child.stderr.resume();
      children.push(child);
    }
    while (!new RegExp(`bench: ${workers} workers?,`).test((await bot.ask('status')).text)) await sleep(200);
    const from = performance.now();
    await bot.ask('scan now lab async:true');
    if (killOne) await killInTheMiddle(children[0]);
    await bot.waitFor(({ card }) => /^lab: (baseline recorded|scan #1 done)/.test(card.title), 'the end of the scan');
    const seconds = (performance.now() - from) / 1000;
    return { seconds, ...(await whatWasScanned(options.dataDir)) };
  } finally {
    for (const child of children) await end(child);
    await bot.kill('SIGTERM');
    await rm(directory, { recursive: true, force: true });
  }
}

/** With its nmap under way; without a chance to say so. */
async function killInTheMiddle(worker: ChildProcess | undefined): Promise<void> {
  await until(() => nmapsOf(worker?.pid)[0], 'its nmap');
  worker?.kill('SIGKILL');
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** `repeated`: chunks that took a second attempt. */
async function whatWasScanned(dataDir: string): Promise<Omit<Result, 'seconds'>> {
  const store = await openStore(`sqlite:${join(dataDir, 'netdelta.sqlite')}`);
  const staged = await store.scans.staged(1);
  const hostsUp = (await store.scans.byId(1))?.hostsUp ?? Number.NaN;
  await store.close();
  return { chunks: staged.length, repeated: staged.filter(({ attempt }) => attempt > 1).length, hostsUp };
}

const obstacle = labObstacle();
if (obstacle !== undefined) {
  process.stderr.write(`No lab can be made here: ${obstacle}.\n`);
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const lab = await createLab({ network: NETWORK, state: state() });
try {
  console.log('| workers | seconds | of one | chunks | scanned again | hosts up |');
  console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
  let alone = Number.NaN;
  for (const [name, workers, killOne] of [
    ['1', 1, false],
    ['2', 2, false],
    ['4', 4, false],
    ['2, one killed', 2, true],
  ] as const) {
    const { seconds, chunks, repeated, hostsUp } = await scan(lab, workers, killOne);
    if (workers === 1) alone = seconds;
    const ratio = (seconds / alone).toFixed(2);
    console.log(`| ${name} | ${seconds.toFixed(1)} | ${ratio} | ${chunks} | ${repeated} | ${hostsUp} |`);
  }
} finally {
  await lab.close();
}
