import type { HostState } from '../model/state.ts';
import { type HostEvent, transition } from '../model/transition.ts';
import type { ScanContext } from './context.ts';
import { compact, type HostMemory, type ReachMode } from './memory.ts';
import type { Reading } from './reading.ts';

/** From now on nothing is heard of its ports. */
export function unheard(memory: HostMemory, tick: number): HostMemory {
  return memory.x === undefined ? { ...memory, x: tick } : memory;
}

/** Its ports are heard again: the scans in between are counted once, so that a long silence costs one number. */
export function heardAgain({ history }: ScanContext, address: string, memory: HostMemory): HostMemory {
  const { x, z = 0, ...rest } = memory;
  return x === undefined ? memory : { ...rest, z: z + history.covering(address, x) };
}

export function withLastSeen(state: HostState, context: ScanContext): HostState {
  return state.lastSeen === undefined ? { ...state, lastSeen: context.previousAt } : state;
}

/** The host with its next code; what is beneath `undetermined` is kept. */
export function enter(state: HostState, event: HostEvent, memory: HostMemory): HostState {
  const before = state.code === 'undetermined' ? memory.b : undefined;
  const code = transition(state.code, event, before);
  const b = code === 'undetermined' ? (before ?? state.code) : undefined;
  return { ...state, code, memory: compact({ ...memory, b }) };
}

/** Names and hardware are decoration; a read without them takes nothing away. */
export function describe(state: HostState, { observation }: Reading): HostState {
  if (observation === undefined) return state;
  const { hostnames, mac, vendor } = observation;
  return {
    ...state,
    hostnames: hostnames.length > 0 ? hostnames : state.hostnames,
    ...(mac === undefined ? {} : { mac }),
    ...(vendor === undefined ? {} : { vendor }),
  };
}

export function withMode({ confirmation }: ScanContext, memory: HostMemory, reading: Reading): readonly ReachMode[] {
  const known = memory.w ?? [];
  return confirmation || known.includes(reading.how) ? known : [...known, reading.how];
}
