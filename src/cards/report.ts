import type { Report, ReportFormat } from '../core/report/report.ts';
import type { Card } from './card.ts';
import { toCsv } from './csv.ts';
import { counted, kindWords } from './words.ts';

export type Figure = { label: string; value: string };
export type ReportTable = { title: string; columns: readonly string[]; rows: readonly (readonly string[])[] };

/** The numbers that one looks for first. */
export function reportFigures(report: Report): Figure[] {
  const total = (pick: (group: Report['groups'][number]) => number) =>
    report.groups.reduce((sum, group) => sum + pick(group), 0).toLocaleString('en-US');
  const { timeToAcknowledge } = report;
  return [
    { label: 'open changes', value: total((group) => group.open) },
    { label: 'answered', value: total((group) => group.answered) },
    { label: 'hosts up', value: total((group) => group.hostsUp) },
    { label: 'to acknowledge', value: timeToAcknowledge === undefined ? '–' : spanWords(timeToAcknowledge) },
    { label: 'failed scans', value: total((group) => group.scansFailed) },
    { label: 'hosts not seen', value: total((group) => group.undetermined) },
  ];
}

export function reportTables(report: Report): ReportTable[] {
  const number = (count: number) => count.toLocaleString('en-US');
  return [
    {
      title: 'Groups',
      columns: ['Group', 'Hosts up', 'Open', 'Answered', 'Changes', 'Not seen', 'Scans', 'Failed', 'Last scan'],
      rows: report.groups.map((group) => [
        ...[group.name, number(group.hostsUp), number(group.open), number(group.answered), number(group.changes)],
        ...[number(group.undetermined), number(group.scansDone), number(group.scansFailed)],
        group.lastDone === undefined ? 'never' : `${spanWords(report.to - group.lastDone)} ago`,
      ]),
    },
    {
      title: 'Changes by kind',
      columns: ['Kind', 'Changes'],
      rows: report.changes.map(({ kind, perWeek }) => [
        kindWords(kind),
        number(perWeek.reduce((sum, one) => sum + one, 0)),
      ]),
    },
    {
      title: 'Noisiest hosts',
      columns: ['Host', 'Group', 'Changes'],
      rows: report.noisiest.map(({ address, group, count }) => [address, group, number(count)]),
    },
    {
      title: 'Unstable services',
      columns: ['Service', 'Group', 'Held back'],
      rows: report.unstable.map(({ subject, group, count }) => [subject, group, number(count)]),
    },
    {
      title: 'How sure the judge was, and how often it was wrong',
      columns: ['Grade', 'Answered', 'False alarms', 'Rate'],
      rows: report.calibration.map(({ grade, answered, falseAlarms }) => [
        ...[GRADE_NAMES[grade], number(answered), number(falseAlarms)],
        answered === 0 ? '–' : `${((100 * falseAlarms) / answered).toFixed(1)} %`,
      ]),
    },
  ];
}

const GRADE_NAMES = { green: 'certain', amber: 'likely', red: 'doubtful' } as const;

export function reportCsv(report: Report): string {
  return toCsv(
    reportTables(report).flatMap(({ title, columns, rows }) => [
      [title],
      [...columns],
      ...rows.map((row) => [...row]),
      [],
    ]),
  );
}

const MIME = { png: 'image/png', html: 'text/html', csv: 'text/csv' } as const;

/** What its file is called and is. */
export function reportFile({ title, to }: Report, format: ReportFormat) {
  const name = `${title.replace(/[^\w.-]+/g, '_').slice(0, 60)}-${day(to)}.${format}`;
  return { name, mimeType: MIME[format] };
}

export function reportCard(report: Report, attachment: NonNullable<Card['attachment']>): Card {
  const waiting = report.groups.filter((group) => group.open > 0).length;
  return {
    title: report.title,
    tone: 'info',
    sections: [
      {
        type: 'fields',
        fields: reportFigures(report).map(({ label, value }) => ({ label, value })),
      },
      {
        type: 'text',
        text: waiting === 0 ? 'No change waits for an answer.' : `${counted(waiting, 'group')} with open changes.`,
      },
    ],
    controls: [],
    footer: [reportPeriod(report)],
    attachment,
  };
}

/** `2026-09-01 to 2026-11-30`. */
export function reportPeriod({ from, to }: Report): string {
  return `${day(from)} to ${day(to)}`;
}

/** `3 d`, `5 h`, `12 min`. */
function spanWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
