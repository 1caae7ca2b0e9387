import type { DeltaKind, DeltaSide, DeltaSubject } from '../delta.ts';
import type { Belief } from '../judgement.ts';
import type { HostState, Memory, ServiceState } from '../state.ts';
import { compact, hostMemory, serviceMemory } from './memory.ts';

/** How many refuted misses an answer of a person is worth: it outweighs what the pool of the group says. */
const TAUGHT_MISSES = 3;

type Told = DeltaSubject & { before?: DeltaSide };
type Corrected = { group: Memory; hosts: readonly HostState[] };

/**
 * A person says that a delta was none. The belief goes back to what it was before it, and whoever looked gone without
 * being gone is known to miss scans from now on: the same silence weighs less. What only appeared stays as it is seen.
 */
export function correctFalseAlarm(belief: Belief, delta: Told): Corrected {
  const state = belief.hosts.get(delta.address);
  const corrected = state === undefined ? undefined : takeBack(state, delta);
  return { group: belief.group, hosts: corrected === undefined ? [] : [corrected] };
}

function takeBack(state: HostState, delta: Told): HostState | undefined {
  switch (delta.kind) {
    case 'host-down':
      return state.present ? undefined : standAgain(state);
    case 'service-removed':
    case 'service-added':
    case 'service-changed':
      return withService(state, delta, delta.kind);
    case 'host-appeared':
    case 'host-recovered':
    case 'target-added':
    case 'target-removed':
    case 'outage':
    case 'all-ports-open':
      return undefined;
  }
}

function standAgain(state: HostState): HostState {
  const { r: _, n = 0, ...rest } = hostMemory(state.memory);
  return {
    ...state,
    present: true,
    code: 'undetermined',
    memory: compact({ ...rest, n: n + TAUGHT_MISSES, b: 'unchanged' }),
  };
}

type ServiceKind = Extract<DeltaKind, `service-${string}`>;

function withService(state: HostState, delta: Told, kind: ServiceKind): HostState | undefined {
  let changed = false;
  const services = state.services.map((service) => {
    if (service.port !== delta.port || service.protocol !== (delta.protocol ?? 'tcp')) return service;
    const corrected = correctService(service, delta, kind);
    changed ||= corrected !== service;
    return corrected;
  });
  return changed ? { ...state, services } : undefined;
}

function correctService(service: ServiceState, delta: Told, kind: ServiceKind): ServiceState {
  const { n = 0, r: _, p: __, ...rest } = serviceMemory(service.memory);
  const taught = compact({ ...rest, n: n + TAUGHT_MISSES });
  if (kind === 'service-removed' && !service.present) {
    const { until: _until, ...there } = service;
    return { ...there, present: true, memory: taught };
  }
  if (kind === 'service-changed' && service.present && delta.before?.identity !== undefined) {
    return { ...service, identity: delta.before.identity, memory: compact({ ...rest, n }) };
  }
  return service;
}
