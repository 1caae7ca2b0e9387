import { KINDS, type Lesson } from '../model/delta-kinds.ts';
import type { Belief } from '../model/judgement.ts';
import type { HostState, Memory, ServiceState } from '../model/state.ts';
import { coverageHistory } from './coverage-history.ts';
import { LESSON, type Told } from './false-alarm.ts';
import { groupMemory, hostMemory, keepHost, keepService, type OutageMemory, serviceMemory } from './memory.ts';

/** What the correction of a false alarm overwrote; `tick`: the last judged scan before it. */
export type Overwritten = { tick: number; host?: HostState; outage?: OutageMemory };

type Changes = { hosts: readonly HostState[]; group: Memory };

/** What a correction is about to overwrite, so that it can be undone. */
export function overwrittenBy(belief: Belief, delta: Told): Overwritten {
  const { tick, outages } = groupMemory(belief.group);
  if (KINDS[delta.kind].lesson === 'no-outage') {
    const outage = outages.find(({ area }) => area === delta.address);
    return { tick, ...(outage === undefined ? {} : { outage }) };
  }
  const state = belief.hosts.get(delta.address);
  if (state === undefined) return { tick };
  return { tick, host: { ...state, services: state.services.filter((service) => isOf(service, delta)) } };
}

/**
 * The user says that it was true after all. What was reported as gone is gone again, from the original time, unless a
 * scan has seen it since: then only the lesson is undone.
 */
export function undoFalseAlarm(belief: Belief, delta: Told, before: Overwritten): Changes {
  const { lesson } = KINDS[delta.kind];
  if (lesson === 'no-outage') return { hosts: [], group: withOutage(belief, before) };
  const state = belief.hosts.get(delta.address);
  return { hosts: state === undefined ? [] : untaught(belief, state, delta, lesson, before), group: belief.group };
}

function untaught(
  belief: Belief,
  state: HostState,
  delta: Told,
  lesson: Exclude<Lesson, 'no-outage'>,
  before: Overwritten,
): HostState[] {
  switch (lesson) {
    case 'nothing':
      return [];
    case 'still-there':
      if (delta.port !== undefined) return changeService(belief, state, delta, before);
      return before.host === undefined ? [] : [downAgain(belief, state, before.host, before.tick)];
    case 'same-identity':
      return changeService(belief, state, delta, before);
    case 'genuine':
      return suspect(state, before.host);
  }
}

/** Later scans have judged its hosts individually, so the outage no longer applies. */
function withOutage(belief: Belief, { tick, outage }: Overwritten): Memory {
  const group = groupMemory(belief.group);
  const known = outage === undefined || group.outages.some(({ area }) => area === outage.area);
  return known || group.tick !== tick ? belief.group : { ...group, outages: [...group.outages, outage] };
}

function downAgain(belief: Belief, state: HostState, before: HostState, tick: number): HostState {
  if (!state.present || wasHeard(belief, state, tick)) return { ...state, memory: unlearnt(state.memory) };
  const { lastSeen: _, ...rest } = state;
  const { code, present, memory, lastSeen } = before;
  return { ...rest, code, present, memory, ...(lastSeen === undefined ? {} : { lastSeen }) };
}

/** A silence that has lasted since a tick before the correction, or since its first scan after it, was never broken. */
function wasHeard(belief: Belief, { address, memory }: HostState, tick: number): boolean {
  const group = groupMemory(belief.group);
  const { unheardSince } = hostMemory(memory);
  if (group.tick === tick || (unheardSince !== undefined && unheardSince <= tick)) return false;
  const history = coverageHistory(group.coverage);
  return (
    history.covering(address, tick + 1) > (unheardSince === undefined ? 0 : history.covering(address, unheardSince))
  );
}

function suspect(state: HostState, before: HostState | undefined): HostState[] {
  const a = before === undefined ? undefined : hostMemory(before.memory).flood;
  const genuine = hostMemory(state.memory).flood?.genuine === 1;
  return genuine && a !== undefined ? [{ ...state, memory: keepHost({ ...hostMemory(state.memory), flood: a }) }] : [];
}

function changeService(belief: Belief, state: HostState, delta: Told, before: Overwritten): HostState[] {
  const index = state.services.findIndex((service) => isOf(service, delta));
  const service = state.services[index];
  const former = before.host?.services[0];
  if (service === undefined || former === undefined) return [];
  const changed =
    KINDS[delta.kind].lesson === 'same-identity'
      ? anotherAgain(service, former)
      : goneAgain(service, former, serviceHeard(belief, state, service, before.tick));
  return [{ ...state, services: state.services.with(index, changed) }];
}

function anotherAgain(service: ServiceState, former: ServiceState): ServiceState {
  const { identity: _, ...rest } = service;
  const { alike } = serviceMemory(former.memory);
  const identity = service.present ? former.identity : service.identity;
  const memory = keepService({ ...serviceMemory(service.memory), alike });
  return { ...rest, memory, ...(identity === undefined ? {} : { identity }) };
}

function goneAgain(service: ServiceState, former: ServiceState, heard: boolean): ServiceState {
  const same = service.present && service.since === former.since && !heard;
  return same ? former : { ...service, memory: unlearnt(service.memory) };
}

/** Scans that covered it and did not miss it have seen it. */
function serviceHeard(belief: Belief, state: HostState, service: ServiceState, tick: number): boolean {
  if (!wasHeard(belief, state, tick)) return false;
  const history = coverageHistory(groupMemory(belief.group).coverage);
  const covered = history.ofPort(state.address, service.protocol, service.port, tick + 1);
  return covered > (serviceMemory(service.memory).run?.scans ?? 0);
}

/** A host's memory or a service's. */
function unlearnt(memory: Memory): Memory {
  const { refuted = 0, ...rest } = hostMemory(memory);
  return keepHost({ ...rest, refuted: Math.max(0, refuted - LESSON) });
}

function isOf(service: ServiceState, delta: Told): boolean {
  return service.port === delta.port && service.protocol === (delta.protocol ?? 'tcp');
}
