import { coverageHistory } from '../judge/coverage-history.ts';
import { stillThere } from '../judge/filter.ts';
import { hostShyness } from '../judge/host-missed.ts';
import { groupMemory, type HostMemory, hostMemory } from '../judge/memory.ts';
import { rateOf } from '../judge/rates.ts';
import { times } from '../judge/service-silent.ts';
import type { HostState } from '../model/state.ts';
import { fromAddressRanges, rangesContain } from '../network/address-ranges.ts';
import { explainService } from './explain-service.ts';
import type { Context, Explanation, Known, Where } from './explanation.ts';
import { missed, silence } from './explanation.ts';

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
  const words = 'No host is known at this address: it has never answered';
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
    const words = 'It is believed down, and has not answered';
    return { belief: { words, ...since }, remembered: [], held, changes: ['An answer is reported: the host is back.'] };
  }
  const belief = { words: 'It is believed up', since: host.firstSeen };
  const { run } = memory;
  if (run === undefined) {
    const changes = [`It is reported as down after ${times(policy.downAfter)} without an answer.`];
    return { belief, remembered: [missed(memory)], held, changes };
  }
  const shy =
    rateOf(context.group, 'shyHost') *
    hostShyness(context, host, memory, { how: memory.reached?.at(-1) ?? 'raw' }, run.scans);
  const left = Math.max(0, policy.downAfter - run.scans);
  const confirmed = askable && policy.confirmAttempts > 0 && run.confirmations === undefined;
  return {
    belief,
    remembered: [silence(run), missed(memory)],
    chance: stillThere(run, shy, rateOf(context.group, 'down')),
    held: [...held, `It has missed ${times(run.scans)} in a row; down-after is ${policy.downAfter}.`],
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

/** Why its silence, or its ports, are not taken at face value. */
function hostHolds({ group }: Context, host: HostState): string[] {
  const { dark, flood, unstable, codeBefore }: HostMemory = hostMemory(host.memory);
  const outage = group.outages.find(
    ({ members, pathWorks }) => pathWorks !== 1 && rangesContain(fromAddressRanges(members), host.address),
  );
  return [
    ...(outage === undefined
      ? []
      : [`It is part of the outage of ${outage.area}: its silence says nothing until something answers there.`]),
    ...(dark === undefined ? [] : ['The host answers, and all its services are silent: they are judged together.']),
    ...(flood === undefined || flood.genuine === 1
      ? []
      : ['The host answers on all ports: no port of it is believed by itself.']),
    ...(unstable === 1 ? ['The host is unstable: its changes are held back until it settles.'] : []),
    ...(codeBefore === undefined
      ? []
      : [`Its last scans gave no evidence about it. Before them it was ${codeBefore}.`]),
  ];
}
