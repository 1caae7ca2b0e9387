import { isIgnored, isSettled, type Service } from '../judge/context.ts';
import { boundMiss, stillThere } from '../judge/filter.ts';
import { hostMemory, type MissRun, type ServiceMemory, serviceMemory } from '../judge/memory.ts';
import { pooledMiss, rateOf } from '../judge/rates.ts';
import { dropShare, goneRate, serviceShyness, times } from '../judge/service-silent.ts';
import type { Policy } from '../model/policy.ts';
import type { HostState, ServiceState } from '../model/state.ts';
import { hasPort, unpackPorts } from '../network/port-sets.ts';
import { type Context, type Explanation, type Known, missed, silence } from './explanation.ts';

/** Why one port of a known host is believed open, gone, or not there. */
export function explainService(context: Context, known: Known, host: HostState, where: Service): Explanation {
  const service = host.services.find(({ protocol, port }) => protocol === where.protocol && port === where.port);
  if (service === undefined) return neverOpen(context, host, where);
  const memory = serviceMemory(service.memory);
  const held = serviceHolds(known.policy, host, service, memory);
  if (!service.present) {
    const since = service.until === undefined ? {} : { since: service.until };
    const changes = ['An answer is reported: the service is open again.'];
    return { belief: { words: 'It is believed gone', ...since }, remembered: [], held, changes };
  }
  const belief = { words: 'It is believed open', since: service.since };
  if (!host.present) {
    const changes = ['An answer of the host: its services are judged again from then on.'];
    return {
      belief: { ...belief, words: 'It was believed open when its host went down' },
      remembered: [missed(memory)],
      held,
      changes,
    };
  }
  const { run } = memory;
  if (run === undefined) {
    const next = wait(context, known, host.address, service, { scans: 0, lost: 1 });
    return { belief, remembered: [missed(memory)], held, changes: [...RESET, next] };
  }
  const why = run.denied === 1 ? REFUSED : 'Its silence is not sure enough yet: a lost probe looks the same.';
  return {
    belief,
    remembered: [...(run.denied === 1 ? [] : [silence(run)]), missed(memory)],
    chance: run.denied === 1 ? run.lost : chances(context, known, host.address, service)(run),
    held: [...held, why],
    changes: [
      'An answer ends the doubt: nothing is reported.',
      ...RESET,
      wait(context, known, host.address, service, run),
    ],
  };
}

const REFUSED = 'It refused once. It is asked once more, since a service that restarts looks the same.';
const RESET = ['A reset says that it is closed: that is reported as a removed service.'];

function neverOpen({ history }: Context, host: HostState, { protocol, port }: Service): Explanation {
  const { denied, since = 1, unheardScans = 0 } = hostMemory(host.memory);
  const belief = { words: 'It is not believed open: no scan has seen it open' };
  if (hasPort(unpackPorts(denied), protocol, port)) {
    const remembered = ['Its last answer was a denial: closed, or rejected by a filter.'];
    return { belief, remembered, held: [], changes: ['An answer is reported as a new service, certain.'] };
  }
  const looks = Math.max(0, history.ofPort(host.address, protocol, port, since) - unheardScans);
  return looks === 0
    ? {
        belief,
        remembered: ['No scan has covered it while the host answered.'],
        held: [],
        changes: ['The first scan that covers it lists what it finds. Nothing is reported as new.'],
      }
    : {
        belief,
        remembered: [`It was silent in ${times(looks)} that covered it, and never closed by an answer.`],
        held: [],
        changes: [
          'An answer is reported as a new service. How sure that is depends on the lost probes and on how many ports of this host are silent.',
        ],
      };
}

/** How certain its silence, or a longer one, would be. The history contains all its misses by now. */
function chances(context: Context, known: Known, address: string, service: ServiceState): (run: MissRun) => number {
  const drops = known.reading === undefined ? EITHER : dropShare(known.reading, service);
  const missed = serviceMemory(service.memory).run?.scans ?? 0;
  const shy = rateOf(context.group, 'shy') * serviceShyness(context, address, service, missed);
  return (run) => stillThere(run, shy, goneRate(context, run, drops));
}

/** It is unknown whether the host drops or refuses what is not open. */
const EITHER = 0.5;

/** A silence that is not settled within this many scans is described as having no end in sight. */
const FAR = 20;

/** How many more silent scans it takes, if they lose as many probes as the group's scans usually do. */
function wait(context: Context, known: Known, address: string, service: ServiceState, run: MissRun): string {
  const { group } = context;
  const usual = service.protocol === 'udp' ? (group.udp ?? { trials: 0, misses: 0 }) : group.services;
  const miss = boundMiss(pooledMiss(usual) + rateOf(group, 'blip'));
  const chance = chances(context, known, address, service);
  for (let more = 1; more <= FAR; more++) {
    const longer = { ...run, scans: run.scans + more, lost: run.lost * miss ** more };
    if (!isSettled(chance(longer), { ...known, group, confirmation: false })) continue;
    const scans = `about ${more} ${run.scans > 0 ? 'more ' : ''}silent ${more === 1 ? 'scan' : 'scans'}`;
    const sooner = known.askable && known.policy.confirmAttempts > 0 ? ', or sooner by confirmations' : '';
    return `At the usual loss it is reported as removed after ${scans}${sooner}.`;
  }
  return 'More silence alone does not settle it: it is often silent, or too many probes are lost.';
}

function serviceHolds(policy: Policy, host: HostState, service: ServiceState, memory: ServiceMemory): string[] {
  const { unstable, pending } = memory;
  return [
    ...(host.present ? [] : ['The host is believed down: its services are not judged until it answers.']),
    ...(unstable === 1 ? ['The service is unstable: its changes are held back until it settles.'] : []),
    ...(pending === undefined
      ? []
      : [`Another identity was read in ${times(pending.reads)}: one more such read settles it.`]),
    ...(isIgnored({ policy }, service.identity?.name)
      ? ['It is tcpwrapped, and ignore-tcpwrapped is on: it counts as nothing.']
      : []),
  ];
}
