import { UserError } from '../../core/errors.ts';
import { parseDuration, parseTime } from '../../core/time/duration.ts';
import type { CommandOptions } from '../grammar/command-description.ts';
import { inOption, textOf } from './options.ts';

const SINCE_HINT = 'Write how long ago, such as `7d`, or a date and time such as `2026-12-01 18:00`.';

/** `since:7d` looks back; a date is a date. Read in UTC. */
export function sinceOf(
  options: CommandOptions<'since' | 'before'>,
  now: number,
  name: 'since' | 'before' = 'since',
): number | undefined {
  const text = textOf(options, name);
  if (text === undefined) return undefined;
  return inOption(name, () =>
    /^\s*\d+\s*[wdhms]/i.test(text) ? now - parseDuration(text) : parseTime(text, 'UTC', now, SINCE_HINT),
  );
}

/** `until:3d` looks ahead; a time in the past is refused. */
export function untilOf(text: string, now: number): number {
  return inOption('until', () => {
    const until = parseTime(text, 'UTC', now);
    if (until > now) return until;
    throw new UserError(`“${text}” is past.`, {
      word: text,
      hint: 'Write a time that is still to come, for example `3d`.',
    });
  });
}
