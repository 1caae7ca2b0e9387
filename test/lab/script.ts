import type { LabHost, LabState } from './rules.ts';
import type { ServiceKind } from './services.ts';

/** A real change, in the terms of a series' truth.json. */
export type LabChange =
  | { kind: 'port-opened' | 'port-closed'; host: string; port: number }
  | { kind: 'host-down' | 'host-up' | 'host-new'; host: string };

export type LabScript = {
  /** The truth now. */
  readonly state: LabState;
  /**
   * The changes just before scan `scan`, already in `state`; `rate` is how many there are on average. A change is
   * undone no sooner than six scans later, so that a judge that waits for three misses can report both.
   */
  advance(scan: number, options: { rate: number; untouched?: ReadonlySet<string> }): LabChange[];
};

type Service = readonly [port: number, kind: ServiceKind];

export const TYPICAL: readonly Service[] = [
  [21, 'ftp'],
  [22, 'ssh'],
  [25, 'smtp'],
  [53, 'silent'],
  [80, 'http'],
  [110, 'silent'],
  [443, 'silent'],
  [3306, 'silent'],
  [5432, 'silent'],
  [8080, 'http'],
];
/** The same without silent ones: a host with one of those exceeds most host time-outs when versions are detected. */
export const ANSWERING: readonly Service[] = TYPICAL.map(([port, kind]) => [
  port,
  kind !== 'silent' ? kind : port === 110 ? 'pop3' : 'wrapped',
]);
const SCANS_UNTIL_UNDONE = 6;

/** How often each kind occurs, out of 100. */
const MIX: readonly (readonly [LabChange['kind'], number])[] = [
  ['port-closed', 34],
  ['host-down', 26],
  ['port-opened', 20],
  ['host-new', 12],
  ['host-up', 8],
];

export type Random = () => number;

/** mulberry32: the same seed gives the same series. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `prefix` is the first three octets; hosts are 1 to `hosts`, new ones are added above, up to `last`. */
export function createScript(options: {
  seed: number;
  hosts: number;
  prefix?: string;
  last?: number;
  services?: readonly Service[];
}): LabScript {
  const random = seededRandom(options.seed);
  const services = options.services ?? TYPICAL;
  const prefix = options.prefix ?? '10.71.0';
  const state: Record<string, LabHost> = {};
  for (let host = 1; host <= options.hosts; host++) state[`${prefix}.${host}`] = randomHost(random, services);
  const unborn = Array.from(
    { length: (options.last ?? 126) - options.hosts },
    (_, i) => `${prefix}.${options.hosts + 1 + i}`,
  );
  /** Scan in which a host, or a host's port, last changed. */
  const changedAt = new Map<string, number>();
  const settled = (key: string, scan: number) =>
    scan - (changedAt.get(key) ?? -SCANS_UNTIL_UNDONE) >= SCANS_UNTIL_UNDONE;

  function candidates(kind: LabChange['kind'], scan: number): LabChange[] {
    if (kind === 'host-new') return unborn.map((host) => ({ kind, host }));
    const known = Object.entries(state).filter(([address]) => settled(address, scan));
    if (kind === 'host-up') return known.filter(([, host]) => !host.up).map(([host]) => ({ kind, host }));
    const up = known.filter(([, host]) => host.up);
    if (kind === 'host-down') return up.map(([host]) => ({ kind, host }));
    return up.flatMap(([host, { open }]) =>
      services
        .map(([port]) => ({ kind, host, port }))
        .filter(({ port }) => port in open === (kind === 'port-closed') && settled(`${host}:${port}`, scan)),
    );
  }

  function apply(change: LabChange, scan: number): void {
    const { host } = change;
    const before = state[host] ?? randomHost(random, services);
    if ('port' in change) {
      const { [String(change.port)]: _closed, ...rest } = before.open;
      const kind = services.find(([port]) => port === change.port)?.[1] ?? 'silent';
      state[host] = { ...before, open: change.kind === 'port-opened' ? { ...rest, [change.port]: kind } : rest };
      changedAt.set(`${host}:${change.port}`, scan);
      return;
    }
    state[host] = { ...before, up: change.kind !== 'host-down' };
    changedAt.set(host, scan);
    if (change.kind === 'host-new') unborn.splice(unborn.indexOf(host), 1);
  }

  return {
    state,
    advance: (scan, { rate, untouched = new Set() }) => {
      const changes: LabChange[] = [];
      for (let count = poisson(random, rate); count > 0; count--) {
        const touched = new Set(changes.map((change) => change.host));
        const possible = candidates(pick(random, MIX), scan).filter(
          ({ host }) => !untouched.has(host) && !touched.has(host),
        );
        const change = possible[Math.floor(random() * possible.length)];
        if (change === undefined) continue;
        apply(change, scan);
        changes.push(change);
      }
      return changes;
    },
  };
}

function randomHost(random: Random, services: readonly Service[]): LabHost {
  const count = 1 + Math.floor(random() * 6);
  const shuffled = services.map((service) => ({ service, order: random() })).sort((a, b) => a.order - b.order);
  return { up: true, open: Object.fromEntries(shuffled.slice(0, count).map(({ service }) => service)) };
}

function pick<T>(random: Random, weighted: readonly (readonly [T, number])[]): T {
  let left = random() * weighted.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [value, weight] of weighted) {
    left -= weight;
    if (left < 0) return value;
  }
  throw new RangeError('nothing to pick from');
}

/** Knuth's method; fine for the small means used here. */
function poisson(random: Random, mean: number): number {
  let product = random();
  let count = 0;
  while (product > Math.exp(-mean)) {
    product *= random();
    count++;
  }
  return count;
}
