import type { SteadyCounts } from '../model/judgement.ts';
import type { PortObservation } from '../model/observation.ts';
import { subnetOf } from '../network/addresses.ts';
import { hasPort } from '../network/port-sets.ts';
import type { Controls } from './controls.ts';
import type { GroupMemory } from './memory.ts';
import type { Watched } from './outage.ts';
import { betaMean, boundMiss } from './probability.ts';
import type { Tally } from './rates.ts';
import { pooledMiss } from './rates.ts';

/** How likely this very scan misses what is there. */
export type MissChances = {
  /** A port of the host; of none in particular when no service is named. */
  portMiss(address: string, service?: Service): number;
  /** Any probe at all. */
  scanMiss: number;
  /** What answered the scan before, and how much of it is silent now. */
  now: { hosts: Tally; tcp: Tally; udp: Tally };
  /** A host that has missed so many scans in a row before. */
  hostMiss(address: string, missed: number): number;
  /** Its neighbours have all dropped this port in this scan, which loses next to nothing otherwise. */
  together(address: string, service: Service): boolean;
  /** Hosts that answer, and those of them most of whose ports were lost. */
  dimmed: Tally;
  /** Most hosts that have missed just as many answer again: it was the path, and those misses say nothing. */
  wasPath(missed: number): boolean;
};

export type ScanLoss = MissChances & {
  /**
   * For the group's record: what answers, and how much of it was silent the scan before. A silence counts when it is
   * broken: what is being asked must not be part of the answer. Who answered for the first time then was no trial.
   */
  hosts: Tally;
  ports: Tally;
  udp: Tally;
};

/** Above this share of lost probes silence says nothing of a port. */
export const PATH_LOST = 0.4;

/** What was known before weighs as many ports, or hosts, as these. */
const PORTS_WEIGHT = 20;
const HOSTS_WEIGHT = 4;
const NONE: Tally = { n: 0, m: 0 };
/** One port on all hosts of a subnet; `open`: where it is a service. */
type Moment = Tally & { open: Tally };
const NO_MOMENT: Moment = { ...NONE, open: NONE };

/** One service silent on nearly all neighbours while the rest of the scan is clean is no moment's loss: they all dropped it. */
const COLLECTIVE = { fewest: 3, share: 0.8, clean: 0.02 };

/** So many hosts that fell silent in one scan tell whether it was the path, once this share of them is back. */
const COHORT = { fewest: 3, share: 0.3 };

/**
 * Loss has three shapes, and each has its control: all over the scan; on the way to one host (its other ports); and in one
 * moment, in which nmap asks all hosts for the same port (that port on the neighbours). The worst of them counts.
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
  const usual = { tcp: group.services, udp: group.udp ?? NONE };
  const momentOf = moments(heard);
  const fresh = new Set(watched.filter((host) => host.fresh).map(({ address }) => address));
  const tried = heard.filter(([address]) => !fresh.has(address));

  const scanWithout = (side: 'tcp' | 'udp', out: Tally): number =>
    betaMean(pooledMiss(usual[side]), PORTS_WEIGHT, atLeast0(all[side].m - out.m), atLeast0(all[side].n - out.n));

  function together(address: string, service: Service): boolean {
    const moment = momentOf(subnetOf(address), service);
    return allDrop(moment) && scanWithout(service.protocol === 'udp' ? 'udp' : 'tcp', moment.open) < COLLECTIVE.clean;
  }

  function portMiss(address: string, service?: Service): number {
    const protocol = service?.protocol ?? 'tcp';
    const side = protocol === 'udp' ? 'udp' : 'tcp';
    const own = controls.get(address);
    const { n, m } = own === undefined ? NONE : own.host[side];
    const isOwn = service !== undefined && own !== undefined && hasPort(own.silent, protocol, service.port) ? 1 : 0;
    const isAsked = service === undefined || own === undefined ? 0 : 1;
    const moment = service === undefined ? NO_MOMENT : momentOf(subnetOf(address), service);
    const out = allDrop(moment) ? moment.open : { n: isOwn, m: isOwn };
    const scan = scanWithout(side, out);
    const near = betaMean(scan, PORTS_WEIGHT, atLeast0(m - isAsked), atLeast0(n - isAsked));
    if (allDrop(moment) && scan < COLLECTIVE.clean) return boundMiss(near);
    return boundMiss(Math.max(near, betaMean(scan, PORTS_WEIGHT, moment.m - isOwn, moment.n - isOwn)));
  }

  return {
    hosts,
    ports: sum(tried, steady.tried.tcp, ({ past }) => past.tcp),
    udp: sum(tried, steady.tried.udp, ({ past }) => past.udp),
    portMiss,
    together,
    dimmed: {
      n: heard.length + steady.hosts,
      m: heard.filter(([, { host }]) => host.tcp.m > host.tcp.n * PATH_LOST).length,
    },
    now: { ...all, hosts: total([...subnets.values()]) },
    scanMiss: boundMiss(betaMean(pooledMiss(usual.tcp), PORTS_WEIGHT, all.tcp.m, all.tcp.n)),
    wasPath: (missed) => {
      const { n, m: back } = cohorts.get(missed) ?? NONE;
      return n >= COHORT.fewest && back >= n * COHORT.share;
    },
    hostMiss: (address, missed) => {
      const { n, m } = subnets.get(subnetOf(address)) ?? NONE;
      const own = missed === 0 ? 1 : 0;
      return boundMiss(betaMean(pooledMiss(group.hosts), HOSTS_WEIGHT, atLeast0(m - own), atLeast0(n - own)));
    },
  };
}

const allDrop = ({ open }: Moment): boolean => open.n >= COLLECTIVE.fewest && open.m >= open.n * COLLECTIVE.share;

const atLeast0 = (value: number): number => Math.max(0, value);

/** `steady`: ports of steady hosts, all of which answer. */
function sum(
  heard: readonly (readonly [string, Controls])[],
  steady: number,
  of: (controls: Controls) => Tally,
): Tally {
  const all = { n: steady, m: 0 };
  for (const [, controls] of heard) {
    const { n, m } = of(controls);
    all.n += n;
    all.m += m;
  }
  return all;
}

