import type { HostState } from '../model/state.ts';
import { type HostEvent, transition } from '../model/transition.ts';
import type { ScanContext } from './context.ts';
import { type HostMemory, keepHost, type ReachMode } from './memory.ts';
import type { Reading } from './reading.ts';

/** Its ports give no evidence from now on. */
export function unheard(memory: HostMemory, tick: number): HostMemory {
  return memory.unheardSince === undefined ? { ...memory, unheardSince: tick } : memory;
}

/** Its ports answer again. The scans in between are counted once, so that a long silence costs one number. */
export function heardAgain({ history }: ScanContext, address: string, memory: HostMemory): HostMemory {
  const { unheardSince, unheardScans = 0, ...rest } = memory;
  return unheardSince === undefined
    ? memory
    : { ...rest, unheardScans: unheardScans + history.covering(address, unheardSince) };
}

export function withLastSeen(state: HostState, context: ScanContext): HostState {
  return state.lastSeen === undefined ? { ...state, lastSeen: context.previousAt } : state;
}

/** The host with its next code; the code beneath `undetermined` is kept. */
export function enter(state: HostState, event: HostEvent, memory: HostMemory): HostState {
  const before = state.code === 'undetermined' ? memory.codeBefore : undefined;
  const code = transition(state.code, event, before);
  const b = code === 'undetermined' ? (before ?? state.code) : undefined;
  return { ...state, code, memory: keepHost({ ...memory, codeBefore: b }) };
}

/** Names and hardware are decoration; a read without them removes nothing. */
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
  const known = memory.reached ?? [];
  return confirmation || known.includes(reading.how) ? known : [...known, reading.how];
}
