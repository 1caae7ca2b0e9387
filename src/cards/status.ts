import type { Group } from '../core/model/group.ts';
import type { Scan } from '../core/model/scan.ts';
import type { Schedule } from '../core/model/schedule.ts';
import { nextRuns } from '../core/time/runs.ts';
import type { Card, Section, Text } from './card.ts';
import { type PendingLine, pendingLine } from './delivery.ts';
import { doneWords, progressPercent } from './scan.ts';
import { at, code, counted, rich } from './words.ts';

export type SiteStatus = {
  site: string;
  workers: number;
  waiting: number;
  active: number;
  delayed: number;
  /** A worker with another key than the bot's is connected. */
  refused?: true;
};

export type StatusInput = {
  groups: readonly Group[];
  /** Scans that are queued, running or being judged. */
  scans: readonly Scan[];
  sites: readonly SiteStatus[];
  schedules: readonly Schedule[];
  /** By group id. */
  openDeltas: ReadonlyMap<number, number>;
  /** What keeps NetDelta from its work, a sentence or two each, with what to do. */
  troubles?: readonly string[];
  /** Mutes and windows in force. */
  holds: readonly Text[];
  /** Messages that wait to be sent. */
  pending: readonly PendingLine[];
  now: number;
};

const RUNS_SHOWN = 5;

/** The current state: running scans, queue, workers, next runs, open deltas. */
export function statusCard(input: StatusInput): Card {
  const open = [...input.openDeltas.values()].reduce((sum, count) => sum + count, 0);
  return {
    title: 'NetDelta',
    tone: toneOf(input),
    summary: `${counted(input.scans.length, 'scan')} under way, ${counted(open, 'open delta')}`,
    sections: statusSections(input),
    controls: [],
  };
}

function toneOf(input: StatusInput): Card['tone'] {
  if ((input.troubles ?? []).length > 0) return 'error';
  return idleSites(input).length + input.pending.length > 0 ? 'medium' : 'info';
}

/** `openDeltas: 'elsewhere'` where they are listed beside it, so that the count appears once. */
export function statusSections(input: StatusInput, options: { openDeltas?: 'elsewhere' } = {}): Section[] {
  return [
    ...(input.troubles ?? []).map((text): Section => ({ type: 'text', text })),
    ...refusedWorkers(input),
    ...scansUnderWay(input),
    {
      type: 'fields',
      fields: [
        { label: 'Workers', value: sites(input) },
        ...(options.openDeltas === undefined ? [{ label: 'Open deltas', value: openDeltas(input) }] : []),
        ...input.holds.map((line) => ({ label: 'Held back by', value: line })),
        ...input.pending.map((line) => ({ label: 'Not sent yet', value: pendingLine(line) })),
      ],
    },
    ...upcoming(input),
  ];
}

function scansUnderWay({ scans, groups }: StatusInput): Section[] {
  if (scans.length === 0) return [{ type: 'text', text: 'No scan is under way.' }];
  return scans.slice(0, 10).map((scan): Section => {
    const name = groups.find((group) => group.id === scan.groupId)?.name ?? `group ${scan.groupId}`;
    const what = scan.kind === 'confirmation' ? 'confirmation' : 'scan';
    if (scan.status !== 'running') return { type: 'text', text: `${name}: ${what} #${scan.id} ${scan.status}` };
    const label = [`${name}: ${what} #${scan.id}`, ...doneWords(scan)].join(' · ');
    return { type: 'progress', percent: progressPercent(scan), label };
  });
}

/** Sites that groups need and that have no worker. */
function idleSites({ groups, sites: known }: StatusInput): string[] {
  const needed = new Set(
    groups.filter((group) => group.status === 'active').flatMap(({ site, confirmSite = site }) => [site, confirmSite]),
  );
  return [...needed].filter((site) => !known.some((one) => one.site === site && one.workers > 0));
}

/** Explains why a running worker does nothing: people look everywhere but at its key. */
function refusedWorkers({ sites: known }: StatusInput): Section[] {
  return known.flatMap(({ site, refused }): Section[] => {
    if (refused !== true) return [];
    const mend = `On the bot’s machine run netdelta worker-key ${site}, and set NETDELTA_SITE_KEY of the worker to what it prints.`;
    return [{ type: 'text', text: `A worker of site ${site} is refused: it has another key than the bot. ${mend}` }];
  });
}

function sites(input: StatusInput): string {
  const known = input.sites.map(
    ({ site, workers, active, waiting, delayed }) =>
      `${site}: ${counted(workers, 'worker')}, ${active} active, ${waiting} waiting${delayed > 0 ? `, ${delayed} delayed` : ''}`,
  );
  const idle = idleSites(input).map((site) => `${site}: no worker! Start one: netdelta worker --site ${site}`);
  const all = [...known.filter((line) => !idle.some((other) => other.split(':')[0] === line.split(':')[0])), ...idle];
  return all.length === 0 ? 'none needed yet' : all.join('; ');
}

function openDeltas({ groups, openDeltas: counts }: StatusInput): string {
  const parts = groups.flatMap((group) => {
    const count = counts.get(group.id) ?? 0;
    return count === 0 ? [] : [`${group.name} ${count}`];
  });
  return parts.length === 0 ? 'none' : parts.join(', ');
}

/** The next runs over all active schedules. */
function upcoming({ schedules, groups, now }: StatusInput): Section[] {
  const runs = schedules
    .filter((schedule) => schedule.status === 'active')
    .flatMap((schedule) => {
      const { groupId, report } = schedule;
      const group = groups.find((candidate) => candidate.id === groupId && candidate.status === 'active');
      const [next] = nextRuns(schedule.when, now, 1);
      if (next === undefined || (groupId !== undefined && group === undefined)) return [];
      return [{ name: `${group?.name ?? 'all groups'}${report === undefined ? '' : ' (report)'}`, next }];
    })
    .sort((a, b) => a.next - b.next);
  if (runs.length === 0)
    return [{ type: 'text', text: rich('Nothing is scheduled: ', code('schedule add GROUP daily 02:00')) }];
  const items = runs
    .slice(0, RUNS_SHOWN)
    .map(({ name, next }): Text => rich(`${name} `, at(next), ' (', at(next, 'relative'), ')'));
  return [
    { type: 'text', text: 'Next runs:' },
    { type: 'list', items, total: runs.length },
  ];
}
