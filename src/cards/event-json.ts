import type { SinkEvent } from '../core/model/event.ts';
import { RISKS } from '../core/model/scales.ts';
import { eventRisk, eventTitle } from './event-words.ts';

/**
 * An event as it leaves NetDelta, as JSON: `adapters/schemas/event-1.json` describes it. In addition to the event it
 * has its `time` in ISO 8601, one sentence (`message`) and the highest `risk` with its `severity`, 0 (info) to 4
 * (critical).
 */
export function eventJson(event: SinkEvent): Readonly<Record<string, unknown>> {
  const { version, id, type, at, ...rest } = event;
  const risk = eventRisk(event);
  const time = new Date(at).toISOString();
  return { version, id, type, time, message: eventTitle(event), risk, severity: RISKS.indexOf(risk), ...rest };
}
