import type { Steady, SteadyCounts } from '../model/judgement.ts';
import { subnetOf } from '../network/addresses.ts';

/** `tick`: of the scan before. */
export function countSteady(hosts: Iterable<readonly [address: string, Steady]>, tick: number): SteadyCounts {
  const counts = {
    hosts: 0,
    fresh: 0,
    read: 0,
    open: 0,
    pairs: 0,
    heard: { tcp: 0, udp: 0 },
    tried: { tcp: 0, udp: 0 },
  };
  const subnets = new Map<string, number>();
  for (const [address, { t, tcp, udp, read, open, pairs }] of hosts) {
    counts.hosts += 1;
    counts.read += read;
    counts.open += open;
    counts.pairs += pairs;
    counts.heard.tcp += tcp;
    counts.heard.udp += udp;
    if (t === tick) counts.fresh += 1;
    else {
      counts.tried.tcp += tcp;
      counts.tried.udp += udp;
    }
    const subnet = subnetOf(address);
    subnets.set(subnet, (subnets.get(subnet) ?? 0) + 1);
  }
  return { ...counts, subnets };
}

export const NO_STEADY: SteadyCounts = countSteady([], 0);
