import { addresses, answered, dc, delta, dmz, HOUR, MINUTE, NOW, opened } from './samples.ts';
import type { Scene } from './scenes.ts';
import { mixed, outage, thread } from './scenes-alert.ts';

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
    { name: 'life-outage-over', messages: thread([outage({ resolvedAt: NOW + 47 * MINUTE })], dmz) },
  ];
}
