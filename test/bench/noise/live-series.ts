import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { isTold, openSession, type Session, scanGroup } from '../../e2e/console-session.ts';
import { createLab, type Lab } from '../../lab/lab.ts';
import { DEVICE, type LabState } from '../../lab/rules.ts';
import { createScript, type LabChange, seededRandom } from '../../lab/script.ts';
import { startStorm } from '../../lab/storm.ts';
import { type LiveDatabase, openLiveDatabase, type StoredDelta, type StoredDocument } from './live-database.ts';
import type { ScoredAlert, Truth } from './score.ts';

export type LiveOptions = {
  seed: number;
  hosts: number;
  scans: number;
  /** Share of packets lost, each way. */
  loss: number;
  /** Changes per scan, on average. */
  rate: number;
  bursts: boolean;
  /** The share of closings that fall silent instead of answering with a reset; 0 to 1. */
  silent: number;
  /** Options of the group: `profile:quick`, a policy. */
  group: string;
  /** NETDELTA_CONFIRM_DELAYS */
  delays: string;
  /** The directory with the program `dist/src/main.js`. */
  program: string;
  /** Where to keep the series, in the form of test/lab/record.ts, so that it can be replayed and scored again. */
  out: string;
};

export type LiveSeries = {
  truth: Truth;
  alerts: ScoredAlert[];
  deltas: StoredDelta[];
  probes: { scans: number; confirmations: number };
  confirmations: { done: number; failed: number };
  /** Reported deltas whose host no message in a thread names. */
  unheard: ScoredAlert[];
};

const NETWORK = '10.71.8.0/26';
const LAST_HOST = 62;
/**
 * The first scans change nothing, so that the judge can learn, and neither do the last, so that it can report a host as
 * down.
 */
const QUIET_SCANS = 3;
const SETTLING_SCANS = 4;
const GROUP = 'bench';

/** The whole program in the lab: real scans of a network that changes by a script, each with its confirmations. */
export async function runLiveSeries(options: LiveOptions): Promise<LiveSeries> {
  const dataDir = await mkdtemp(join(tmpdir(), 'netdelta-live-'));
  const lab = await createLab({ network: NETWORK, weather: { loss: options.loss } });
  const { command, args } = lab.scannerCommand([]);
  const env = { NETDELTA_CONFIRM_DELAYS: options.delays };
  const session = openSession({ dataDir, wrap: [command, ...args], env, cwd: options.program });
  try {
    await session.ask(`group add ${GROUP} ${NETWORK} ${options.group}`);
    const database = await openLiveDatabase(join(dataDir, 'netdelta.sqlite'));
    const { truth, probes } = await scanThrough(options, lab, session, database);
    const series = await collect(database, session, truth, probes);
    await keep(options, series, await database.documents());
    await database.close();
    await session.end();
    return series;
  } finally {
    await session.kill('SIGTERM');
    await lab.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function scanThrough(options: LiveOptions, lab: Lab, session: Session, database: LiveDatabase) {
  const prefix = NETWORK.replace(/\.\d+\/\d+$/, '');
  const script = createScript({ seed: options.seed, hosts: options.hosts, prefix, last: LAST_HOST });
  const scans: { scan: number; changes: LabChange[]; state: unknown }[] = [];
  const probes = { scans: 0, confirmations: 0 };
  const silenced = new Set<string>();
  const dice = seededRandom(options.seed + 7919);
  for (let scan = 0; scan < options.scans; scan++) {
    const calm = scan < QUIET_SCANS || scan >= options.scans - SETTLING_SCANS;
    const changes = calm ? [] : script.advance(scan, { rate: options.rate });
    for (const change of changes) silence(change, silenced, dice() < options.silent);
    const state = withSilenced(script.state, silenced);
    await lab.set(state);
    scans.push({ scan, changes, state: structuredClone(state) });
    const random = seededRandom(options.seed * 1000 + scan);
    const stop = options.bursts ? startStorm(lab, random, options.loss) : undefined;
    const before = packetsSent(lab);
    await scanGroup(session, GROUP);
    const scanned = packetsSent(lab);
    await database.idle();
    await stop?.();
    const settled = packetsSent(lab);
    probes.scans += scanned - before;
    probes.confirmations += settled - scanned;
    process.stderr.write(
      `seed ${options.seed}, scan ${scan}: ${changes.length} changes, ${scanned - before} + ${settled - scanned} packets\n`,
    );
  }
  return { truth: { scans }, probes };
}

function silence(change: LabChange, silenced: Set<string>, silently: boolean): void {
  if (!('port' in change)) return;
  const key = `${change.host}:${change.port}`;
  if (change.kind === 'port-closed' && silently) silenced.add(key);
  else silenced.delete(key);
}

function withSilenced(state: LabState, silenced: ReadonlySet<string>): LabState {
  const filtered = (address: string) =>
    [...silenced].filter((key) => key.startsWith(`${address}:`)).map((key) => Number(key.split(':')[1]));
  return Object.fromEntries(
    Object.entries(state).map(([address, host]) => [address, { ...host, filtered: filtered(address) }]),
  );
}

/** All packets that leave the scanner's device; only nmap sends any there. */
function packetsSent(lab: Lab): number {
  const { command, args } = lab.scannerCommand(['cat', `/sys/class/net/${DEVICE}/statistics/tx_packets`]);
  return Number(spawnSync(command, args, { encoding: 'utf8' }).stdout);
}

async function collect(
  database: LiveDatabase,
  session: Session,
  truth: Truth,
  probes: LiveSeries['probes'],
): Promise<LiveSeries> {
  const deltas = await database.deltas();
  const alerts = deltas
    .filter(({ state }) => state === 'confirmed')
    .map(({ scan, kind, address, port }) => ({ scan: scan - 1, kind, host: address, port: port ?? undefined }));
  // With many hosts the message has ranges; the attached file lists each host.
  const told = session.events.map((event) => (isTold(event) ? event.text : (event.content ?? '')));
  return {
    truth,
    alerts,
    deltas,
    probes,
    confirmations: await database.confirmations(),
    unheard: alerts.filter(({ host }) => !told.some((text) => text.includes(host))),
  };
}

async function keep(options: LiveOptions, series: LiveSeries, documents: readonly StoredDocument[]): Promise<void> {
  const { truth, alerts, deltas } = series;
  await mkdir(options.out, { recursive: true });
  const write = (name: string, data: string | Buffer) => writeFile(join(options.out, name), data);
  await write('truth.json', JSON.stringify({ ...options, ...truth }, null, 1));
  await write('alerts.jsonl', alerts.map((alert) => `${JSON.stringify(alert)}\n`).join(''));
  await write('deltas.json', JSON.stringify(deltas, null, 1));
  for (const [scan, { xml }] of documents.entries()) {
    await write(`scan-${String(scan).padStart(2, '0')}.xml.gz`, gzipSync(xml));
  }
}
