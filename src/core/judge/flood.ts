import type { PortSet } from '../observation.ts';
import { countPorts, subtractPorts } from './port-sets.ts';
import type { Reading } from './reading.ts';

/** So many ports newly open on a known host, and most of what answers open: no administrator does that between two scans. */
const FEWEST_NEW = 8;
/** A host seen for the first time may really have many services. */
const FEWEST_ON_STRANGER = 30;
const MOSTLY_OPEN = 0.6;
/** So many new ones are too many even if other ports are closed: a proxy that accepts for a part of the ports. */
const TOO_MANY_NEW = 50;
const TIMES_MORE = 5;
/** Once told, it goes on while this share is open. */
const STILL_OPEN = 0.3;

/** A tarpit, a SYN proxy, or a firewall that accepts for others: open ports there mean nothing. */
export function isFlood(reading: Reading, believedOpen: PortSet | undefined, before: boolean): boolean {
  const open = countPorts(reading.openPorts);
  if (open < FEWEST_NEW) return false;
  const share = open / (open + countPorts(reading.denied));
  if (before) return share >= STILL_OPEN;
  const fresh = countPorts(subtractPorts(reading.openPorts, believedOpen ?? {}));
  const known = believedOpen === undefined ? 0 : countPorts(believedOpen);
  if (fresh >= TOO_MANY_NEW && fresh >= TIMES_MORE * known) return true;
  return fresh >= (believedOpen === undefined ? FEWEST_ON_STRANGER : FEWEST_NEW) && share >= MOSTLY_OPEN;
}
