import type { ChunkRequest } from '../core/model/scan.ts';
import { fromAddressRanges } from '../core/network/address-ranges.ts';
import { allowedRanges, checkAllowed } from '../core/network/targets.ts';

/** Checked again where nmap is about to start: a job may be older than the configuration, or forged. */
export function authoriseChunk(allowed: readonly string[]): (request: ChunkRequest) => string | undefined {
  const ranges = allowedRanges(allowed);
  return (request) => {
    const { refused } = checkAllowed(fromAddressRanges(request.ranges), ranges);
    if (refused.length === 0) return undefined;
    const shown = refused.slice(0, 3).join(', ');
    const more = refused.length > 3 ? ` and ${refused.length - 3} more` : '';
    return `${shown}${more} may not be scanned here: not within NETDELTA_ALLOWED_TARGETS=${allowed.join(',')}`;
  };
}
