import type { ChannelRef } from '../../core/model/principal.ts';
import type { Schedule, ScheduledReport } from '../../core/model/schedule.ts';

export type ScheduleStore = {
  add(schedule: Omit<Schedule, 'id'>): Promise<Schedule>;
  edit(
    id: number,
    change: Partial<Pick<Schedule, 'phrase' | 'when' | 'zone' | 'profile' | 'status' | 'lastDueAt' | 'activeSince'>>,
  ): Promise<Schedule>;
  /**
   * In one transaction: its report goes to these channels and, as an event, to the sinks, and that due time is noted. False
   * when somebody did it already.
   */
  sendReport(
    schedule: Schedule,
    run: { dueAt: number; at: number; report: ScheduledReport; channels: readonly ChannelRef[] },
  ): Promise<boolean>;
  remove(id: number): Promise<void>;
  byId(id: number): Promise<Schedule | undefined>;
  list(groupId?: number): Promise<Schedule[]>;
};
