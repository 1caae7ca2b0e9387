import type { Group, GroupSpec } from '../../core/model/group.ts';
import type { ChannelRef, PrincipalKey } from '../../core/model/principal.ts';
import type { Route } from '../../core/model/route.ts';

export type GroupStore = {
  /** Throws UserError when the name is taken. */
  add(spec: GroupSpec, by: PrincipalKey, at: number): Promise<Group>;
  edit(id: number, spec: GroupSpec): Promise<Group>;
  setStatus(id: number, status: Group['status']): Promise<void>;
  /** Deletes its scans, states, deltas, schedules and undelivered messages too; audit entries stay. */
  remove(id: number): Promise<void>;
  byId(id: number): Promise<Group | undefined>;
  byName(name: string): Promise<Group | undefined>;
  list(): Promise<Group[]>;
  /** Additional places for its alerts. */
  routes(groupId: number): Promise<Route[]>;
  /** Adds the route, or replaces its filter. */
  setRoute(groupId: number, route: Route): Promise<void>;
  removeRoute(groupId: number, channel: ChannelRef): Promise<boolean>;
};
