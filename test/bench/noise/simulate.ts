import type { Doubt, ScanEvidence } from '../../../src/core/model/judgement.ts';
import type { ExtraPorts, HostObservation, PortObservation, PortRange } from '../../../src/core/model/observation.ts';
import { mergeRanges } from '../../../src/core/network/range-set.ts';
import type { LabHost, LabState } from '../../lab/rules.ts';
import { createScript, type LabChange, type Random, seededRandom } from '../../lab/script.ts';

/** nmap's `-F`. */
export const FAST_PORTS: readonly PortRange[] = [
  ...[7, 9, 13].map((port) => [port, port] as const),
  [21, 23],
  [25, 26],
  ...[37, 53].map((port) => [port, port] as const),
  [79, 81],
  ...[88, 106].map((port) => [port, port] as const),
  [110, 111],
  ...[113, 119, 135, 139].map((port) => [port, port] as const),
  [143, 144],
  ...[179, 199, 389, 427].map((port) => [port, port] as const),
  [443, 445],
  [465, 465],
  [513, 515],
  [543, 544],
  ...[548, 554, 587, 631, 646, 873, 990, 993, 995].map((port) => [port, port] as const),
  [1025, 1029],
  ...[1110, 1433, 1720, 1723, 1755, 1900].map((port) => [port, port] as const),
  [2000, 2001],
  ...[2049, 2121, 2717, 3000, 3128, 3306, 3389, 3986, 4899, 5000].map((port) => [port, port] as const),
  ...[5009, 5051, 5060, 5101, 5190, 5357, 5432, 5631, 5666, 5800, 5900].map((port) => [port, port] as const),
  [6000, 6001],
  ...[6646, 7070, 8000].map((port) => [port, port] as const),
  [8008, 8009],
  [8080, 8081],
  ...[8443, 8888, 9100].map((port) => [port, port] as const),
  [9999, 10000],
  [32768, 32768],
  [49152, 49157],
];

export type SimulationOptions = {
  seed: number;
  hosts: number;
  scans: number;
  /** Share of packets lost, each way. */
  loss: number;
  /** nmap's `--max-retries`. */
  retries: number;
  /** Changes per scan, on average. */
  rate: number;
  bursts?: boolean;
  outage?: boolean;
  tarpit?: boolean;
  /** Replaces `-F`. */
  ports?: readonly PortRange[];
  /** The share of closings that fall silent instead of answering with a reset. */
  silentClosings?: number;
  /** The share of hosts that drop what is not open. */
  walled?: number;
  /** The share of services that answer only with this chance, whatever the path does. */
  flaky?: { share: number; answers: number };
  /** From this scan on, all hosts drop packets to this port. */
  massClosing?: { scan: number; port: number };
  /** How many hosts are switched off for good before this scan. */
  switchedOff?: { scan: number; hosts: number };
  /** How many hosts drop everything except pings, in these scans. */
  dark?: { from: number; until: number; hosts: number };
};

export type SeriesScan = {
  evidence: ScanEvidence;
  changes: readonly LabChange[];
  /** The truth in this scan. */
  state: LabState;
  dark: ReadonlySet<string>;
  /** Scans doubtful pairs again, some minutes later. */
  ask(doubts: readonly Doubt[]): ScanEvidence[];
  /** The whole scan once more: a pass of the baseline. */
  again(): ScanEvidence;
};

/** Everything before this scan is learnt. */
const QUIET_SCANS = 3;
/** As the bot asks, see src/usecases/judging/confirm-doubts.ts. */
const CONFIRMATION_RETRIES = 6;
const DAY = 86_400_000;
const NETWORK = ['10.71.0.0', '10.71.0.127'] as const;
const listed = (ranges: readonly PortRange[]): number[] =>
  ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i));

/**
 * A series of scans as nmap would report them, and the truth: thousands of them in a minute, where the lab needs hours.
 */
