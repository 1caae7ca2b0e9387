import { thousands } from '../network/targets.ts';
import { describeDuration } from '../time/duration.ts';
import type { ScanSettings } from './scan.ts';

/** nmap looks for a host in four ways, and tries each twice if nothing answers. */
export const DISCOVERY_PROBES = 8;
/** Roughly what nmap sends across networks when no rate is set. */
const USUAL_RATE = 1_000;
/** Shorter scans need no explanation. */
const LONG_MS = 30 * 60_000;

/**
 * How long one worker takes to look for hosts in a large network, which is most of a scan where few answer, as text;
 * undefined when it is short. `addresses`: how many are scanned.
 */
export function scanTimeWords(addresses: bigint, { maxRate }: Pick<ScanSettings, 'maxRate'>): string | undefined {
  const rate = maxRate ?? USUAL_RATE;
  const ms = (Number(addresses) * DISCOVERY_PROBES * 1000) / rate;
  if (ms < LONG_MS) return undefined;
  const pace =
    maxRate === undefined ? `at about ${thousands(rate)} packets a second` : `at max-rate ${thousands(rate)}`;
  return `about ${describeDuration(ms)} to find who is up, ${pace}; the ports of every host that answers come on top. Several workers of the site share it.`;
}
