import { muteLine } from '../../../cards/holds.ts';
import { noteCard } from '../../../cards/note.ts';
import { describeDuration } from '../../../core/time/duration.ts';
import { DAY_MS } from '../../../core/time/units.ts';
import { addMute, parseMuteWords } from '../../../usecases/holds/add-mute.ts';
import { muteData } from '../../data/hold-data.ts';
import { command } from '../../grammar/command.ts';
import { HOW_LONG, REASON } from '../../grammar/common-options.ts';
import { inOption, requiredNumber, requiredText, textOf } from '../../input/options.ts';
import { changing, publicly } from '../../private-reply.ts';

const WHEN_IT_ENDS = 'What it holds back is recorded; what still holds when it ends is reported then, and open.';
const LONG_MS = 30 * DAY_MS;

/** A mute of months that is forgotten leaves a network unwatched for months. */
function longNote(forMs: number): string[] {
  if (forMs < LONG_MS) return [];
  return [
    `That is long: ${describeDuration(forMs)} without an alert from there. It is shown in status as long as it lasts.`,
  ];
}

export const muteAdd = command(
  {
    path: ['mute', 'add'],
    role: 'operator',
    summary: 'Record deltas without announcing them',
    options: [
      {
        name: 'what',
        type: 'text',
        description: 'Group, address, subnet, port or kind',
        hint: 'A group, `10.0.0.5`, `10.0.0.0/24`, `10.0.0.5:22/tcp`, `22/tcp` on every host, a kind, or `group/kind`; several with commas.',
        positional: true,
        required: true,
      },
      HOW_LONG,
      REASON,
    ],
    example: 'mute add 10.0.0.5:22/tcp for:2h reason:"new keys"',
    audience: 'public',
    form: true,
  },
  ({ store }) =>
    async ({ principal, now }, options) => {
      const groups = await store.groups.list();
      const wanted = inOption('what', () => parseMuteWords(requiredText(options, 'what'), groups));
      const reason = textOf(options, 'reason');
      const forMs = requiredNumber(options, 'for');
      const mutes = [];
      for (const one of wanted) {
        const why = reason === undefined ? {} : { reason };
        mutes.push(await addMute(store, { ...one, forMs, ...why, by: principal.key, byName: principal.name, now }));
      }
      const title = `Mute ${mutes.map(({ id }) => id).join(', ')} added`;
      const lines = [...mutes.map(muteLine), WHEN_IT_ENDS, ...longNote(forMs)];
      return changing(publicly(noteCard({ title, lines })), { before: null, after: mutes.map(muteData) });
    },
);