export function simulateSeries(options: SimulationOptions): SeriesScan[] {
  const random = seededRandom(options.seed * 7919 + 17);
  const script = createScript({ seed: options.seed, hosts: options.hosts });
  const initial = Object.keys(script.state);
  const walled = new Set(initial.filter(() => random() < (options.walled ?? 0)));
  const silenced = new Set<string>();
  return Array.from({ length: options.scans }, (_, scan) => {
    const { gone, tarpits, dark } = conditions(options, initial, scan);
    const calm = scan < QUIET_SCANS || gone.size > 0;
    const untouched = new Set(options.tarpit === true ? initial.slice(-2) : []);
    const changes = calm || options.rate === 0 ? [] : script.advance(scan, { rate: options.rate, untouched });
    for (const change of changes) silence(change, options.silentClosings ?? 0, silenced, random);
    changes.push(...planned(options, scan, script.state, silenced));
    const state = structuredClone(script.state);
    const nature = { walled, silenced: new Set(silenced), tarpits, dark };
    const observed = (number: number, ranges = options.ports ?? FAST_PORTS, asked = false): ScanEvidence => {
      const weather = createWeather(options, random);
      const retries = asked ? CONFIRMATION_RETRIES : options.retries;
      const look = createScanner({ ...options, retries, ports: ranges }, random, weather, nature, !asked);
      return evidenceOf(number, observe(state, gone, look), ranges);
    };
    return {
      evidence: observed(scan),
      changes,
      state,
      dark,
      ask: (doubts) => askAgain(doubts, (ports) => observed(scan, ports, true)),
      again: () => observed(scan),
    };
  });
}

/** Events of a series besides its random changes. */
function planned(
  { massClosing, switchedOff }: SimulationOptions,
  scan: number,
  state: LabState,
  silenced: Set<string>,
): LabChange[] {
  const changes: LabChange[] = [];
  const hosts = state as Record<string, LabHost>;
  if (massClosing?.scan === scan) {
    for (const [host, { up, open }] of Object.entries(hosts)) {
      const { [String(massClosing.port)]: closed, ...rest } = open;
      if (!up || closed === undefined) continue;
      hosts[host] = { up, open: rest };
      silenced.add(`${host}:${massClosing.port}`);
      changes.push({ kind: 'port-closed', host, port: massClosing.port });
    }
  }
  if (switchedOff?.scan === scan) {
    for (const [host, one] of Object.entries(hosts).slice(0, switchedOff.hosts)) {
      hosts[host] = { ...one, up: false };
      changes.push({ kind: 'host-down', host });
    }
  }
  return changes;
}

/** Scans as the bot does: `-Pn`, each host for its own doubtful ports only. */
function askAgain(doubts: readonly Doubt[], scan: (ports: readonly PortRange[]) => ScanEvidence): ScanEvidence[] {
  const byHost = new Map<string, Set<number>>();
  for (const { address, port } of doubts) {
    const ports = byHost.get(address) ?? new Set();
    byHost.set(address, port === undefined ? ports : ports.add(port));
  }
  return [...byHost].map(([address, ports]) => {
    const ranges = [...ports].sort((a, b) => a - b).map((port) => [port, port] as const);
    const evidence = scan(ranges);
    const host = [...evidence.hosts].find((one) => one.address === address);
    const silent = observation(address, [], [], [...ports]);
    const seen = { ...(host ?? silent), reason: 'user-set' };
    return {
      ...evidence,
      kind: 'confirmation',
      coverage: { ...evidence.coverage, addresses: [[address, address]] },
      hosts: [seen],
    };
  });
}

function silence(change: LabChange, share: number, silenced: Set<string>, random: Random): void {
  if (!('port' in change)) return;
  const key = `${change.host}:${change.port}`;
  if (change.kind === 'port-closed' && random() < share) silenced.add(key);
  else silenced.delete(key);
}

function conditions(options: SimulationOptions, initial: readonly string[], scan: number) {
  const half = Math.floor(initial.length / 2);
  const within = (from: number, length: number) => scan >= from && scan < from + length;
  const gone = new Set<string>();
  if (options.outage === true && within(Math.round(options.scans * 0.35), 2)) {
    for (const address of initial.slice(0, half)) gone.add(address);
  }
  if (options.outage === true && within(Math.round(options.scans * 0.7), 1)) {
    for (const address of initial.slice(half)) gone.add(address);
  }
  const dark = new Set(
    options.dark !== undefined && within(options.dark.from, options.dark.until - options.dark.from)
      ? initial.slice(0, options.dark.hosts)
      : [],
  );
  const tarpits = new Set<string>();
  const [stays = '', passes = ''] = initial.slice(-2);
  if (options.tarpit === true && scan >= options.scans * 0.3) tarpits.add(stays);
  if (options.tarpit === true && scan >= options.scans * 0.5 && scan < options.scans * 0.75) tarpits.add(passes);
  return { gone, tarpits, dark };
}

/** Whether a packet sent at this second of the scan, and its answer, get through. */
type Weather = (second: number) => boolean;

