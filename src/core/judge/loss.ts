import type { SteadyCounts } from '../model/judgement.ts';
import type { PortSet } from '../model/observation.ts';
import { subnetOf } from '../network/addresses.ts';
import { countPorts, hasPort, intersectPorts, NO_PORTS, portsOf, unionPorts } from '../network/port-sets.ts';
import type { Controls } from './controls.ts';
import { betaMean, boundMiss, NEARLY_ALL } from './filter.ts';
import type { GroupMemory } from './memory.ts';
import { allDrop, moments, type Service, type SharedMoment, sharedMoments } from './neighbours.ts';
import { outageThreshold, type Watched } from './outage.ts';
import { NO_TRIALS, PRIOR_WEIGHT, pooledMiss, type Tally } from './rates.ts';

/** How likely this particular scan misses something that is there. */
export type MissChances = {
  /** A port of the host; an average port when no service is given, and of the whole scan when no host is. */
  portMiss(address?: string, service?: Service): number;
  /** Any probe at all. */
  scanMiss: number;
  /** What answered the scan before, and how much of it is silent now. */
  now: { hosts: Tally; tcp: Tally; udp: Tally };
  /**
   * A host that has already missed this many scans in a row. Its control is the hosts that answered after it last did.
   */
  hostMiss(address: string, missed: number): number;
  /** All neighbours dropped this port in this scan, which otherwise loses next to nothing. */
  together(address: string, service: Service): boolean;
  /** Hosts that answer, and how many of them lost most of their ports. */
  dimmed: Tally;
  /**
   * More hosts than usual had missed equally many scans, and many of them answer again: the path was the cause, and those
   * misses are no evidence.
   */
  wasPath(missed: number): boolean;
};

export type ScanLoss = MissChances & {
  /**
   * For the group's record: what answers, and how much of it was silent the scan before. A silence counts once it has
   * ended, because the silence in question must not influence its own answer. A host that answered then for the first
   * time was no trial.
   */
  hosts: Tally;
  ports: Tally;
  udp: Tally;
};

/** Above this share of lost probes, silence is no evidence against a port. */
export const PATH_LOST = 0.4;

/** Of ports there are more, so what was known before counts as more of them. */
const PORTS_WEIGHT = 20;
/** A scan that loses a smaller share of its probes is clean. */
const CLEAN = 0.02;

/**
 * Loss has three shapes, and each has its control: across the whole scan; on the way to one host (its other ports); and
 * at one moment, in which nmap probes the same port on all hosts (that port on the neighbours). The worst of them
 * counts.
 */
export function measureLoss(
  group: GroupMemory,
  watched: readonly Watched[],
  leftOut: ReadonlySet<string>,
  controls: ReadonlyMap<string, Controls>,
  steady: SteadyCounts,
): ScanLoss {
  const { hosts, subnets, cohorts } = hostTallies(watched, leftOut, steady);
  const heard = [...controls].filter(([address]) => !leftOut.has(address));
  const all = {
    tcp: sum(heard, steady.heard.tcp, ({ tcp }) => tcp),
    udp: sum(heard, steady.heard.udp, ({ udp }) => udp),
  };
  const usual = { tcp: group.services, udp: group.udp ?? NO_TRIALS };
  const momentOf = moments(heard);
  const missed = (side: Side, { trials: n, misses: m }: Tally): number =>
    betaMean(pooledMiss(usual[side]), PORTS_WEIGHT, m, n);
  const dropped = droppedTogether(sharedMoments(heard, momentOf), all, missed);
  const { rest } = dropped;
  const fresh = new Set(watched.filter((host) => host.fresh).map(({ address }) => address));
  const tried = heard.filter(([address]) => !fresh.has(address));

  const together = (address: string, service: Service): boolean => {
    const ports = dropped.ports.get(subnetOf(address)) ?? NO_PORTS;
    return hasPort(ports, service.protocol, service.port);
  };

  /** The ports of the host that have answered, without the one in question and those that all neighbours dropped. */
  function ofHost(address: string, side: Side, asked?: Service): Tally {
    const own = controls.get(address);
    if (own === undefined) return NO_TRIALS;
    const shared = intersectPorts(own.silent, dropped.ports.get(subnetOf(address)) ?? NO_PORTS);
    const { udp = [], ...others } = asked === undefined ? shared : unionPorts(shared, portsOf([asked]));
    const out = countPorts(side === 'udp' ? { udp } : others);
    return minus(own.host[side], { trials: out, misses: out });
  }

  function portMiss(address = '', service?: Service): number {
    const side = sideOf(service);
    const near = (scan: number): number => within(scan, ofHost(address, side, service));
    const whole = missed(side, rest[side]);
    if (service === undefined) return boundMiss(Math.max(whole, near(whole)));
    if (together(address, service)) return boundMiss(near(whole));
    const own = controls.get(address);
    const isOwn = own !== undefined && hasPort(own.silent, service.protocol, service.port) ? 1 : 0;
    const moment = momentOf(subnetOf(address), service);
    const scan = missed(side, minus(rest[side], allDrop(moment) ? moment.open : { trials: isOwn, misses: isOwn }));
    return boundMiss(
      Math.max(near(scan), within(scan, { trials: moment.trials - isOwn, misses: moment.misses - isOwn })),
    );
  }

  return {
    hosts,
    ports: sum(tried, steady.tried.tcp, ({ past }) => past.tcp),
    udp: sum(tried, steady.tried.udp, ({ past }) => past.udp),
    portMiss,
    together,
    dimmed: {
      trials: heard.length + steady.hosts,
      misses: heard.filter(([, { host }]) => host.tcp.misses > host.tcp.trials * PATH_LOST).length,
    },
    now: { ...rest, hosts: total([...subnets.values()].map((subnet) => subnet.get(0) ?? NO_TRIALS)) },
    scanMiss: boundMiss(missed('tcp', rest.tcp)),
    wasPath: (missed) => {
      const { trials: n, misses: back } = cohorts.get(missed) ?? NO_TRIALS;
      const usual = pooledMiss(group.hosts) ** missed;
      return n >= outageThreshold(watched.length + steady.hosts, usual) && back >= n * (1 - NEARLY_ALL);
    },
    hostMiss: (address, missed) => {
      const heard = [...(subnets.get(subnetOf(address)) ?? [])].filter(([before]) => before < Math.max(1, missed));
      const own = missed === 0 ? 1 : 0;
      const { trials: n, misses: m } = minus(total(heard.map(([, tally]) => tally)), { trials: own, misses: own });
      return boundMiss(betaMean(pooledMiss(group.hosts), PRIOR_WEIGHT, m, n));
    },
  };
}

