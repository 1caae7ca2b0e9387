import { noteCard } from '../../cards/note.ts';
import { at, rich } from '../../cards/words.ts';
import type { ChannelDigest } from '../../core/model/channel-digest.ts';
import type { ChannelRef } from '../../core/model/principal.ts';
import { nextRuns } from '../../core/time/runs.ts';
import { parseWhen } from '../../core/time/when.ts';
import { describeWhen } from '../../core/time/when-words.ts';
import { channelNotes } from '../channel-notes.ts';
import { command } from '../grammar/command.ts';
import { inOption, textOf } from '../input/options.ts';
import { privately, publicly } from '../private-reply.ts';

export const digest = command(
  {
    path: ['digest'],
    role: 'operator',
    summary: 'A regular summary in a channel',
    options: [
      {
        name: 'when',
        type: 'when',
        description: 'daily 09:00, weekly mon 09:00, off',
        hint: '`daily 09:00`, `weekdays 09:00`, `weekly mon 09:00`, cron; `off` ends it. Without it: what is set.',
        positional: true,
        required: false,
        rest: true,
      },
      { name: 'channel', type: 'channel', description: 'Another channel', positional: false, required: false },
      { name: 'tz', type: 'timezone', description: 'Time zone', preset: 'UTC', positional: false, required: false },
    ],
    example: 'digest daily 09:00 tz:Europe/Berlin',
    audience: 'public',
  },
  (deps) => async (context, options) => {
    const { digests } = deps.store;
    const channel = textOf(options, 'channel') ?? context.channel;
    const phrase = textOf(options, 'when');
    if (phrase === undefined) {
      const set = (await digests.list()).find((one) => one.channel === channel);
      return privately(noteCard({ title: 'Digest', tone: 'info', lines: [words(channel, set, context.now)] }));
    }
    if (/^(?:off|none)$/i.test(phrase)) {
      await digests.remove(channel);
      return publicly(noteCard({ title: 'Digest off', lines: [words(channel, undefined, context.now)] }));
    }
    const zone = textOf(options, 'tz') ?? 'UTC';
    const when = inOption('when', () => parseWhen(phrase, zone, context.now));
    const wanted = { channel, phrase, when, zone, sentAt: context.now };
    await digests.set(wanted);
    const notes = await channelNotes(deps, channel);
    return publicly(noteCard({ title: 'Digest on', lines: [words(channel, wanted, context.now), ...notes] }));
  },
);

function words(channel: ChannelRef, digest: ChannelDigest | undefined, now: number) {
  const where = { type: 'channel' as const, ref: channel };
  if (digest === undefined) return rich(where, ' gets no digest.');
  const [next] = nextRuns(digest.when, now, 1);
  return rich(
    where,
    ` gets a digest ${describeWhen(digest.when)}`,
    ...(next === undefined ? ['.'] : [', next ', at(next), '.']),
  );
}
