import { alertCard } from '../../src/cards/alert.ts';
import { releasedReminderCard, reminderCard } from '../../src/cards/reminder.ts';
import type { Delta } from '../../src/core/model/alert.ts';
import { addresses, alert, answered, dc, delta, dmz, HOUR, MINUTE, NOW, office, opened, scan } from './samples.ts';
import type { Scene, SceneMessage } from './scenes.ts';
import { mixed, outage, thread } from './scenes-alert.ts';

const EARLIER = { alert: 3, url: 'https://team.slack.com/archives/C0123456/p1764000000000100' };

/** The states of a delta, as its messages are edited. */
export function lifeScenes(): Scene[] {
  const five = [3, 4, 5, 6, 7].map((last) => opened(`10.0.4.${last}`, 22, 'ssh'));
  return [
    {
      name: 'life-acknowledged',
      messages: thread([delta({ acknowledgement: answered('acknowledged', { note: 'the new terminal server' }) })]),
    },
    {
      name: 'life-expected',
      messages: thread([
        delta({ acknowledgement: answered('expected', { note: 'terminal server moves, CHG-4711', announced: 3 }) }),
      ]),
    },
    { name: 'life-false-alarm', messages: thread([delta({ acknowledgement: answered('false-alarm') })]) },
    {
      name: 'life-resolved',
      messages: thread([
        delta({ resolvedAt: NOW + HOUR, repeats: 1, now: { kind: 'service-removed', at: NOW + HOUR } }),
      ]),
    },
    {
      name: 'life-acknowledged-then-resolved',
      messages: thread([
        delta({
          acknowledgement: answered('acknowledged'),
          resolvedAt: NOW + HOUR,
          repeats: 1,
          now: { kind: 'service-removed', at: NOW + HOUR },
        }),
      ]),
    },
    {
      name: 'life-back-again',
      messages: thread([delta({ repeats: 2, now: { kind: 'service-added', at: NOW + 2 * HOUR } })]),
    },
    {
      name: 'life-part-answered',
      messages: thread(
        mixed().map((one, index) => (index < 2 ? { ...one, acknowledgement: answered('acknowledged') } : one)),
      ),
    },
    {
      name: 'life-5-acknowledged',
      messages: thread(five.map((one) => ({ ...one, acknowledgement: answered('acknowledged') }))),
    },
    {
      name: 'life-40-acknowledged',
      messages: thread(
        addresses(40).map((address) => delta({ address, acknowledgement: answered('acknowledged') })),
        dc,
      ),
    },
    {
      name: 'alert-reported-before',
      messages: [{ card: alertCard({ alert, group: office, scan, deltas: [delta()], earlier: EARLIER }) }],
    },
    { name: 'reminder', messages: [...thread([delta()]), reminder([delta()], 0)] },
    { name: 'reminder-many', messages: [...thread(mixed()).slice(0, 1), reminder(mixed(), 12)] },
    {
      name: 'life-flapping',
      messages: thread([
        delta({
          acknowledgement: answered('acknowledged'),
          resolvedAt: NOW + 30 * HOUR,
          repeats: 3,
          now: { kind: 'service-removed', at: NOW + 30 * HOUR },
        }),
      ]),
    },
    { name: 'reminder-released', messages: [{ card: released(mixed().slice(0, 2)) }] },
    { name: 'life-outage-over', messages: thread([outage({ resolvedAt: NOW + 47 * MINUTE })], dmz) },
  ];
}

function released(deltas: readonly Delta[]) {
  return releasedReminderCard({ group: office, deltas, ownership: () => ({ tags: [] }), now: NOW + 26 * HOUR });
}

function reminder(deltas: readonly Delta[], others: number): SceneMessage {
  const group = { ...office, notify: { who: 'slack:U0ANN', from: 'high' as const } };
  return {
    reply: true,
    card: reminderCard({ group, deltas, others, ownership: () => ({ tags: [] }), now: NOW + 26 * HOUR }),
  };
}
