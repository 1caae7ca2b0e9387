import type { PortSet } from '../model/observation.ts';
import { countPorts, intersectPorts, subtractPorts } from '../network/port-sets.ts';
import type { Reading } from './reading.ts';

/**
 * This many ports newly open on a known host, and most of what answers is open: no administrator does that between two
 * scans.
 */
const FEWEST_NEW = 8;
/** The same for ports that were closed before; a tarpit may show this few when the path loses most probes. */
const FEWEST_TURNED = 4;
/** A host seen for the first time may really have many services. Once reported, a flood lasts while this many are open. */
const FEWEST_ON_STRANGER = 30;
const MOSTLY_OPEN = 0.6;
/** This many new ones are too many even if other ports are closed: a proxy that accepts some of the ports. */
const TOO_MANY_NEW = 50;
/** No host has this many services of its own, known or not. */
const FAR_TOO_MANY = 1_000;
/** When this few ports are probed, all of them must have turned, and one more. */
const SHORT_LIST = 20;

/** What was known about a host's ports. */
export type KnownPorts = { open: PortSet; denied(): PortSet };

/** A tarpit, a SYN proxy, or a firewall that accepts on behalf of others: open ports there mean nothing. */
export function isFlood(reading: Reading, known: KnownPorts | undefined, before: boolean): boolean {
  const denied = countPorts(reading.denied);
  const fresh = countPorts(subtractPorts(reading.openPorts, known?.open ?? {}));
  if (fresh === 0) return false;
  // A port that was closed before and is silent now may be a lost answer; one that never answered is no open port.
  const dropped = known === undefined ? 0 : countPorts(subtractPorts(reading.silent, known.denied()));
  const share = fresh / (fresh + denied + dropped);
  if (fresh >= FAR_TOO_MANY) return true;
  if (before && fresh >= FEWEST_ON_STRANGER) return true;
  if (known === undefined) return fresh >= FEWEST_ON_STRANGER && share >= MOSTLY_OPEN;
  if (fresh >= FEWEST_NEW && share >= MOSTLY_OPEN) return true;
  if (fresh >= TOO_MANY_NEW) return true;
  if (fresh < FEWEST_TURNED) return false;
  const turned = countPorts(intersectPorts(reading.openPorts, known.denied()));
  const covered = countPorts(reading.openPorts) + denied + countPorts(reading.silent);
  if (covered < SHORT_LIST) return denied === 0 && turned > FEWEST_TURNED;
  return turned >= FEWEST_TURNED && turned / (turned + denied) >= MOSTLY_OPEN;
}
