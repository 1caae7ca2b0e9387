import type { ChannelRef } from '../../core/model/principal.ts';
import type { Schedule, ScheduledReport } from '../../core/model/schedule.ts';

export type ScheduleStore = {
  add(schedule: Omit<Schedule, 'id'>): Promise<Schedule>;
  edit(
    id: number,
    change: Partial<
      Pick<Schedule, 'phrase' | 'when' | 'zone' | 'profile' | 'report' | 'status' | 'lastDueAt' | 'activeSince'>
    >,
  ): Promise<Schedule>;
  /**
   * In one transaction: queues the report for these places and, unless it has a place of its own, as an event for the
   * sinks of its group, and records that due time. False when another bot did so already.
   */
  sendReport(
    schedule: Schedule,
    run: { dueAt: number; at: number; report: ScheduledReport; channels: readonly ChannelRef[] },
  ): Promise<boolean>;
  remove(id: number): Promise<void>;
  byId(id: number): Promise<Schedule | undefined>;
  list(groupId?: number): Promise<Schedule[]>;
};
