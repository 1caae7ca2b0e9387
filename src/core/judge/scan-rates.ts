import { subnetOf } from '../network/addresses.ts';
import type { Service } from './context.ts';
import type { Controls } from './controls.ts';
import type { GroupMemory, Tally } from './memory.ts';
import type { Watched } from './outage.ts';
import { hasPort } from './port-sets.ts';
import { betaMean, boundHostMiss, boundMiss } from './probability.ts';
import { pooledMiss, pooledMissWithout } from './tally.ts';

/** How likely this very scan misses what is there. */
export type MissChances = {
  /** A port of the host; of none in particular when no service is named. */
  portMiss(address: string, service?: Service): number;
  /** A host that has missed so many scans in a row before. */
  hostMiss(address: string, missed: number): number;
};

export type ScanRates = MissChances & {
  /** Sums over the scan, for the group's record: what had answered the scan before, and what of it is silent now. */
  hosts: Tally;
  ports: Tally;
};

/** Above this share of lost probes silence says nothing of a port. */
export const PATH_LOST = 0.4;

const SCAN_WEIGHT = 20;
const NEAR_WEIGHT = 4;
const NONE: Controls = { n: 0, m: 0, silent: {}, heard: {} };

/**
 * Loss has three shapes, and each has its control: all over the scan; on the way to one host (its other ports); and in one
 * moment, in which nmap asks all hosts for the same port (that port on the neighbours). The worst of them counts.
 */
export function scanRates(
  group: GroupMemory,
  watched: readonly Watched[],
  frozen: ReadonlySet<string>,
  controls: ReadonlyMap<string, Controls>,
): ScanRates {
  const { hosts, subnets } = hostTallies(watched, frozen);
  const heard = [...controls].filter(([address]) => !frozen.has(address));
  const all = { n: 0, m: 0 };
  for (const [, { n, m }] of heard) {
    all.n += n;
    all.m += m;
  }
  const usualPort = pooledMiss(group.services);
  const tallyOf = portTallies(heard);
  return {
    hosts,
    ports: all,
    portMiss: (address, service) => {
      const { n, m, silent } = controls.get(address) ?? NONE;
      const own = service !== undefined && hasPort(silent, service.protocol, service.port) ? 1 : 0;
      const scan = betaMean(usualPort, SCAN_WEIGHT, Math.max(0, all.m - own), Math.max(0, all.n - own));
      const host = betaMean(scan, NEAR_WEIGHT, m - own, n - own);
      const same = service === undefined ? NONE : tallyOf(subnetOf(address), service);
      const moment = betaMean(scan, NEAR_WEIGHT, same.m - own, same.n - own);
      return boundMiss(Math.max(scan, host, moment));
    },
    hostMiss: (address, missed) => {
      const { n, m } = subnets.get(subnetOf(address)) ?? NONE;
      const own = missed === 0 ? 1 : 0;
      const usualHost = pooledMissWithout(group.hosts, missed);
      return boundHostMiss(betaMean(usualHost, NEAR_WEIGHT, Math.max(0, m - own), Math.max(0, n - own)));
    },
  };
}

function hostTallies(watched: readonly Watched[], frozen: ReadonlySet<string>) {
  const subnets = new Map<string, Tally>();
  const hosts: Tally = { n: 0, m: 0 };
  for (const { address, silent, missing } of watched) {
    if (missing || frozen.has(address)) continue;
    const subnet = subnets.get(subnetOf(address)) ?? { n: 0, m: 0 };
    subnets.set(subnetOf(address), subnet);
    for (const tally of [subnet, hosts]) {
      tally.n += 1;
      if (silent) tally.m += 1;
    }
  }
  return { hosts, subnets };
}

/** One port on all hosts of a subnet; reckoned when first asked for, since few ports are. */
function portTallies(heard: readonly (readonly [string, Controls])[]): (subnet: string, service: Service) => Tally {
  const members = new Map<string, Controls[]>();
  for (const [address, controls] of heard) {
    const subnet = subnetOf(address);
    const known = members.get(subnet);
    if (known === undefined) members.set(subnet, [controls]);
    else known.push(controls);
  }
  const tallies = new Map<string, Tally>();
  return (subnet, { protocol, port }) => {
    const key = `${subnet} ${protocol}/${port}`;
    const known = tallies.get(key);
    if (known !== undefined) return known;
    const tally = { n: 0, m: 0 };
    for (const { silent, heard: answered } of members.get(subnet) ?? []) {
      if (hasPort(silent, protocol, port)) {
        tally.n += 1;
        tally.m += 1;
      } else if (hasPort(answered, protocol, port)) tally.n += 1;
    }
    tallies.set(key, tally);
    return tally;
  };
}