type Side = 'tcp' | 'udp';

const sideOf = (service?: Service): Side => (service?.protocol === 'udp' ? 'udp' : 'tcp');

const atLeast0 = (value: number): number => Math.max(0, value);

const minus = (all: Tally, out: Tally): Tally => ({
  trials: atLeast0(all.trials - out.trials),
  misses: atLeast0(all.misses - out.misses),
});

/** The chance of a miss in a part of the scan: its own record, with that of the whole scan as prior. */
const within = (scan: number, { trials: n, misses: m }: Tally): number => betaMean(scan, PORTS_WEIGHT, m, n);

/**
 * Which of them are no loss, by subnet, because the rest of the scan lost next to nothing; and the loss of that rest.
 * For several ports, the rest must be as large as one of them.
 */
function droppedTogether(
  shared: readonly SharedMoment[],
  all: Record<Side, Tally>,
  missed: (side: Side, tally: Tally) => number,
): { ports: ReadonlyMap<string, PortSet>; rest: Record<Side, Tally> } {
  const ports = new Map<string, PortSet>();
  const rest = { ...all };
  for (const side of ['tcp', 'udp'] as const) {
    const here = shared.filter(({ service }) => sideOf(service) === side);
    const isClean = (tally: Tally): boolean => missed(side, tally) < CLEAN;
    const left = minus(all[side], total(here.map(({ open }) => open)));
    const one = new Set(here.map(({ service }) => service.port)).size <= 1;
    const enough = one || left.trials >= Math.max(...here.map(({ open }) => open.trials));
    const dropped = enough && isClean(left) ? here : here.filter(({ open }) => isClean(minus(all[side], open)));
    for (const { subnet, service } of dropped)
      ports.set(subnet, unionPorts(ports.get(subnet) ?? NO_PORTS, portsOf([service])));
    rest[side] = minus(all[side], total(dropped.map(({ open }) => open)));
  }
  return { ports, rest };
}

/** `steady`: ports of steady hosts, all of which answer. */
function sum(
  heard: readonly (readonly [string, Controls])[],
  steady: number,
  of: (controls: Controls) => Tally,
): Tally {
  const all = { trials: steady, misses: 0 };
  for (const [, controls] of heard) {
    const { trials: n, misses: m } = of(controls);
    all.trials += n;
    all.misses += m;
  }
  return all;
}

function total(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, { trials: n, misses: m }) => ({ trials: sum.trials + n, misses: sum.misses + m }),
    NO_TRIALS,
  );
}

function hostTallies(watched: readonly Watched[], leftOut: ReadonlySet<string>, steady: SteadyCounts) {
  const subnets = new Map(
    Array.from(steady.subnets, ([subnet, trials]) => [subnet, new Map<number, Tally>([[0, { trials, misses: 0 }]])]),
  );
  const hosts: Tally = { trials: steady.hosts - steady.fresh, misses: 0 };
  const cohorts = new Map<number, Tally>();
  for (const { address, silent, missed, unheard, fresh } of watched) {
    if (missed > 0) {
      const { trials: n, misses: m } = cohorts.get(missed) ?? NO_TRIALS;
      cohorts.set(missed, { trials: n + 1, misses: silent ? m : m + 1 });
    }
    if (!silent && !fresh) {
      hosts.trials += 1;
      if (missed > 0) hosts.misses += 1;
    }
    if ((missed === 0 && unheard) || (silent && leftOut.has(address))) continue;
    const subnet = subnets.get(subnetOf(address)) ?? new Map<number, Tally>();
    subnets.set(subnetOf(address), subnet);
    const { trials: n, misses: m } = subnet.get(missed) ?? NO_TRIALS;
    subnet.set(missed, { trials: n + 1, misses: silent ? m + 1 : m });
  }
  return { hosts, subnets, cohorts };
}
