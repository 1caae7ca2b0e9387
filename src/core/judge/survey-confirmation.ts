import type { Belief, ScanEvidence } from '../model/judgement.ts';
import { type Controls, controlsOf, isAllSilent, sideOf } from './controls.ts';
import { CONFIRMATION_MISS } from './filter.ts';
import { hostMemory } from './memory.ts';
import { betaMean, boundMiss } from './probability.ts';
import type { Tally } from './rates.ts';
import { type Reading, readHost } from './reading.ts';
import type { Survey } from './survey.ts';

/** What a confirmation misses before anything is known of it is worth so many trials. */
const PRIOR_WEIGHT = 10;
const NEAR_WEIGHT = 2;
/** Tries of one confirmation are not independent: it never counts for more than this. */
const LEAST = 0.01;
const NONE: Tally = { n: 0, m: 0 };

/** Its control are the ports knocked at beside the doubtful ones, which answered in the scan before it. */
export function surveyConfirmation(belief: Belief, evidence: ScanEvidence): Survey {
  const readings = new Map<string, Reading>();
  const controls = new Map<string, Controls>();
  const dark = new Set<string>();
  const all = { n: 0, m: 0 };
  for (const observation of evidence.hosts) {
    const reading = readHost(observation, evidence.coverage.ports, 'assumed');
    readings.set(reading.address, reading);
    const state = belief.hosts.get(reading.address);
    if (state === undefined || reading.host !== 'answered') continue;
    const found = controlsOf(state, reading);
    controls.set(reading.address, found);
    // Hosts in doubt for being dark are the question: they can't be its control.
    if (hostMemory(state.memory).e !== undefined && isAllSilent(found)) {
      dark.add(reading.address);
      continue;
    }
    all.n += found.tcp.n + found.udp.n;
    all.m += found.tcp.m + found.udp.m;
  }
  const miss = betaMean(CONFIRMATION_MISS, PRIOR_WEIGHT, all.m, all.n);
  return {
    mode: 'assumed',
    readings,
    controls,
    dark,
    refused: 0,
    alike: new Map(),
    floods: new Set(),
    outage: { outages: [], begun: [], ended: [], frozen: new Set() },
    hosts: NONE,
    ports: NONE,
    udp: NONE,
    scanMiss: miss,
    now: { hosts: NONE, tcp: NONE, udp: NONE },
    portMiss: (address, service) => {
      const own = controls.get(address);
      const { n, m } = own === undefined ? NONE : sideOf(own, service?.protocol ?? 'tcp');
      return boundMiss(Math.max(LEAST, betaMean(miss, NEAR_WEIGHT, m, n)));
    },
    together: () => false,
    dimmed: NONE,
    hostMiss: () => 1,
    wasPath: () => false,
  };
}
