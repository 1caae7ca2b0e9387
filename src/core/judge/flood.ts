import type { PortSet } from '../model/observation.ts';
import { countPorts, intersectPorts, subtractPorts } from '../network/port-sets.ts';
import type { Reading } from './reading.ts';

/** So many ports newly open on a known host, and most of what answers open: no administrator does that between two scans. */
const FEWEST_NEW = 8;
/** The same where they were closed before; so few may be left of a tarpit when the path loses most probes. */
const FEWEST_TURNED = 4;
/** A host seen for the first time may really have many services. */
const FEWEST_ON_STRANGER = 30;
const MOSTLY_OPEN = 0.6;
/** So many new ones are too many even if other ports are closed: a proxy that accepts for a part of the ports. */
const TOO_MANY_NEW = 50;
const TIMES_MORE = 5;
/** No host has so many services of its own, known or not. */
const FAR_TOO_MANY = 1_000;
/** Where so few ports are asked, all of them must have turned, and one more. */
const SHORT_LIST = 20;
/** Once told, it goes on while this share is open. */
const STILL_OPEN = 0.3;

/** What was known of a host's ports. */
export type KnownPorts = { open: PortSet; denied(): PortSet };

/** A tarpit, a SYN proxy, or a firewall that accepts for others: open ports there mean nothing. */
export function isFlood(reading: Reading, known: KnownPorts | undefined, before: boolean): boolean {
  const denied = countPorts(reading.denied);
  const fresh = countPorts(subtractPorts(reading.openPorts, known?.open ?? {}));
  if (fresh === 0) return false;
  const share = fresh / (fresh + denied);
  if (fresh >= FAR_TOO_MANY) return true;
  if (before && share >= STILL_OPEN) return true;
  if (known === undefined) return fresh >= FEWEST_ON_STRANGER && share >= MOSTLY_OPEN;
  if (fresh >= FEWEST_NEW && share >= MOSTLY_OPEN) return true;
  if (fresh >= TOO_MANY_NEW && fresh >= TIMES_MORE * countPorts(known.open)) return true;
  if (fresh < FEWEST_TURNED) return false;
  const turned = countPorts(intersectPorts(reading.openPorts, known.denied()));
  const covered = countPorts(reading.openPorts) + denied + countPorts(reading.silent);
  if (covered < SHORT_LIST) return denied === 0 && turned > FEWEST_TURNED;
  return turned >= FEWEST_TURNED && turned / (turned + denied) >= MOSTLY_OPEN;
}
