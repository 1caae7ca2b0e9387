import type { OptionDefinition } from '../../../core/model/option.ts';
import { REPORT_FORMATS, REPORT_THEMES, type ReportTheme } from '../../../core/report/report.ts';
import { parseDuration } from '../../../core/time/duration.ts';
import type { ReportRequest } from '../../../usecases/views/build-report.ts';
import type { CommandOptions } from '../../grammar/command-description.ts';
import { inOption, textOf } from '../../input/options.ts';

const optional = { positional: false, required: false } as const;
export const DEFAULT_PERIOD = '90d';

export const THEME = {
  ...{
    name: 'theme',
    type: 'choice',
    description: 'Of the picture',
    preset: 'light',
    choices: REPORT_THEMES,
    ...optional,
  },
} as const satisfies OptionDefinition;

export function themeOf(options: CommandOptions<'theme'>): ReportTheme | undefined {
  return REPORT_THEMES.find((one) => one === textOf(options, 'theme'));
}

export const REPORT_OPTIONS = [
  {
    name: 'period',
    type: 'text',
    description: 'How far back: 30d, 1y',
    hint: 'How far back: `30d`, `12w`.',
    preset: DEFAULT_PERIOD,
    ...optional,
  },
  {
    name: 'format',
    type: 'choice',
    description: 'Picture, page or table',
    preset: 'png',
    choices: REPORT_FORMATS,
    ...optional,
  },
  THEME,
] as const satisfies readonly OptionDefinition[];

export function reportRequest(
  options: CommandOptions<(typeof REPORT_OPTIONS)[number]['name']>,
  now: number,
): Pick<ReportRequest, 'from' | 'to' | 'format' | 'theme'> {
  const period = inOption('period', () => parseDuration(textOf(options, 'period') ?? DEFAULT_PERIOD));
  return {
    ...{ from: now - period, to: now },
    format: REPORT_FORMATS.find((one) => one === textOf(options, 'format')) ?? 'png',
    theme: themeOf(options) ?? 'light',
  };
}
