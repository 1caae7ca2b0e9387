import type { HostState } from '../model/state.ts';
import { emptyOutcome, type HostOutcome, type ScanContext } from './context.ts';
import { newFlood } from './flood-control.ts';
import { judgeAnswer } from './host-answered.ts';
import { judgeMissed } from './host-missed.ts';
import { enter, unheard, withLastSeen } from './host-state.ts';
import { judgeStranger } from './host-stranger.ts';
import { hostMemory } from './memory.ts';
import type { Reading } from './reading.ts';
import { isComparable } from './survey.ts';

/** One host in one scan: what is believed now, and what there is to tell. */
export function judgeHost(
  context: ScanContext,
  state: HostState | undefined,
  reading: Reading | undefined,
): HostOutcome {
  if (state === undefined) {
    return reading === undefined ? { ...emptyOutcome(), state } : judgeStranger(context, reading);
  }
  if (reading === undefined || isUnusable(context, state, reading)) return undetermined(context, state);
  switch (reading.host) {
    case 'silent':
      return judgeMissed(context, state, reading);
    case 'reached':
      return judgeAnswer(context, state, reading, 'reached');
    case 'answered':
      return judgeAnswer(context, state, reading, 'answered');
    case 'unknown':
      return undetermined(context, state);
  }
}

function isUnusable(context: ScanContext, state: HostState, reading: Reading): boolean {
  const { outage, floods } = context.survey;
  if (outage.frozen.has(state.address) || floods.has(state.address)) return true;
  return !isComparable(state, reading);
}

/** Neither counts nor resets anything. */
function undetermined(context: ScanContext, state: HostState): HostOutcome {
  const memory = hostMemory(state.memory);
  const flooding = context.survey.floods.has(state.address) ? { a: memory.a ?? newFlood(state.address, context) } : {};
  const next = enter(state, 'nothing', { ...unheard(memory, context.tick), ...flooding });
  return { ...emptyOutcome(), state: withLastSeen(next, context) };
}
