import type { Principal } from '../../../src/core/model/principal.ts';
import type { Identity } from '../check.ts';
import type { Directory } from './directory.ts';

export type From = {
  userId: string;
  /** As the payload has it; absent in events. */
  name?: string | undefined;
  /** Workspace that the request came through. */
  teamId?: string | undefined;
  /** The person's own workspace, where it is told: in a shared channel it may be another. */
  homeTeamId?: string | undefined;
};

/** Who is calling; undefined for people of workspaces that are not served. */
export async function callerOf(from: From, identity: Identity, directory: Directory): Promise<Principal | undefined> {
  if (from.teamId === undefined || !served(from.teamId, identity)) return undefined;
  // Told only where it may be another than the one that the request came through.
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
