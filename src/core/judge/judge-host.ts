import type { HostState } from '../model/state.ts';
import { NO_PORTS } from '../network/port-sets.ts';
import { emptyOutcome, type HostOutcome, mergeOutcome, type ScanContext } from './context.ts';
import { anyHeard } from './controls.ts';
import { newFlood } from './flood-control.ts';
import { judgeAnswer } from './host-answered.ts';
import { endDark, judgeDark } from './host-dark.ts';
import { judgeMissed } from './host-missed.ts';
import { enter, unheard, withLastSeen } from './host-state.ts';
import { judgeStranger } from './host-stranger.ts';
import { PATH_LOST } from './loss.ts';
import { compact, type HostMemory, hostMemory } from './memory.ts';
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
      return judgeAnswered(context, state, reading);
    case 'unknown':
      return undetermined(context, state);
  }
}

/** Of a dark host only what answers all the same is judged port by port. */
export function judgeAnswered(context: ScanContext, state: HostState, reading: Reading): HostOutcome {
  const { controls, dark, scanMiss } = context.survey;
  const { e, ...memory } = hostMemory(state.memory);
  if (dark.has(state.address)) {
    const heard = { ...reading, silent: NO_PORTS };
    if (scanMiss > PATH_LOST) return judgeAnswer(context, state, heard, 'answered');
    const night = judgeDark(context, state);
    const judged = judgeAnswer(context, state, heard, 'answered');
    mergeOutcome(judged, night);
    return { ...judged, state: withMemory(judged.state, { e: night.e }) };
  }
  const known = controls.get(state.address);
  if (e === undefined || known === undefined || !anyHeard(known))
    return judgeAnswer(context, state, reading, 'answered');
  const judged = judgeAnswer(context, { ...state, memory }, reading, 'answered');
  mergeOutcome(judged, endDark(state, e));
  return judged;
}

function withMemory(state: HostState | undefined, change: HostMemory): HostState | undefined {
  return state === undefined ? state : { ...state, memory: compact({ ...state.memory, ...change }) };
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
