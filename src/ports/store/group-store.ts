import type { Group, GroupSpec } from '../../core/model/group.ts';
import type { ChannelRef, PrincipalKey } from '../../core/model/principal.ts';

export type GroupStore = {
  /** Throws UserError when the name is taken. */
  add(spec: GroupSpec, by: PrincipalKey, at: number): Promise<Group>;
  edit(id: number, spec: GroupSpec): Promise<Group>;
  setStatus(id: number, status: Group['status']): Promise<void>;
  /** Its scans, states, deltas, schedules and undelivered messages go with it; audit entries stay. */
  remove(id: number): Promise<void>;
  byId(id: number): Promise<Group | undefined>;
  byName(name: string): Promise<Group | undefined>;
  list(): Promise<Group[]>;
  /** Additional channels that its alerts go to. */
  routes(groupId: number): Promise<ChannelRef[]>;
  addRoute(groupId: number, channel: ChannelRef): Promise<void>;
  removeRoute(groupId: number, channel: ChannelRef): Promise<boolean>;
};
