import type { Delta } from '../core/model/alert.ts';
import type { Group } from '../core/model/group.ts';
import type { Ownership } from '../core/model/record.ts';
import { describeDuration } from '../core/time/duration.ts';
import { DAY_MS } from '../core/time/units.ts';
import { mentionOf } from './alert.ts';
import type { Card } from './card.ts';
import { acknowledgeMenu, deltaLine } from './delta.ts';
import { sentence } from './sentence.ts';
import { at, code, counted, rich, toneOf } from './words.ts';

const SHOWN = 10;
const HOUR_MS = 3_600_000;

export type ReminderCardInput = {
  group: Group;
  /** The unanswered deltas of one alert. */
  deltas: readonly Delta[];
  /** How many other deltas of the group also wait but have no reminder of their own now. */
  others: number;
  /** Epoch ms. */
  now: number;
  /** The owner of each address. */
  ownership(address: string): Ownership;
};

/** A reply in the thread of an unanswered alert: an edit pings nobody, a reply does. */
export function reminderCard({ group, deltas, others, now, ownership }: ReminderCardInput): Card {
  // When it was found: a mute or a window may have held it back for a while.
  const since = Math.min(...deltas.map((delta) => delta.at));
  return {
    title: `Unanswered for ${waited(now - since)}: ${sentence(deltas, group.name)}`,
    tone: toneOf(deltas),
    sections: [
      { type: 'text', text: `Acknowledge ${itOrThem(deltas)} above, or you are reminded once a day.` },
      ...(others === 0 ? [] : [{ type: 'text' as const, text: othersWords(group, others) }]),
    ],
    controls: [],
    footer: [rich(`${group.name} · since `, at(since), ', reminded ', at(now))],
    ...mentionOf(group, deltas, ownership),
  };
}

/** Deltas that a mute or a window had held back and nobody has answered since: they have no thread. */
export function releasedReminderCard({ group, deltas, now, ownership }: Omit<ReminderCardInput, 'others'>): Card {
  const shown = deltas.slice(0, SHOWN).map((delta) => deltaLine(delta, group.name));
  const it = itOrThem(deltas);
  return {
    title: `Still unanswered: ${sentence(deltas, group.name)}`,
    tone: toneOf(deltas),
    sections: [
      {
        type: 'text',
        text: `A mute or a window held ${it} back. Acknowledge ${it} here, or you are reminded once a day.`,
      },
      { type: 'list', items: shown, total: deltas.length },
    ],
    controls: acknowledgeMenu(deltas),
    footer: [rich(`${group.name} · reminded `, at(now))],
    ...mentionOf(group, deltas, ownership),
  };
}

function itOrThem(deltas: readonly Delta[]): string {
  return deltas.length === 1 ? 'it' : 'them';
}

function othersWords(group: Group, others: number) {
  const wait = others === 1 ? 'waits' : 'wait';
  return rich(
    `${counted(others, 'older delta')} of ${group.name} ${wait} too: `,
    code(`delta list ${group.name} state:open`),
  );
}

/** In whole hours; from one day on, in whole days. */
function waited(ms: number): string {
  const unit = ms >= DAY_MS ? DAY_MS : ms >= HOUR_MS ? HOUR_MS : 60_000;
  return describeDuration(Math.floor(ms / unit) * unit);
}
