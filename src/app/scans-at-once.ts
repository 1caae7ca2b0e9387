import { availableParallelism } from 'node:os';
import type { Config } from '../config.ts';

const [FEWEST, MOST] = [2, 8];

/** nmap waits more than it computes; on many cores the network would be the bottleneck. */
export function scansAtOnce(config: Config): number {
  return config.scansAtOnce ?? Math.min(MOST, Math.max(FEWEST, availableParallelism()));
}
