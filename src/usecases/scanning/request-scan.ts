import { defined } from '../../core/defined.ts';
import { UserError } from '../../core/errors.ts';
import type { Group } from '../../core/model/group.ts';
import type { ChannelRef } from '../../core/model/principal.ts';
import { profileSettings } from '../../core/model/profile.ts';
import type { Scan, ScanOrigin, ScanSettings } from '../../core/model/scan.ts';
import { withinLimits } from '../../core/model/site-limits.ts';
import { countAddresses } from '../../core/network/address-ranges.ts';
import { type HandOverDeps, handOver } from './hand-over.ts';
import { rememberNames } from './name-changes.ts';
import { resolveTargets } from './resolve-targets.ts';
import { chunksOf } from './shards.ts';

export type RequestScanDeps = HandOverDeps & { wake(): void };

export type ScanRequest = {
  group: Group;
  origin: ScanOrigin;
  profile?: string;
  ports?: string;
};

/**
 * Stores a queued scan and puts its chunks in the queue. If the group already has a queued scan, that one is returned
 * (`added: false`); while one is running, the new one waits for it to end. Throws UserError.
 */
export async function requestScan(
  deps: RequestScanDeps,
  request: ScanRequest,
): Promise<{ scan: Scan; added: boolean }> {
  const { group } = request;
  if (group.status === 'paused') {
    throw new UserError(`Group ${group.name} is paused.`, { hint: `/netdelta group resume ${group.name}` });
  }
  const settings = withinLimits(settingsOf(group, request), group.site, deps.siteLimits);
  const resolved = await resolveTargets(deps, group.targets, group.exclude);
  const { scan, added } = await deps.store.scans.add({
    groupId: group.id,
    kind: 'scan',
    origin: request.origin,
    settings,
    site: group.site,
    chunks: chunksOf(resolved.ranges, settings, await deps.store.states.upAddresses(group.id)),
    hostsTotal: Number(countAddresses(resolved.ranges)),
    queuedAt: deps.clock.now(),
    notes: resolved.unresolved.map((name) => `${name} does not resolve: not covered`),
  });
  if (added) await rememberNames(deps.store, scan.id, resolved.names);
  await showProgress(deps, scan, request.origin);
  if (added) await startSoon(deps, scan);
  deps.wake();
  return { scan, added };
}

function settingsOf(group: Group, request: ScanRequest): ScanSettings {
  const { maxRate } = group;
  // Somebody who names a profile wants all that it reads.
  const isFull = request.origin.type === 'command' && request.profile !== undefined;
  const versionEveryMs = isFull && group.versionEveryMs !== undefined ? 0 : group.versionEveryMs;
  const ports = request.ports ?? (request.profile === undefined ? group.ports : undefined);
  return profileSettings(request.profile ?? group.profile, { ...defined({ ports, maxRate, versionEveryMs }) });
}

async function showProgress(deps: RequestScanDeps, scan: Scan, origin: ScanOrigin): Promise<void> {
  const channel: ChannelRef | undefined = origin.type === 'command' ? origin.channel : undefined;
  if (channel === undefined) return;
  await deps.store.messages.want({ subject: { type: 'scan', scan: scan.id }, channel, at: deps.clock.now() });
}

/** The scan is stored, so a queue that is away only delays it. */
async function startSoon(deps: RequestScanDeps, scan: Scan): Promise<void> {
  try {
    await startNext(deps, scan.groupId);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    await deps.store.scans.addNote(scan.id, `it had to wait: ${error.message}`);
  }
}

/**
 * Hands the group's oldest queued scan to the workers, unless one is under way or the group is paused. Safe to call at
 * any time.
 */
export async function startNext(deps: HandOverDeps, groupId: number): Promise<void> {
  const page = { limit: 10, offset: 0 };
  const group = await deps.store.groups.byId(groupId);
  if (group?.status !== 'active') return;
  const active = await deps.store.scans.list({ groupId, statuses: ['running', 'judging'], kind: 'scan' }, page);
  if (active.items.length > 0) return;
  const queued = await deps.store.scans.list({ groupId, statuses: ['queued'], kind: 'scan' }, page);
  const next = queued.items.at(-1);
  if (next !== undefined) await handOver(deps, next);
}
