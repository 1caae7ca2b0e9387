import { unreachable } from '../core/errors.ts';
import type { Delta } from '../core/model/alert.ts';
import { DELTA_KINDS } from '../core/model/delta-kinds.ts';
import type { SinkEvent } from '../core/model/event.ts';
import type { Risk } from '../core/model/scales.ts';
import { reportPeriod } from './report.ts';
import { counted, countedKind, worstRisk } from './words.ts';

/** The highest risk among its deltas; a failed scan leaves a network unseen. */
export function eventRisk(event: SinkEvent): Risk {
  switch (event.type) {
    case 'alert-opened':
    case 'alert-changed':
    case 'delta-released':
      return worstRisk(event.deltas);
    case 'scan-failed':
    case 'events-lost':
      return 'medium';
    case 'digest':
      return worstRisk(event.events.map((one) => ({ risk: eventRisk(one) })));
    case 'alert-resolved':
    case 'delta-answered':
    case 'scan-done':
    case 'report':
    case 'test':
      return 'info';
    default:
      return unreachable(event);
  }
}

/** One plain sentence, without a full stop: `lab: 2 services added, risk high`. */
export function eventTitle(event: SinkEvent): string {
  return `${event.group.name}: ${whatHappened(event)}`;
}

function whatHappened(event: SinkEvent): string {
  switch (event.type) {
    case 'alert-opened':
      return `${kindsWords(event.deltas)}, risk ${eventRisk(event)}`;
    case 'alert-changed':
      return `also ${kindsWords(event.deltas)}, risk ${eventRisk(event)}`;
    case 'alert-resolved':
      return `${counted(event.deltas.length, 'change')} resolved`;
    case 'delta-answered':
      return `${counted(event.deltas.length, 'change')} ${answeredWords(event.answer)}`;
    case 'delta-released':
      return `${kindsWords(event.deltas)}, risk ${eventRisk(event)}, open now: ${event.reason}`;
    case 'scan-done':
      return `scan #${event.scan.id} ${event.scan.status}, ${counted(event.scan.hostsUp, 'host')} up`;
    case 'scan-failed':
      return `scan #${event.scan.id} failed${event.scan.error === undefined ? '' : `: ${event.scan.error}`}`;
    case 'digest':
      return `digest, ${counted(event.events.length, 'event')}`;
    case 'report':
      return `report from ${reportPeriod(event.report)}`;
    case 'events-lost':
      return `${counted(event.lost, 'event')} lost, because this place was away for too long`;
    case 'test':
      return 'test, nothing has changed';
    default:
      return unreachable(event);
  }
}

/** `acknowledged by ann`. */
function answeredWords(answer: Delta['acknowledgement']): string {
  switch (answer.type) {
    case 'open':
      return 'open again';
    case 'acknowledged':
      return `acknowledged by ${answer.byName}`;
    case 'expected':
      return `marked as expected by ${answer.byName}`;
    case 'false-alarm':
      return `marked as a false alarm by ${answer.byName}`;
    default:
      return unreachable(answer);
  }
}

/** `2 services added, 1 host down`. */
export function kindsWords(deltas: readonly Pick<Delta, 'kind'>[]): string {
  return DELTA_KINDS.map((kind) => ({ kind, count: deltas.filter((delta) => delta.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => countedKind(kind, count))
    .join(', ');
}
