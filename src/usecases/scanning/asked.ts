import type { Group } from '../../core/model/group.ts';
import type { PortSet, Protocol } from '../../core/model/observation.ts';
import { profileSettings } from '../../core/model/profile.ts';
import { rangesContain } from '../../core/network/address-ranges.ts';
import type { PortSpan } from '../../core/network/expected-change.ts';
import { groupRanges } from '../../core/network/group-ranges.ts';
import { intersectPorts } from '../../core/network/port-sets.ts';
import { parsePorts } from '../../core/network/ports.ts';
import type { Store } from '../../ports/store.ts';

export type AskedPort = { address: string; protocol: Protocol; port: number };

/**
 * Whether the group's scans still ask an address for a port. After its targets or ports were changed, what was known
 * stays known, but nobody looks any more. A host name's addresses are only known to a scan.
 */
export async function askedBy(store: Store, group: Group): Promise<(where: AskedPort) => boolean> {
  const asked = await portsAsked(store, group);
  const ranges = groupRanges(group);
  const named = hasNames(group);
  return ({ address, protocol, port }) =>
    (named || rangesContain(ranges, address)) && isAsked(group, { protocol, first: port, last: port }, asked);
}

export const hasNames = ({ targets }: Group): boolean => targets.some((target) => /[g-z]/.test(target));

export const settingsOf = (group: Group) =>
  profileSettings(group.profile, group.ports === undefined ? {} : { ports: group.ports });

/** Only nmap knows its most common ports: the last scan's ports decide, and before the first scan just the protocol. */
export function isAsked(group: Group, { protocol, first, last }: PortSpan, asked: PortSet | undefined): boolean {
  const settings = settingsOf(group);
  if (!(protocol === 'tcp' ? settings.tcp : protocol === 'udp' && settings.udp)) return false;
  const ports = settings.ports === undefined ? asked : parsePorts(settings.ports, settings.tcp ? 'tcp' : 'udp');
  if (ports === undefined) return true;
  return (intersectPorts(ports, { [protocol]: [[first, last]] })[protocol]?.length ?? 0) > 0;
}

/** The ports of the last judged scan, if it had the group's current settings. */
export async function portsAsked(store: Store, group: Group): Promise<PortSet | undefined> {
  const done = { groupId: group.id, statuses: ['done'], kind: 'scan' } as const;
  const [last] = (await store.scans.list(done, { limit: 1, offset: 0 })).items;
  if (last === undefined || last.settings.profile !== group.profile) return undefined;
  if (last.settings.topPorts !== settingsOf(group).topPorts) return undefined;
  const ports = (await store.scans.coverage(last.id))?.ports;
  return ports === undefined || Object.keys(ports).length === 0 ? undefined : ports;
}
