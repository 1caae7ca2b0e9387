import type { Group } from '../core/model/group.ts';
import type { Schedule, ScheduledReport } from '../core/model/schedule.ts';
import { describeDuration } from '../core/time/duration.ts';
import { nextRuns } from '../core/time/runs.ts';
import { DAY_MS } from '../core/time/units.ts';
import { describeWhen } from '../core/time/when-words.ts';
import type { Card, Inline, Section, Text } from './card.ts';
import { type Paging, pageControls, pageFooter } from './paging.ts';
import { at, code, counted, inlines, rich } from './words.ts';
import { zoneTime } from './zone-time.ts';

const RUNS_TOLD = 3;

/**
 * Describes a schedule in plain words, with its next runs in its zone; without a group it is for a report on all
 * groups.
 */
export function scheduleCard(title: string, schedule: Schedule, group: Group | undefined, now: number): Card {
  return {
    title,
    tone: 'good',
    sections: [{ type: 'text', text: sentence(schedule, group) }, ...outlook(schedule, group, now)],
    controls: [],
    footer: [`Schedule ${schedule.id} · ${schedule.phrase} · ${schedule.zone}`],
  };
}

function outlook(schedule: Schedule, group: Group | undefined, now: number): Section[] {
  if (schedule.status === 'paused') return [{ type: 'text', text: 'It is paused.' }];
  if (group?.status === 'paused')
    return [{ type: 'text', text: `Group ${group.name} is paused: it runs when that is resumed.` }];
  return [
    { type: 'text', text: 'Next runs:' },
    { type: 'list', items: runs(schedule, now) },
  ];
}

function sentence(schedule: Schedule, group: Group | undefined): Text {
  const { report, profile } = schedule;
  const name = group?.name ?? 'all groups';
  const times = ` ${describeWhen(schedule.when)}.`;
  if (report === undefined) return `Scans ${name}${profile === undefined ? '' : ` with profile ${profile}`}${times}`;
  const what = `Sends a report on ${name}, of the last ${spanOf(report)}, as ${report.format} to `;
  return report.to === undefined
    ? `${what}each place of its alerts${times}`
    : rich(what, { type: 'channel', ref: report.to }, times);
}

function runs(schedule: Schedule, now: number): Text[] {
  return nextRuns(schedule.when, now, RUNS_TOLD).map((run) =>
    rich(zoneTime(run, schedule.zone), ' (', at(run, 'relative'), ')'),
  );
}

function reportWords(report: ScheduledReport | undefined): Inline[] {
  if (report === undefined) return [];
  const words: Inline = { type: 'text', text: `, a report of ${spanOf(report)} as ${report.format}` };
  if (report.to === undefined) return [words];
  return [words, { type: 'text', text: ' to ' }, { type: 'channel', ref: report.to }];
}

/** `90 days`, as typed, if it is not a whole number of weeks. */
function spanOf({ periodMs }: ScheduledReport): string {
  return periodMs % DAY_MS === 0 ? counted(periodMs / DAY_MS, 'day') : describeDuration(periodMs);
}

/** One line of a list: `3: every day at 02:00 (UTC); next …`. */
export function scheduleLine(schedule: Schedule, now: number): Text {
  const [next] = nextRuns(schedule.when, now, 1);
  const profile = schedule.profile === undefined ? '' : `, profile ${schedule.profile}`;
  const what = `schedule ${schedule.id}: ${describeWhen(schedule.when)}${profile}`;
  const end = schedule.status === 'paused' ? ['; paused'] : next === undefined ? [] : ['; next ', at(next)];
  return rich(what, ...reportWords(schedule.report), ...end);
}

export function scheduleListCard(
  rows: readonly { schedule: Schedule; group: Group | undefined }[],
  now: number,
  paging: Paging,
): Card {
  return {
    title: counted(paging.total, 'schedule'),
    tone: 'info',
    sections:
      rows.length === 0
        ? [{ type: 'text', text: rich('None yet: ', code('schedule add GROUP daily 02:00')) }]
        : [{ type: 'list', items: rows.map((row) => listed(row.schedule, row.group, now)) }],
    controls: pageControls(paging),
    footer: pageFooter(paging),
  };
}

function listed(schedule: Schedule, group: Group | undefined, now: number): Text {
  const line = scheduleLine(schedule, now);
  const paused = group?.status === 'paused' ? ' (group paused)' : '';
  return [{ type: 'strong', text: `${group?.name ?? 'all groups'}${paused} ` }, ...inlines(line)];
}
