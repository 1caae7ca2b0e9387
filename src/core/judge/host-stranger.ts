import type { HostState } from '../model/state.ts';
import { packPorts } from '../network/port-sets.ts';
import { emptyOutcome, type HostOutcome, isIgnored, makeDelta, mergeOutcome, type ScanContext } from './context.ts';
import { wasThere } from './filter.ts';
import { describe } from './host-state.ts';
import { compact } from './memory.ts';
import { boundMiss } from './probability.ts';
import { count, missOfOtherDays, rateOf } from './rates.ts';
import type { Reading } from './reading.ts';
import { addWithHost, learnt } from './service-opened.ts';
import { times } from './service-silent.ts';
import { judgeTraits } from './traits.ts';

/** An address that is not known yet: told, unless nobody has looked there before. */
export function judgeStranger(context: ScanContext, reading: Reading): HostOutcome {
  const { address } = reading;
  if ((reading.host !== 'answered' && reading.host !== 'reached') || context.survey.floods.has(address)) {
    return { ...emptyOutcome(), state: undefined };
  }
  const { baseline, group, history } = context;
  const looks = history.ofAddress(address, reading.how, 1);
  // In a pass over the baseline, what only its own looks have missed was there.
  const told = looks > (baseline ? history.ofAddress(address, reading.how, group.scan ?? 1) : 0);
  const { probability, words } = chanceOld(context, address, looks);
  const outcome = emptyOutcome();
  if (told) {
    const evidence = [reading.words, ...words];
    const sides = { before: { present: false }, after: { present: true } };
    outcome.deltas.push(
      makeDelta('confirmed', 'host-appeared', address, undefined, { probability, evidence, ...sides }),
    );
    count(outcome.counts, 'appeared', 0, 1 - probability);
  } else outcome.first.push({ address });
  const opened = reading.open.filter((seen) => !isIgnored(context, seen.service?.name));
  const services = opened.map((seen) => {
    const judged = told ? addWithHost(context, address, seen, probability) : learnt(context, address, seen);
    mergeOutcome(outcome, judged);
    return judged.service;
  });
  return { ...outcome, state: newHost(context, reading, services) };
}

function chanceOld({ group, survey }: ScanContext, address: string, looks: number) {
  const [past, now] = [group.hosts, survey.now.hosts];
  // Who is silent now may be off. As lost count no more than the ports of those that answer make likely.
  const lost = Math.max(0, Math.min(now.m - 1, now.n * survey.scanMiss * AS_PORTS));
  const missed = boundMiss(missOfOtherDays({ n: past.n + now.n, m: past.m + lost }, group.tick));
  const before = { looks, missed, shy: rateOf(group, 'shyHost'), elsewise: 1 };
  const probability = wasThere(before, rateOf(group, 'appeared'));
  const words = [`no answer in ${times(looks)} before`];
  const alike = survey.alike.get(address) ?? 0;
  if (alike === 0) return { probability, words };
  // A translator or a proxy answers for addresses that nobody has.
  const doubt = `answers exactly like ${alike} other new addresses: perhaps one device that answers for all of them`;
  return { probability: Math.max(ONE_DEVICE, probability), words: [...words, doubt] };
}

/** A path loses a host at most so many times as often as one of its ports: discovery asks it several times. */
const AS_PORTS = 4;

/** Chance that many new addresses that all answer alike are one device. */
const ONE_DEVICE = 0.2;

function newHost(context: ScanContext, reading: Reading, services: HostState['services']): HostState {
  const reached = reading.host === 'reached';
  const memory = compact({
    ...judgeTraits(context, reading.address, {}, reading.observation).memory,
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