function total(tallies: readonly Tally[]): Tally {
  return tallies.reduce((sum, { n, m }) => ({ n: sum.n + n, m: sum.m + m }), NONE);
}

function hostTallies(watched: readonly Watched[], leftOut: ReadonlySet<string>, steady: SteadyCounts) {
  const subnets = new Map(Array.from(steady.subnets, ([subnet, n]): [string, Tally] => [subnet, { n, m: 0 }]));
  const hosts: Tally = { n: steady.hosts - steady.fresh, m: 0 };
  const cohorts = new Map<number, Tally>();
  for (const { address, silent, missed, unheard, fresh } of watched) {
    if (missed > 0) {
      const { n, m } = cohorts.get(missed) ?? NONE;
      cohorts.set(missed, { n: n + 1, m: silent ? m : m + 1 });
    }
    if (!silent && !fresh) {
      hosts.n += 1;
      if (missed > 0) hosts.m += 1;
    }
    if (missed > 0 || unheard || (silent && leftOut.has(address))) continue;
    const subnet = subnets.get(subnetOf(address)) ?? { n: 0, m: 0 };
    subnets.set(subnetOf(address), subnet);
    subnet.n += 1;
    if (silent) subnet.m += 1;
  }
  return { hosts, subnets, cohorts };
}

/** Reckoned when first asked for, since few ports are. */
function moments(heard: readonly (readonly [string, Controls])[]): (subnet: string, service: Service) => Moment {
  const members = new Map<string, Controls[]>();
  for (const [address, controls] of heard) {
    const subnet = subnetOf(address);
    const known = members.get(subnet);
    if (known === undefined) members.set(subnet, [controls]);
    else known.push(controls);
  }
  const known = new Map<string, Moment>();
  return (subnet, service) => {
    const key = `${subnet} ${service.protocol}/${service.port}`;
    const moment = known.get(key) ?? momentOf(members.get(subnet) ?? [], service);
    known.set(key, moment);
    return moment;
  };
}

type Service = Pick<PortObservation, 'protocol' | 'port'>;

function momentOf(members: readonly Controls[], { protocol, port }: Service): Moment {
  const moment = { n: 0, m: 0, open: { n: 0, m: 0 } };
  for (const { silent, heard, open } of members) {
    const lost = hasPort(silent, protocol, port);
    if (!lost && !hasPort(heard, protocol, port)) continue;
    for (const tally of hasPort(open, protocol, port) ? [moment, moment.open] : [moment]) {
      tally.n += 1;
      if (lost) tally.m += 1;
    }
  }
  return moment;
}
