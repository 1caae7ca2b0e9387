import type { SinkEvent } from '../core/model/event.ts';
import type { Group } from '../core/model/group.ts';
import type { Card, Text } from './card.ts';
import { eventRisk, eventTitle } from './event-words.ts';
import { at, changeWords, code, counted, kindWords, rich, subjectWords, worstRisk } from './words.ts';

/** What has gathered for a channel that is sent digests. */
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

function eventLines(event: SinkEvent): Text[] {
  const head = rich(at(event.at), ` ${eventTitle(event)}`);
  if (!('deltas' in event)) return [head];
  const line = (delta: (typeof event.deltas)[number]) =>
    rich('– ', code(subjectWords(delta)), ` ${kindWords(delta.kind)}: ${changeWords(delta)} (delta ${delta.id})`);
  return [head, ...event.deltas.map(line)];
}
