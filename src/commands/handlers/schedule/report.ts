import { UserError } from '../../../core/errors.ts';
import type { OptionDefinition } from '../../../core/model/option.ts';
import type { ScheduledReport } from '../../../core/model/schedule.ts';
import { REPORT_FORMATS } from '../../../core/report/report.ts';
import { parseDuration } from '../../../core/time/duration.ts';
import type { CommandOptions } from '../../grammar/command-description.ts';
import { inOption, textOf } from '../../input/options.ts';
import { DEFAULT_PERIOD } from '../report/options.ts';

const optional = { positional: false, required: false } as const;

/** What makes a schedule one of reports. */
export const REPORT_FIELDS = [
  {
    ...{ name: 'report', type: 'choice', description: 'A report, not a scan', choices: REPORT_FORMATS, ...optional },
    hint: 'A report in place of a scan, as `png`, `html` or `csv`, to each place of the group’s alerts.',
  },
  { name: 'period', type: 'text', description: 'Of the report: 30d', preset: DEFAULT_PERIOD, ...optional },
] as const satisfies readonly OptionDefinition[];

/** Undefined for a schedule of scans. Throws OptionError. */
export function scheduledReport(options: CommandOptions<'profile' | 'report' | 'period'>): ScheduledReport | undefined {
  const format = REPORT_FORMATS.find((one) => one === textOf(options, 'report'));
  const period = textOf(options, 'period');
  if (format === undefined) {
    if (period !== undefined) inOption('period', refuse('Only a report has a period.', 'Add `report:png`.'));
    return undefined;
  }
  if (textOf(options, 'profile') !== undefined)
    inOption('profile', refuse('A report has no profile.', 'Leave it out, or leave out `report:`.'));
  return { format, periodMs: inOption('period', () => parseDuration(period ?? DEFAULT_PERIOD)) };
}

function refuse(message: string, hint: string): () => never {
  return () => {
    throw new UserError(message, { hint });
  };
}
