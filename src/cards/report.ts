import { defined } from '../core/defined.ts';
import type { Report, ReportFormat } from '../core/report/report.ts';
import { DAY_MS } from '../core/time/units.ts';
import type { Card, Section } from './card.ts';
import { toCsv } from './csv.ts';
import { counted, kindWords } from './words.ts';

/** `more`: what the value alone does not show. */
export type Figure = { label: string; value: string; more?: { label: string; value: string } };
/** `order`: the sort key in a table; `plain`: the value for a spreadsheet. */
export type Cell = { text: string; order: number; plain: string } | string;
export type ReportTable = { title: string; columns: readonly string[]; rows: readonly (readonly Cell[])[] };

/** The most important numbers. */
export function reportFigures(report: Report): Figure[] {
  const total = (pick: (group: Report['groups'][number]) => number) =>
    report.groups.reduce((sum, group) => sum + pick(group), 0).toLocaleString('en-US');
  const { timeToAcknowledge } = report;
  const [longest] = report.unseen;
  const more = longest && { label: 'for up to', value: spanWords(report.to - longest.since) };
  return [
    { label: 'open changes', value: total((group) => group.open) },
    { label: 'answered', value: total((group) => group.answered) },
    { label: 'hosts up', value: total((group) => group.hostsUp) },
    { label: 'to acknowledge', value: timeToAcknowledge === undefined ? '–' : spanWords(timeToAcknowledge) },
    { label: 'failed scans', value: total((group) => group.scansFailed) },
    { label: 'hosts not seen', value: total((group) => group.undetermined), ...defined({ more }) },
  ];
}

export function reportTables(report: Report): ReportTable[] {
  return [
    groupsTable(report),
    {
      title: UNSEEN_TITLE,
      columns: ['Host', 'Group', 'Not seen', 'Since', 'For'],
      rows: report.unseen.map(({ address, group, what, since }) => [
        ...[address, group, UNSEEN_WORDS[what], moment(since), span(report.to - since)],
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
        ...[GRADE_NAMES[grade], number(answered), number(falseAlarms), rate(falseAlarms, answered)],
      ]),
    },
  ];
}

function groupsTable(report: Report): ReportTable {
  const columns = ['Group', 'Hosts up', 'Open', 'Answered', 'Changes', 'Not seen', 'For up to'];
  return {
    title: 'Groups',
    columns: [...columns, 'Scans', 'Failed', 'Last scan', 'Ago'],
    rows: report.groups.map((group) => [
      ...[group.name, number(group.hostsUp), number(group.open), number(group.answered), number(group.changes)],
      ...[number(group.undetermined), span(since(report, group.undeterminedSince))],
      ...[
        number(group.scansDone),
        number(group.scansFailed),
        moment(group.lastDone),
        span(since(report, group.lastDone)),
      ],
    ]),
  };
}

/** How long ago, ms; undefined for never. */
const since = ({ to }: Report, at: number | undefined): number | undefined => (at === undefined ? undefined : to - at);

const number = (count: number): Cell => ({ text: count.toLocaleString('en-US'), order: count, plain: String(count) });

/** A time in UTC; never sorts as the oldest. */
function moment(at: number | undefined): Cell {
  if (at === undefined) return { text: 'never', order: 0, plain: 'never' };
  const iso = new Date(at).toISOString();
  return { text: `${iso.slice(0, 16).replace('T', ' ')} UTC`, order: at, plain: iso };
}

function span(ms: number | undefined): Cell {
  if (ms === undefined) return { text: '–', order: -1, plain: '' };
  return { text: spanWords(ms), order: ms, plain: spanWords(ms) };
}

function rate(part: number, whole: number): Cell {
  if (whole === 0) return { text: '–', order: -1, plain: '' };
  const percent = ((100 * part) / whole).toFixed(1);
  return { text: `${percent} %`, order: part / whole, plain: `${percent} %` };
}

const GRADE_NAMES = { green: 'certain', amber: 'likely', red: 'doubtful' } as const;
export const UNSEEN_TITLE = 'Not seen for longest';
const UNSEEN_WORDS = { host: 'whether it is up', ports: 'its ports' } as const;

/** A nightly scan that is older than this has missed a night. */
const UNSCANNED_MS = 2 * DAY_MS;

/** One line each: `branch: never scanned`, `10.0.0.9: 12 d, since 2026-11-12 (office)`. Whole groups come first. */
export function unseenLines(report: Report, most: number): string[] {
  const { unseen, to } = report;
  const hosts = unseen.map(
    ({ address, group, what, since: at }) =>
      `${address}${what === 'ports' ? '’s ports' : ''}: ${spanWords(to - at)}, since ${day(at)} (${group})`,
  );
  const lines = [...unscannedLines(report), ...hosts];
  return lines.length > most ? [...lines.slice(0, most), `and ${lines.length - most} more`] : lines;
}

function unscannedLines({ groups, to }: Report): string[] {
  return groups
    .filter(({ lastDone = 0 }) => to - lastDone > UNSCANNED_MS)
    .sort((a, b) => (a.lastDone ?? 0) - (b.lastDone ?? 0))
    .map(({ name, lastDone }) =>
      lastDone === undefined
        ? `${name}: never scanned`
        : `${name}: not scanned for ${spanWords(to - lastDone)}, since ${day(lastDone)}`,
    );
}

export function reportCsv(report: Report): string {
  return toCsv(
    reportTables(report).flatMap(({ title, columns, rows }) => [
      [title],
      [...columns],
      ...rows.map((row) => row.map((cell) => (typeof cell === 'string' ? cell : cell.plain))),
      [],
    ]),
  );
}

const MIME = { png: 'image/png', html: 'text/html', csv: 'text/csv' } as const;

/** The name and type of its file. */
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
        fields: reportFigures(report).map(({ label, value, more }) => ({
          label,
          value: more === undefined ? value : `${value} ${more.label} ${more.value}`,
        })),
      },
      {
        type: 'text',
        text: waiting === 0 ? 'No change waits for an answer.' : `${counted(waiting, 'group')} with open changes.`,
      },
      ...unseenSections(report),
    ],
    controls: [],
    footer: [reportPeriod(report)],
    attachment,
  };
}

const UNSEEN_SHOWN = 3;

function unseenSections(report: Report): Section[] {
  const items = unseenLines(report, UNSEEN_SHOWN);
  if (items.length === 0) return [];
  return [
    { type: 'text', text: `${UNSEEN_TITLE}:` },
    { type: 'list', items },
  ];
}

/** `2026-09-01 to 2026-11-30`. */
export function reportPeriod({ from, to }: Report): string {
  return `${day(from)} to ${day(to)}`;
}

/** `3 d`, `5 h`, `12 min`. */
function spanWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 90) return minutes === 0 ? 'under 1 min' : `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
