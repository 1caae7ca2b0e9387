import { grouped } from '../grouped.ts';
import type { PortObservation } from '../model/observation.ts';
import type { HostState } from '../model/state.ts';
import { subnetOf } from '../network/addresses.ts';
import { hasPort, intersectPorts, listPorts } from '../network/port-sets.ts';
import type { Controls } from './controls.ts';
import { NEARLY_ALL, SEVERAL } from './filter.ts';
import { serviceMemory } from './memory.ts';
import type { Tally } from './rates.ts';

export type Service = Pick<PortObservation, 'protocol' | 'port'>;

/** One port on all hosts of a subnet; `open`: where it is a service. */
export type Moment = Tally & { open: Tally };

/**
 * One service silent on nearly all neighbours while the rest of the scan is clean is not momentary loss: all of them
 * dropped it.
 */
export const allDrop = ({ open }: Moment): boolean => open.trials >= SEVERAL && open.misses >= open.trials * NEARLY_ALL;

export const nameOf = (subnet: string, { protocol, port }: Service): string => `${subnet} ${protocol}/${port}`;

export type SharedMoment = { subnet: string; service: Service; open: Tally };

/** Services that nearly all neighbours with the same service dropped in this scan. */
export function sharedMoments(
  heard: readonly (readonly [string, Controls])[],
  momentOf: (subnet: string, service: Service) => Moment,
): SharedMoment[] {
  const shared = new Map<string, SharedMoment>();
  for (const [address, { silent, open }] of heard) {
    const subnet = subnetOf(address);
    for (const service of listPorts(intersectPorts(silent, open))) {
      const moment = momentOf(subnet, service);
      if (allDrop(moment)) shared.set(nameOf(subnet, service), { subnet, service, open: moment.open });
    }
  }
  return [...shared.values()];
}

/** Computed on first use, because few ports need it. */
export function moments(heard: readonly (readonly [string, Controls])[]): (subnet: string, service: Service) => Moment {
  const members = grouped(heard, ([address]) => subnetOf(address));
  const known = new Map<string, Moment>();
  return (subnet, service) => {
    const key = nameOf(subnet, service);
    const moment =
      known.get(key) ??
      momentOf(
        (members.get(subnet) ?? []).map(([, controls]) => controls),
        service,
      );
    known.set(key, moment);
    return moment;
  };
}

function momentOf(members: readonly Controls[], { protocol, port }: Service): Moment {
  const moment = { trials: 0, misses: 0, open: { trials: 0, misses: 0 } };
  for (const { silent, heard, open } of members) {
    const lost = hasPort(silent, protocol, port);
    if (!lost && !hasPort(heard, protocol, port)) continue;
    for (const tally of hasPort(open, protocol, port) ? [moment, moment.open] : [moment]) {
      tally.trials += 1;
      if (lost) tally.misses += 1;
    }
  }
  return moment;
}

export type GoneBeside = (address: string, service: Service) => number;

/**
 * The share of neighbours with a service that have lost it to silence since then; 0 if there are few. If all others
 * lost it, the last one most likely lost it too, and one silent scan is enough.
 */
export function goneBeside(hosts: () => Iterable<HostState>, since: number): GoneBeside {
  let members: Map<string, HostState[]> | undefined;
  const known = new Map<string, number>();
  return (address, service) => {
    const subnet = subnetOf(address);
    const key = nameOf(subnet, service);
    members ??= grouped(hosts(), (host) => subnetOf(host.address));
    const share = known.get(key) ?? shareGone(members.get(subnet) ?? [], service, since);
    known.set(key, share);
    return share;
  };
}

function shareGone(hosts: readonly HostState[], { protocol, port }: Service, since: number): number {
  let [gone, there] = [0, 0];
  for (const { services } of hosts) {
    const service = services.find((one) => one.port === port && one.protocol === protocol);
    if (service === undefined) continue;
    const isSilent = serviceMemory(service.memory).run !== undefined;
    if (service.present && !isSilent) there += 1;
    else if (!service.present && isSilent && (service.until ?? 0) >= since) gone += 1;
  }
  const share = gone / (gone + there + 1);
  return gone >= SEVERAL && gone >= (gone + there) * NEARLY_ALL ? share : 0;
}
