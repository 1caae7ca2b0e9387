import type { Principal } from '../../../src/core/model/principal.ts';
import type { Identity } from '../check.ts';
import type { Directory } from './directory.ts';

export type From = {
  userId: string;
  /** From the payload; absent in events. */
  name?: string | undefined;
  /** The workspace through which the request came. */
  teamId?: string | undefined;
  /** The person's own workspace, if Slack sends it: in a shared channel it may be another one. */
  homeTeamId?: string | undefined;
};

/** The caller; undefined for people of workspaces that are not served. */
export async function callerOf(from: From, identity: Identity, directory: Directory): Promise<Principal | undefined> {
  if (from.teamId === undefined || !served(from.teamId, identity)) return undefined;
  // Only sent where it may differ from the one through which the request came.
  if (from.homeTeamId !== undefined && !served(from.homeTeamId, identity)) return undefined;
  if (from.name !== undefined) directory.seen(from.userId, from.name);
  const [memberships, name] = await Promise.all([
    directory.groupsOf(from.userId),
    from.name ?? directory.nameOf(from.userId),
  ]);
  return { key: `slack:${from.userId}`, platform: 'slack', name, memberships };
}

function served(teamId: string, { teamId: own, enterpriseId }: Identity): boolean {
  return teamId === own || teamId === enterpriseId;
}
