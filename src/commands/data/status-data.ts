import type { StatusInput } from '../../cards/status.ts';
import { nextRuns } from '../../core/time/runs.ts';
import type { CommandData } from './command-data.ts';
import { moment } from './fields.ts';
import { scanData } from './scan-data.ts';

/** The current state. */
export function statusData({ groups, scans, sites, schedules, openDeltas, pending, now }: StatusInput): CommandData {
  const nameOf = (id: number) => groups.find((group) => group.id === id)?.name ?? `group ${id}`;
  return {
    type: 'status',
    scans: scans.map((scan) => scanData(scan, nameOf(scan.groupId))),
    sites: sites.map(({ site, workers, waiting, active, delayed, refused = false }) => ({
      ...{ site, workers, waiting, active, delayed },
      refused,
    })),
    openDeltas: [...openDeltas].map(([id, open]) => ({ group: nameOf(id), open })),
    notSent: pending.map(({ channel, count, since, reason }) => ({
      ...{ channel, messages: count, since: moment(since), reason },
    })),
    nextRuns: schedules
      .filter(({ status }) => status === 'active')
      .flatMap(({ groupId, when }) => {
        const group = groupId === undefined ? {} : { group: nameOf(groupId) };
        return nextRuns(when, now, 1).map((at) => ({ ...group, at: moment(at) }));
      }),
  };
}
