import { thousands } from '../network/targets.ts';
import { describeDuration } from '../time/duration.ts';
import type { ScanSettings } from './scan.ts';

/** nmap looks for a host in four ways, each twice where nobody answers. */
export const DISCOVERY_PROBES = 8;
/** What nmap sends across networks without being told a rate, about. */
const USUAL_RATE = 1_000;
/** Less is over before anybody wonders. */
const LONG_MS = 30 * 60_000;

/**
 * How long one worker looks for hosts in a large network, which is most of a scan where few answer, in words; undefined
 * where it is no matter. `addresses`: how many are asked.
 */
export function scanTimeWords(addresses: bigint, { maxRate }: Pick<ScanSettings, 'maxRate'>): string | undefined {
  const rate = maxRate ?? USUAL_RATE;
  const ms = (Number(addresses) * DISCOVERY_PROBES * 1000) / rate;
  if (ms < LONG_MS) return undefined;
  const pace =
    maxRate === undefined ? `at about ${thousands(rate)} packets a second` : `at max-rate ${thousands(rate)}`;
  return `about ${describeDuration(ms)} to find who is up, ${pace}; the ports of every host that answers come on top. Several workers of the site share it.`;
}
