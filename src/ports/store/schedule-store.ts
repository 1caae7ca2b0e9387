import type { Schedule } from '../../core/model/schedule.ts';

export type ScheduleStore = {
  add(schedule: Omit<Schedule, 'id'>): Promise<Schedule>;
  edit(
    id: number,
    change: Partial<Pick<Schedule, 'phrase' | 'when' | 'zone' | 'profile' | 'status' | 'lastDueAt' | 'activeSince'>>,
  ): Promise<Schedule>;
  remove(id: number): Promise<void>;
  byId(id: number): Promise<Schedule | undefined>;
  list(groupId?: number): Promise<Schedule[]>;
};
