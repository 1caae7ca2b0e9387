import type { DeltaSubject } from '../model/delta.ts';
import type { Belief } from '../model/judgement.ts';
import { coverageHistory } from './coverage-history.ts';
import { groupMemory, serviceMemory } from './memory.ts';

/** When a service was last seen, epoch ms, before the scan that now follows; undefined where the belief does not say. */
export function serviceLastSeen(belief: Belief, subject: DeltaSubject): number | undefined {
  const host = belief.hosts.get(subject.address);
  const protocol = subject.protocol ?? 'tcp';
  const service = host?.services.find((one) => one.port === subject.port && one.protocol === protocol);
  // Which scan was the last before a run of misses is not remembered.
  if (host === undefined || service?.present !== true || serviceMemory(service.memory).r !== undefined)
    return undefined;
  if (host.lastSeen !== undefined) return undefined;
  const { at, tick, coverage } = groupMemory(belief.group);
  return coverageHistory(coverage).ofPort(host.address, protocol, service.port, tick) > 0 ? at : undefined;
}
