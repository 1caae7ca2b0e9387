import type { Memory } from '../model/state.ts';
import { groupMemory } from './memory.ts';

/** Networks whose outage went on before a scan and does no more after it. */
export function outagesOver(before: Memory, after: Memory): string[] {
  const still = new Set(groupMemory(after).outages.map(({ a }) => a));
  return groupMemory(before).outages.flatMap(({ a }) => (still.has(a) ? [] : [a]));
}
