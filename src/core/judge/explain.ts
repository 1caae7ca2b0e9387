import type { HostState } from '../model/state.ts';
import { fromAddressRanges, rangesContain } from '../network/address-ranges.ts';
import { coverageHistory } from './coverage-history.ts';
import { explainService } from './explain-service.ts';
import type { Context, Explanation, Known, Where } from './explanation.ts';
import { missed, silence } from './explanation.ts';
import { stillThere } from './filter.ts';
import { hostShyness } from './host-missed.ts';
import { groupMemory, type HostMemory, hostMemory } from './memory.ts';
import { rateOf } from './rates.ts';
import { times } from './service-silent.ts';

/** Why this host, or this port of it, is believed to be what it is. */
export function explain(known: Known, where: Where): Explanation {
  const group = groupMemory(known.group);
  const context = { group, history: coverageHistory(group.coverage) };
  const { host } = known;
  if (host === undefined) return unseen(context, where);
  if (where.port === undefined) return explainHost(context, known, host);
  const service = explainService(context, known, host, { protocol: where.protocol ?? 'tcp', port: where.port });
  return { ...service, held: [...hostHolds(context, host), ...service.held] };
}

function unseen({ history }: Context, { address }: Where): Explanation {
  const scans = history.covering(address, 1);
  const words = 'No host is known at this address: it has never answered.';
  return scans === 0
    ? {
        belief: { words },
        remembered: ['No scan has covered it yet.'],
        held: [],
        changes: ['The first scan that covers it lists what it finds. Nothing is reported as new.'],
      }
    : {
        belief: { words },
        remembered: [`It was silent in ${times(scans)}.`],
        held: [],
        changes: ['An answer is reported as a new host.'],
      };
}

function explainHost(context: Context, { policy, askable }: Known, host: HostState): Explanation {
  const memory = hostMemory(host.memory);
  const held = hostHolds(context, host);
  if (!host.present) {
    const since = host.lastSeen === undefined ? {} : { since: host.lastSeen };
    const words = 'It is believed down. It answered last at the time given.';
    return { belief: { words, ...since }, remembered: [], held, changes: ['An answer is reported: the host is back.'] };
  }
  const belief = { words: 'It is believed up.', since: host.firstSeen };
  const { r } = memory;
  if (r === undefined) {
    const changes = [`It is reported as down after ${times(policy.downAfter)} without an answer.`];
    return { belief, remembered: [missed(memory)], held, changes };
  }
  const shy =
    rateOf(context.group, 'shyHost') * hostShyness(context, host, memory, { how: memory.w?.at(-1) ?? 'raw' }, r.k);
  const left = Math.max(0, policy.downAfter - r.k);
  const confirmed = askable && policy.confirmAttempts > 0 && r.x === undefined;
  return {
    belief,
    remembered: [silence(r), missed(memory)],
    chance: stillThere(r, shy, rateOf(context.group, 'down')),
    held: [...held, `It has missed ${times(r.k)} in a row; down-after is ${policy.downAfter}.`],
    changes: ['An answer ends the doubt: nothing is reported.', waitsFor(left, confirmed)],
  };
}

function waitsFor(left: number, confirmed: boolean): string {
  const scans = left === 0 ? [] : [`${left} more ${left === 1 ? 'scan' : 'scans'} without an answer`];
  const wanted = [...scans, ...(confirmed ? ['a confirmation without an answer'] : [])];
  if (wanted.length === 0)
    return 'The next scan without an answer is weighed again: it is reported once the chance allows it.';
  return `It is reported as down after ${wanted.join(' and ')}.`;
}

/** Why its silence, or its ports, are not taken at their word. */
function hostHolds({ group }: Context, host: HostState): string[] {
  const { e, a, u, b }: HostMemory = hostMemory(host.memory);
  const outage = group.outages.find(({ m, p }) => p !== 1 && rangesContain(fromAddressRanges(m), host.address));
  return [
    ...(outage === undefined
      ? []
      : [`It is part of the outage of ${outage.a}: its silence says nothing until something answers there.`]),
    ...(e === undefined ? [] : ['The host answers, and all its services are silent: they are judged together.']),
    ...(a === undefined || a.g === 1 ? [] : ['The host answers on all ports: no port of it is believed by itself.']),
    ...(u === 1 ? ['The host is unstable: its changes are held back until it settles.'] : []),
    ...(b === undefined ? [] : [`Its last scans say nothing of it. Before them it was ${b}.`]),
  ];
}