/** Bursts as in test/lab/storm.ts: every three seconds half a second, one in twelve four to eight. */
function createWeather(options: SimulationOptions, random: Random): Weather {
  const bursts: [number, number][] = [];
  const exponential = (mean: number) => -mean * Math.log(1 - random());
  for (let at = exponential(3); options.bursts === true && at < 30; at += exponential(3)) {
    const length = random() < 1 / 12 ? 4 + random() * 4 : exponential(0.5);
    bursts.push([at, at + length]);
    at += length;
  }
  const through = (1 - options.loss) ** 2;
  return (second) => !bursts.some(([from, to]) => second >= from && second < to) && random() < through;
}

type Nature = {
  walled: ReadonlySet<string>;
  silenced: ReadonlySet<string>;
  tarpits: ReadonlySet<string>;
  dark: ReadonlySet<string>;
};
type Look = (address: string, host: LabHost) => HostObservation | undefined;

const DISCOVERY_SECONDS = 1.5;
const SCAN_SECONDS = 4;
/** Between two tries of one probe. */
const RETRY_SECONDS = 0.15;
/** Echo, SYN 443, ACK 80, timestamp. */
const PINGS = 4;
/** Measured: without retries nmap mostly gives up after the first probe, so that 8 % loss hide 11 % of the hosts. */
const SECOND_PING = 0.3;

function createScanner(
  options: SimulationOptions,
  random: Random,
  weather: Weather,
  nature: Nature,
  pinged: boolean,
): Look {
  const tries = options.retries + 1;
  const ports = listed(options.ports ?? FAST_PORTS);
  const answered = (from: number, seconds: number, probes: number): boolean => {
    const start = from + random() * seconds;
    for (let round = 0; round < tries; round++) {
      for (let probe = 0; probe < probes; probe++)
        if (weather(start + round * RETRY_SECONDS * (1 + random()))) return true;
    }
    return false;
  };
  return (address, host) => {
    const pings = tries > 1 ? PINGS : random() < SECOND_PING ? 2 : 1;
    if (pinged && !answered(0, DISCOVERY_SECONDS, pings)) return undefined;
    const open: number[] = [];
    const closed: number[] = [];
    const silent: number[] = [];
    for (const port of ports) {
      const key = `${address}:${port}`;
      const isOpen = nature.tarpits.has(address) || String(port) in host.open;
      const dumb = nature.dark.has(address) || (!isOpen && (nature.walled.has(address) || nature.silenced.has(key)));
      const shy = isOpen && options.flaky !== undefined && isFlaky(key, options.flaky.share);
      const willing = !shy || random() < (options.flaky?.answers ?? 1);
      if (dumb || !willing || !answered(DISCOVERY_SECONDS, SCAN_SECONDS, 1)) silent.push(port);
      else (isOpen ? open : closed).push(port);
    }
    return observation(address, open, closed, silent);
  };
}

function isFlaky(key: string, share: number): boolean {
  let hash = 7;
  for (const character of key) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return (hash % 1000) / 1000 < share;
}

function observe(state: LabState, gone: ReadonlySet<string>, look: Look): HostObservation[] {
  return Object.entries(state).flatMap(([address, host]) =>
    host.up && !gone.has(address) ? (look(address, host) ?? []) : [],
  );
}

function observation(
  address: string,
  open: readonly number[],
  closed: readonly number[],
  silent: readonly number[],
): HostObservation {
  const ports = open.map(
    (port): PortObservation => ({
      protocol: 'tcp',
      port,
      state: 'open',
      reason: 'syn-ack',
      service: { name: `service-${port}`, method: 'table', confidence: 3 },
    }),
  );
  const extra: ExtraPorts[] = [
    { state: 'closed', reason: 'reset', protocol: 'tcp', ports: ranges(closed) },
    { state: 'filtered', reason: 'no-response', protocol: 'tcp', ports: ranges(silent) },
  ];
  const present = extra.filter((one) => one.ports.length > 0);
  return { address, hostnames: [], status: 'up', reason: 'echo-reply', timedOut: false, ports, extra: present };
}

/** In nmap's format. */
function ranges(ports: readonly number[]): readonly PortRange[] {
  return mergeRanges(ports.map((port) => [port, port] as const));
}

function evidenceOf(scan: number, hosts: readonly HostObservation[], ports: readonly PortRange[]): ScanEvidence {
  return {
    number: scan + 1,
    at: (scan + 1) * DAY,
    kind: 'scan',
    nmapVersion: '7.93',
    scanTypes: ['syn'],
    coverage: { addresses: [NETWORK], ports: { tcp: ports } },
    hosts,
  };
}
