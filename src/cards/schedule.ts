import type { Group } from '../core/model/group.ts';
import type { Schedule, ScheduledReport } from '../core/model/schedule.ts';
import { describeDuration } from '../core/time/duration.ts';
import { nextRuns } from '../core/time/runs.ts';
import { describeWhen } from '../core/time/when-words.ts';
import type { Card, Text } from './card.ts';
import { type Paging, pageControls, pageFooter } from './paging.ts';
import { at, code, counted, inlines, rich } from './words.ts';
import { zoneTime } from './zone-time.ts';

const RUNS_TOLD = 3;

/** Says a schedule back in words, with its next runs in its zone. */
export function scheduleCard(title: string, schedule: Schedule, group: Group, now: number): Card {
  return {
    title,
    tone: 'good',
    sections: [
      { type: 'text', text: sentence(schedule, group) },
      ...(schedule.status === 'paused' || group.status === 'paused'
        ? [
            {
              type: 'text' as const,
              text:
                schedule.status === 'paused'
                  ? 'It is paused.'
                  : `Group ${group.name} is paused: it runs when that is resumed.`,
            },
          ]
        : [
            { type: 'text' as const, text: 'Next runs:' },
            { type: 'list' as const, items: runs(schedule, now) },
          ]),
    ],
    controls: [],
    footer: [`Schedule ${schedule.id} · ${schedule.phrase} · ${schedule.zone}`],
  };
}

function sentence(schedule: Schedule, group: Group): string {
  const { report } = schedule;
  if (report !== undefined)
    return `Sends a report on ${group.name}, of the last ${spanOf(report)}, as ${report.format} to each place of its alerts ${describeWhen(schedule.when)}.`;
  const profile = schedule.profile === undefined ? '' : ` with profile ${schedule.profile}`;
  return `Scans ${group.name}${profile} ${describeWhen(schedule.when)}.`;
}

function runs(schedule: Schedule, now: number): Text[] {
  return nextRuns(schedule.when, now, RUNS_TOLD).map((run) =>
    rich(zoneTime(run, schedule.zone), ' (', at(run, 'relative'), ')'),
  );
}

function reportWords(report: ScheduledReport | undefined): string {
  return report === undefined ? '' : `, a report of ${spanOf(report)} as ${report.format}`;
}

const DAY_MS = 86_400_000;

/** `90 days`, as it is typed, where weeks would leave a rest. */
function spanOf({ periodMs }: ScheduledReport): string {
  return periodMs % DAY_MS === 0 ? counted(periodMs / DAY_MS, 'day') : describeDuration(periodMs);
}

/** One line of a list: `3: every day at 02:00 (UTC); next …`. */
export function scheduleLine(schedule: Schedule, now: number): Text {
  const [next] = nextRuns(schedule.when, now, 1);
  const profile = schedule.profile === undefined ? reportWords(schedule.report) : `, profile ${schedule.profile}`;
  const what = `schedule ${schedule.id}: ${describeWhen(schedule.when)}${profile}`;
  if (schedule.status === 'paused') return `${what}; paused`;
  return next === undefined ? what : rich(`${what}; next `, at(next));
}

export function scheduleListCard(
  rows: readonly { schedule: Schedule; group: Group }[],
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

function listed(schedule: Schedule, group: Group, now: number): Text {
  const line = scheduleLine(schedule, now);
  const paused = group.status === 'paused' ? ' (group paused)' : '';
  return [{ type: 'strong', text: `${group.name}${paused} ` }, ...inlines(line)];
}
