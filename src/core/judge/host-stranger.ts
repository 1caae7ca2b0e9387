import type { PortObservation } from '../model/observation.ts';
import type { HostState } from '../model/state.ts';
import { packPorts } from '../network/port-sets.ts';
import { emptyOutcome, type HostOutcome, isIgnored, makeDelta, mergeOutcome, type ScanContext } from './context.ts';
import { boundMiss, wasThere } from './filter.ts';
import { describe } from './host-state.ts';
import { keepHost } from './memory.ts';
import { count, missOfOtherDays, rateOf } from './rates.ts';
import type { Reading } from './reading.ts';
import { addWithHost, firstOf, newService } from './service-opened.ts';
import { times } from './service-silent.ts';
import { ignoredPorts } from './tcpwrapped.ts';
import { judgeTraits } from './traits.ts';

/** An address that is not known yet is reported, unless no scan covered it before. */
export function judgeStranger(context: ScanContext, reading: Reading): HostOutcome {
  const { address } = reading;
  if ((reading.host !== 'answered' && reading.host !== 'reached') || context.survey.floods.has(address)) {
    return { ...emptyOutcome(), state: undefined };
  }
  const { baseline, group, history } = context;
  const looks = history.ofAddress(address, reading.how, 1);
  // In a pass over the baseline, an address that only the baseline's own scans missed was there.
  const told = looks > (baseline ? history.ofAddress(address, reading.how, group.scan ?? 1) : 0);
  return told ? appeared(context, reading, looks) : learntHost(context, reading);
}

function appeared(context: ScanContext, reading: Reading, looks: number): HostOutcome {
  const { address } = reading;
  const { probability, words } = chanceOld(context, address, looks);
  const outcome = emptyOutcome();
  const evidence = [reading.words, ...words];
  const sides = { before: { present: false }, after: { present: true } };
  outcome.deltas.push(makeDelta('confirmed', 'host-appeared', address, undefined, { probability, evidence, ...sides }));
  count(outcome.counts, 'appeared', 0, 1 - probability);
  const services = openIn(context, reading).map((seen) => {
    const judged = addWithHost(context, address, seen, probability);
    mergeOutcome(outcome, judged);
    return judged.service;
  });
  return { ...outcome, state: newHost(context, reading, services) };
}

/** Listed as first determined, with its services. */
function learntHost(context: ScanContext, reading: Reading): HostOutcome {
  const { address } = reading;
  const open = openIn(context, reading);
  const first = [{ address }, ...open.map((seen) => firstOf(address, seen))];
  const services = open.map((seen) => newService(context, seen));
  return { ...emptyOutcome(), first, state: newHost(context, reading, services) };
}

function openIn(context: ScanContext, { open }: Reading): readonly PortObservation[] {
  return open.filter((seen) => !isIgnored(context, seen.service?.name));
}

function chanceOld({ group, survey }: ScanContext, address: string, looks: number) {
  const [past, now] = [group.hosts, survey.now.hosts];
  // A silent host may be switched off. Count as lost no more than the loss of ports on answering hosts makes likely.
  const lost = Math.max(0, Math.min(now.misses - 1, now.trials * survey.scanMiss));
  const missed = boundMiss(
    missOfOtherDays({ trials: past.trials + now.trials, misses: past.misses + lost }, group.tick),
  );
  const before = { looks, missed, shy: rateOf(group, 'shyHost'), elsewise: 1 };
  const probability = wasThere(before, rateOf(group, 'appeared'));
  const words = [`no answer in ${times(looks)} before`];
  const alike = survey.alike(address);
  if (alike === 0) return { probability, words };
  // An address translator or a proxy answers for addresses that nobody uses.
  const doubt = `answers exactly like ${alike} other new addresses: perhaps one device that answers for all of them`;
  return { probability: Math.max(ONE_DEVICE, probability), words: [...words, doubt] };
}

/** Chance that many new addresses with identical answers are one device. */
const ONE_DEVICE = 0.2;

function newHost(context: ScanContext, reading: Reading, services: HostState['services']): HostState {
  const reached = reading.host === 'reached';
  const memory = keepHost({
    ...judgeTraits(context, reading.address, {}, reading.observation).memory,
    since: context.tick,
    denied: packPorts(reading.denied),
    wrapped: ignoredPorts(context, undefined, reading),
    reached: [reading.how],
    unheardSince: reached ? context.tick : undefined,
    codeBefore: reached ? 'new' : undefined,
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
