import { eventRisk, eventTitle } from '../../src/cards/event-words.ts';
import type { Delta } from '../../src/core/model/alert.ts';
import type { EventType, SinkEvent } from '../../src/core/model/event.ts';
import type { Risk } from '../../src/core/model/scales.ts';

/** One line of the log: an event about many deltas is one record each. */
export type SyslogRecord = {
  /** Unique, and the same at a retry. */
  id: string;
  type: EventType;
  at: number;
  risk: Risk;
  message: string;
  event: SinkEvent;
  delta?: Delta;
};

export function recordsOf(event: SinkEvent): SyslogRecord[] {
  if (event.type === 'digest') return event.events.flatMap(recordsOf);
  const { type, at } = event;
  if (!('deltas' in event)) {
    return [{ id: event.id, type, at, risk: eventRisk(event), message: eventTitle(event), event }];
  }
  return event.deltas.map((delta) => {
    const risk = type === 'delta-answered' || type === 'alert-resolved' ? 'info' : delta.risk;
    const message = eventTitle({ ...event, deltas: [delta] });
    return { id: `${event.id}-${delta.id}`, type, at, risk, message, event, delta };
  });
}
