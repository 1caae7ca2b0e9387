import type { DeltaSide, DeltaSubject } from '../model/delta.ts';
import { KINDS, type Lesson } from '../model/delta-kinds.ts';
import type { Belief } from '../model/judgement.ts';
import type { HostState, Memory, ServiceState } from '../model/state.ts';
import { groupMemory, hostMemory, keepHost, keepService, serviceMemory } from './memory.ts';

/** As many refuted misses as it takes to be reported as gone: from now on the same silence waits longer. */
export const LESSON = 3;
const MAX_ALIASES = 4;

export type Told = DeltaSubject & { before?: DeltaSide; after?: DeltaSide };

/**
 * A user says that a delta was a false alarm. What was reported as gone is present again, and its record of misses
 * grows; an identity that was reported as another one is treated as the same from now on.
 */
export function correctFalseAlarm(belief: Belief, delta: Told): { hosts: readonly HostState[]; group: Memory } {
  const { lesson } = KINDS[delta.kind];
  if (lesson === 'no-outage') return { hosts: [], group: withoutOutage(belief.group, delta.address) };
  const state = belief.hosts.get(delta.address);
  return { hosts: state === undefined ? [] : taught(state, delta, lesson), group: belief.group };
}

function taught(state: HostState, delta: Told, lesson: Exclude<Lesson, 'no-outage'>): HostState[] {
  switch (lesson) {
    case 'nothing':
      return [];
    case 'still-there':
      if (delta.port !== undefined) return correctService(state, delta, restore);
      return state.present ? [] : [standUp(state)];
    case 'same-identity':
      return correctService(state, delta, alias);
    case 'genuine':
      return [genuine(state)];
  }
}

/** Its hosts are judged individually from now on. */
function withoutOutage(memory: Memory, address: string): Memory {
  const group = groupMemory(memory);
  return { ...group, outages: group.outages.filter((outage) => outage.area !== address) };
}

/** It was there all the time; about this particular scan nothing is known. */
function standUp(state: HostState): HostState {
  const { run: _, refuted = 0, ...memory } = hostMemory(state.memory);
  const taught = keepHost({ ...memory, refuted: refuted + LESSON, codeBefore: 'unchanged' });
  return { ...state, present: true, code: 'undetermined', memory: taught };
}

function genuine(state: HostState): HostState {
  const { flood, ...memory } = hostMemory(state.memory);
  return {
    ...state,
    memory: keepHost(flood === undefined ? memory : { ...memory, flood: { since: flood.since, genuine: 1 } }),
  };
}

function correctService(
  state: HostState,
  delta: Told,
  correct: (service: ServiceState, delta: Told) => ServiceState | undefined,
): HostState[] {
  const wanted = delta.protocol ?? 'tcp';
  const index = state.services.findIndex(({ protocol, port }) => protocol === wanted && port === delta.port);
  const service = state.services[index];
  if (service === undefined) return [];
  const corrected = correct(service, delta);
  return corrected === undefined ? [] : [{ ...state, services: state.services.with(index, corrected) }];
}

function restore(service: ServiceState): ServiceState | undefined {
  if (service.present) return undefined;
  const { until: _, ...rest } = service;
  const { refuted = 0, ...memory } = serviceMemory(service.memory);
  return { ...rest, present: true, memory: keepService({ ...memory, refuted: refuted + LESSON }) };
}

/** Both reads are of one service. */
function alias(service: ServiceState, { before, after }: Told): ServiceState | undefined {
  if (!service.present || before?.identity === undefined) return undefined;
  const { alike = [], pending: _, ...memory } = serviceMemory(service.memory);
  const reads = [before.identity, after?.identity].filter((identity) => identity !== undefined);
  return {
    ...service,
    identity: before.identity,
    memory: keepService({ ...memory, alike: [...alike, ...reads].slice(-MAX_ALIASES) }),
  };
}
