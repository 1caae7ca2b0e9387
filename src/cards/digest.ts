import type { SinkEvent } from '../core/model/event.ts';
import type { Group } from '../core/model/group.ts';
import type { Card, Text } from './card.ts';
import { changeLine } from './change-line.ts';
import { eventRisk, eventTitle } from './event-words.ts';
import { type SameChange, sameChanges } from './same-change.ts';
import { sentence } from './sentence.ts';
import { at, counted, inlines, rich, worstRisk } from './words.ts';

/** The events collected for a channel that receives digests. */
export function digestCard(
  group: Group,
  { events, since, at: until }: { events: readonly SinkEvent[]; since: number; at: number },
): Card {
  return {
    title: `${group.name}: digest, ${counted(events.length, 'event')}`,
    tone: worstRisk(events.map((event) => ({ risk: eventRisk(event) }))),
    sections: [{ type: 'list', items: events.flatMap(eventLines) }],
    controls: [],
    footer: [rich('Since ', at(since), ', until ', at(until))],
  };
}

/** One change is one line; several have their sentence above them, as in an alert. */
function eventLines(event: SinkEvent): Text[] {
  const when = at(event.at);
  if (!('deltas' in event)) return [rich(when, ` ${eventTitle(event)}`)];
  const changes = sameChanges(event.deltas);
  const lines = changes.map((change) => rich(...inlines(changeLine(change)), ` · ${deltasWords(change)}`));
  const [only, second] = lines;
  if (isReport(event) && only !== undefined && second === undefined) return [rich(when, ' ', ...inlines(only))];
  const head = isReport(event) ? sentence(event.deltas, event.group.name) : eventTitle(event);
  return [rich(when, ` ${head}`), ...lines.map((line) => rich('– ', ...inlines(line)))];
}

function isReport({ type }: SinkEvent): boolean {
  return type === 'alert-opened' || type === 'alert-changed';
}

function deltasWords({ first, deltas }: SameChange): string {
  return deltas.length === 1 ? `delta #${first.id}` : counted(deltas.length, 'delta');
}
