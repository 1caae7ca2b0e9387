import type { HostState } from '../model/state.ts';
import {
  emptyOutcome,
  type HostOutcome,
  isAnnounced,
  isIgnored,
  makeDelta,
  mergeOutcome,
  type ScanContext,
  vouchedScans,
} from './context.ts';
import { describe } from './host-state.ts';
import { compact } from './memory.ts';
import { packPorts } from './port-sets.ts';
import { boundHostMiss, falsePositive, PRIOR } from './probability.ts';
import type { Reading } from './reading.ts';
import { addWithHost, learnt } from './service-opened.ts';
import { pooledMiss } from './tally.ts';

/** An address that is not known yet: told when it was silent long enough to be known as empty, else learnt. */
export function judgeStranger(context: ScanContext, reading: Reading): HostOutcome {
  const { address } = reading;
  if ((reading.host !== 'answered' && reading.host !== 'reached') || context.survey.floods.has(address)) {
    return { ...emptyOutcome(), state: undefined };
  }
  const scans = context.history.ofAddress(address, reading.how, 1);
  const missed = boundHostMiss(pooledMiss(context.group.hosts)) ** vouchedScans(scans, context.policy);
  const probability = falsePositive(missed, PRIOR.hostAppeared);
  const told = scans >= context.policy.learn && isAnnounced(probability, context.policy);
  const outcome = emptyOutcome();
  if (told) {
    const evidence = [reading.words, `no answer in ${scans} scans before`];
    const sides = { before: { present: false }, after: { present: true } };
    outcome.deltas.push(
      makeDelta('confirmed', 'host-appeared', address, undefined, { probability, evidence, ...sides }),
    );
  } else outcome.first.push({ address });
  const opened = reading.open.filter((seen) => !isIgnored(context, seen.service?.name));
  const services = opened.map((seen) => {
    const judged = told ? addWithHost(context, address, seen, probability) : learnt(context, address, seen);
    mergeOutcome(outcome, judged);
    return judged.service;
  });
  return { ...outcome, state: newHost(context, reading, services) };
}

function newHost(context: ScanContext, reading: Reading, services: HostState['services']): HostState {
  const reached = reading.host === 'reached';
  const memory = compact({
    t: context.tick,
    d: packPorts(reading.denied),
    w: [reading.how],
    x: reached ? context.tick : undefined,
    b: reached ? 'new' : undefined,
  });
  const bare: HostState = {
    address: reading.address,
    code: reached ? 'undetermined' : 'new',
    present: true,
    firstSeen: context.at,
    hostnames: [],
    services,
    memory,
  };
  return describe(bare, reading);
}
