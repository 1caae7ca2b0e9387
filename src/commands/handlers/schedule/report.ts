import { defined } from '../../../core/defined.ts';
import { UserError } from '../../../core/errors.ts';
import { NONE } from '../../../core/group-options/types.ts';
import type { OptionDefinition } from '../../../core/model/option.ts';
import type { ScheduledReport } from '../../../core/model/schedule.ts';
import { REPORT_FORMATS } from '../../../core/report/report.ts';
import { parseDuration } from '../../../core/time/duration.ts';
import type { CommandOptions } from '../../grammar/command-description.ts';
import { inOption, OptionError, textOf } from '../../input/options.ts';
import { DEFAULT_PERIOD } from '../report/options.ts';

const optional = { positional: false, required: false } as const;

/** The options that make a schedule one of reports. */
export const REPORT_FIELDS = [
  {
    ...{ name: 'report', type: 'choice', description: 'A report, not a scan', choices: REPORT_FORMATS, ...optional },
    hint: 'A report in place of a scan, as `png`, `html` or `csv`, to each place of the group’s alerts.',
  },
  { name: 'period', type: 'text', description: 'Of the report: 30d', preset: DEFAULT_PERIOD, ...optional },
  {
    ...{ name: 'to', type: 'channel', description: 'Only there', anyPlatform: true, ...optional },
    hint: 'The one place of the report: a channel, `email:noc@example.com`, `webhook:pager` or `syslog`.',
  },
] as const satisfies readonly OptionDefinition[];

/** The same of one that is there: what is not said stays. */
export const REPORT_CHANGES = [
  { name: 'report', type: 'choice', description: 'Its format', choices: REPORT_FORMATS, ...optional },
  { name: 'period', type: 'text', description: 'Of the report: 30d', ...optional },
  REPORT_FIELDS[2],
] as const satisfies readonly OptionDefinition[];

type ReportOptions = CommandOptions<'profile' | (typeof REPORT_FIELDS)[number]['name']>;

/** Undefined for a schedule of scans; what is not said stays as in `before`. Throws OptionError. */
export function scheduledReport(options: ReportOptions, before?: ScheduledReport): ScheduledReport | undefined {
  const format = REPORT_FORMATS.find((one) => one === textOf(options, 'report')) ?? before?.format;
  const [period, to] = [textOf(options, 'period'), textOf(options, 'to') ?? before?.to];
  if (format === undefined) {
    if (period !== undefined) refuse('period', 'Only a report has a period.', 'Add `report:png`.');
    if (to !== undefined)
      refuse('to', 'Only a report has a place of its own.', 'Add `report:png`, or see `alert route`.');
    return undefined;
  }
  if (textOf(options, 'profile') !== undefined)
    refuse('profile', 'A report has no profile.', 'Leave it out, or leave out `report:`.');
  const periodMs =
    period === undefined && before !== undefined
      ? before.periodMs
      : inOption('period', () => parseDuration(period ?? DEFAULT_PERIOD));
  return { format, periodMs, ...defined({ to: to === NONE ? undefined : to }) };
}

export function refuse(option: string, message: string, hint: string): never {
  throw new OptionError(option, new UserError(message, { hint }));
}
