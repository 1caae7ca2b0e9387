import { defined } from '../defined.ts';
import type { DeltaKind } from '../model/delta-kinds.ts';
import type { Grade } from '../model/scales.ts';
import type { HostCode } from '../model/state.ts';

export const REPORT_FORMATS = ['png', 'html', 'csv'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];
export const REPORT_THEMES = ['light', 'dark'] as const;
export type ReportTheme = (typeof REPORT_THEMES)[number];

export const WEEK_MS = 7 * 24 * 3_600_000;

/** What the store counts over some groups since a given time; weeks are numbered from the start of the period. */
export type ReportCounts = {
  changes: readonly { week: number; kind: DeltaKind; count: number }[];
  answers: readonly { groupId: number; answer: string; grade: Grade; count: number }[];
  /** Milliseconds from the report of a delta to its acknowledgement. */
  waits: readonly number[];
  codes: readonly { groupId: number; code: HostCode; count: number }[];
  /** Services that appeared (`up`) and disappeared, in total: before the period and in each of its weeks. */
  services: readonly { week: number; up: number; down: number }[];
  noisiest: readonly { groupId: number; address: string; count: number }[];
  unstable: readonly { groupId: number; subject: string; count: number }[];
  /** Within the period, except `lastDone`, which may be older. */
  scans: readonly { groupId: number; done: number; failed: number; lastDone?: number }[];
  /** By group, since when the first of the hosts that its scans could not determine has been undetermined, epoch ms. */
  unseenSince: readonly { groupId: number; since: number }[];
  /** Those that have been undetermined for longest. */
  unseen: readonly ({ groupId: number } & UnseenHost)[];
};

/** `what`: nothing is known of the host, or it answers and nothing is known of its ports. `since`: epoch ms. */
export type UnseenHost = { address: string; since: number; what: 'host' | 'ports' };

export type ReportGroup = {
  name: string;
  hostsUp: number;
  open: number;
  answered: number;
  changes: number;
  undetermined: number;
  /** Since when the first of them has been undetermined, epoch ms. */
  undeterminedSince?: number;
  scansDone: number;
  scansFailed: number;
  lastDone?: number;
};

/** The content of a report, in whatever format it is shown. Times are epoch ms. */
export type Report = {
  title: string;
  from: number;
  to: number;
  groups: readonly ReportGroup[];
  /** Starts of the weeks. */
  weeks: readonly number[];
  /** Changes by kind, one number a week. */
  changes: readonly { kind: DeltaKind; perWeek: readonly number[] }[];
  codes: readonly { code: HostCode; count: number }[];
  services: readonly number[];
  noisiest: readonly { group: string; address: string; count: number }[];
  unstable: readonly { group: string; subject: string; count: number }[];
  /** Hosts that the scans could not determine, the longest first. */
  unseen: readonly ({ group: string } & UnseenHost)[];
  /** Median, ms. */
  timeToAcknowledge?: number;
  /** How often a delta of each grade was answered as a false alarm. */
  calibration: readonly { grade: Grade; answered: number; falseAlarms: number }[];
};

export function reportOf(
  counts: ReportCounts,
  about: { title: string; from: number; to: number; groups: readonly { id: number; name: string }[] },
): Report {
  const weekCount = Math.max(1, Math.ceil((about.to - about.from) / WEEK_MS));
  const names = new Map(about.groups.map(({ id, name }) => [id, name]));
  const named = (groupId: number) => names.get(groupId) ?? `group ${groupId}`;
  const wait = median(counts.waits);
  return {
    ...{ title: about.title, from: about.from, to: about.to },
    groups: about.groups.map(({ id, name }) => groupOf(counts, id, name)),
    weeks: Array.from({ length: weekCount }, (_, week) => about.from + week * WEEK_MS),
    changes: changesOf(counts.changes, weekCount),
    codes: codesOf(counts.codes),
    services: servicesOf(counts.services, weekCount),
    noisiest: counts.noisiest.map(({ groupId, ...rest }) => ({ group: named(groupId), ...rest })),
    unstable: counts.unstable.map(({ groupId, ...rest }) => ({ group: named(groupId), ...rest })),
    unseen: counts.unseen.map(({ groupId, ...rest }) => ({ group: named(groupId), ...rest })),
    ...defined({ timeToAcknowledge: wait }),
    calibration: calibrationOf(counts.answers),
  };
}

/** Whether an undetermined host is up is unknown. */
const NOT_UP: readonly HostCode[] = ['unseen', 'down', 'unresponsive', 'undetermined'];

function groupOf(counts: ReportCounts, id: number, name: string): ReportGroup {
  const own = <T extends { groupId: number }>(rows: readonly T[]) => rows.filter((row) => row.groupId === id);
  const answers = own(counts.answers);
  const codes = own(counts.codes);
  const [scans] = own(counts.scans);
  const [unseen] = own(counts.unseenSince);
  return {
    name,
    hostsUp: sum(codes.filter(({ code }) => !NOT_UP.includes(code))),
    open: sum(answers.filter(({ answer }) => answer === 'open')),
    answered: sum(answers.filter(isAnswered)),
    changes: sum(answers),
    undetermined: sum(codes.filter(({ code }) => code === 'undetermined')),
    scansDone: scans?.done ?? 0,
    scansFailed: scans?.failed ?? 0,
    ...defined({ lastDone: scans?.lastDone, undeterminedSince: unseen?.since }),
  };
}

function changesOf(rows: ReportCounts['changes'], weekCount: number): Report['changes'] {
  const byKind = new Map<DeltaKind, number[]>();
  for (const { kind, week, count } of rows) {
    const perWeek = byKind.get(kind) ?? Array.from({ length: weekCount }, () => 0);
    const at = Math.min(weekCount - 1, Math.max(0, week));
    perWeek[at] = (perWeek[at] ?? 0) + count;
    byKind.set(kind, perWeek);
  }
  return [...byKind].map(([kind, perWeek]) => ({ kind, perWeek }));
}

function codesOf(rows: ReportCounts['codes']): Report['codes'] {
  const byCode = new Map<HostCode, number>();
  for (const { code, count } of rows) byCode.set(code, (byCode.get(code) ?? 0) + count);
  return [...byCode].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count);
}

/** How many services there were at the end of each week. */
function servicesOf(rows: ReportCounts['services'], weekCount: number): number[] {
  let there = 0;
  const before = rows.filter(({ week }) => week < 0);
  for (const { up, down } of before) there += up - down;
  return Array.from({ length: weekCount }, (_, week) => {
    for (const row of rows) if (row.week === week) there += row.up - row.down;
    return there;
  });
}

/** `over`: it ended before anybody answered. */
const isAnswered = ({ answer }: { answer: string }): boolean => answer !== 'open' && answer !== 'over';

function calibrationOf(rows: ReportCounts['answers']): Report['calibration'] {
  const grades: readonly Grade[] = ['green', 'amber', 'red'];
  return grades.map((grade) => {
    const answered = rows.filter((row) => row.grade === grade && isAnswered(row));
    return { grade, answered: sum(answered), falseAlarms: sum(answered.filter((row) => row.answer === 'false-alarm')) };
  });
}

function sum(rows: readonly { count: number }[]): number {
  return rows.reduce((total, { count }) => total + count, 0);
}

export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
