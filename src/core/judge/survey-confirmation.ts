import type { Belief, ScanEvidence } from '../model/judgement.ts';
import { serviceMemory } from './memory.ts';
import { hasPort } from './port-sets.ts';
import { betaMean } from './probability.ts';
import { type Reading, readHost } from './reading.ts';
import type { Survey } from './survey.ts';

/** A few tries over seconds (nmap asks a silent port twice): before anything is known of them, they miss 3 %, worth ten trials. */
const PRIOR_MISS = 0.03;
const PRIOR_WEIGHT = 10;
/** Tries of one scan are not independent: it never counts for more than this. */
const FLOOR = 0.01;

/** A confirmation is its own control: of the doubtful services it asked, most are there and answer. */
export function surveyConfirmation(belief: Belief, evidence: ScanEvidence): Survey {
  const readings = new Map<string, Reading>();
  const asked = { n: 0, m: 0 };
  for (const observation of evidence.hosts) {
    const reading = readHost(observation, evidence.coverage.ports, 'assumed');
    readings.set(reading.address, reading);
    if (reading.host !== 'answered') continue;
    for (const { present, protocol, port, memory } of belief.hosts.get(reading.address)?.services ?? []) {
      if (!present || serviceMemory(memory).r === undefined) continue;
      const silent = hasPort(reading.silent, protocol, port);
      if (silent) asked.m += 1;
      if (silent || hasPort(reading.openPorts, protocol, port)) asked.n += 1;
    }
  }
  const miss = betaMean(PRIOR_MISS, PRIOR_WEIGHT, Math.max(0, asked.m - 1), Math.max(0, asked.n - 1));
  return {
    mode: 'assumed',
    readings,
    floods: new Set(),
    outage: { outages: [], begun: [], ended: [], frozen: new Set() },
    controls: new Map(),
    hosts: { n: 0, m: 0 },
    ports: { n: 0, m: 0 },
    portMiss: () => Math.max(FLOOR, miss),
    hostMiss: () => 1,
  };
}
