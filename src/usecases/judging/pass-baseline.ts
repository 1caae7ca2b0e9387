import type { Group } from '../../core/model/group.ts';
import type { Pass } from '../../core/model/judgement.ts';
import { type ChunkRequest, isCancelled, type Scan, type ScanSettings } from '../../core/model/scan.ts';
import { countAddresses, fromAddressRanges } from '../../core/network/address-ranges.ts';
import { countPorts } from '../../core/network/port-sets.ts';
import { portExpression } from '../../core/network/ports.ts';
import { handOver } from '../scanning/hand-over.ts';
import { chunksOf } from '../scanning/shards.ts';
import { type ConfirmDeps, delayOf, repeatsOf } from './confirm-doubts.ts';
import type { FollowUp } from './follow-up.ts';

/**
 * After the first scan of new pairs, repeats of what stayed silent follow at once: spaced like confirmations, until one
 * finds nothing new, at most as many scans in total as the group's `learn` says. The scan's message says when the
 * baseline is complete.
 */
export async function passBaseline(
  deps: ConfirmDeps,
  scan: Scan,
  group: Group,
  { passes, unseen }: Pick<FollowUp, 'passes' | 'unseen'>,
): Promise<void> {
  if (scan.kind === 'confirmation' && scan.origin.type !== 'baseline') return;
  const owner = scan.parentId ?? scan.id;
  const made = await repeatsOf(deps.store, group.id, owner, 'baseline');
  const most = group.policy.learn - 1;
  const more = passes.length > 0 && made < most && group.status === 'active' && !isCancelled(scan);
  if (more) await planPass(deps, scan, group, owner, made, passes);
  if (more && made === 0) await deps.store.scans.addNote(owner, beforehand(passes, most));
  if (!more && made > 0) await deps.store.scans.addNote(owner, standing(made + 1, unseen ?? 0));
  if (made > 0) await deps.store.messages.touch([{ type: 'scan', scan: owner }]);
}

async function planPass(
  deps: ConfirmDeps,
  scan: Scan,
  group: Group,
  owner: number,
  made: number,
  passes: readonly Pass[],
): Promise<void> {
  const { scanDelayMs: _scanDelayMs, versionEveryMs: _versionEveryMs, ...settings } = scan.settings;
  const chunks = passes.flatMap((pass) => chunksOfPass(pass, settings));
  const delayMs = delayOf(deps, made);
  const { scan: planned } = await deps.store.scans.add({
    groupId: group.id,
    kind: 'confirmation',
    parentId: owner,
    origin: { type: 'baseline' },
    settings,
    site: scan.site,
    chunks,
    hostsTotal: Number(passes.reduce((sum, pass) => sum + addressesOf(pass), 0n)),
    queuedAt: deps.clock.now() + delayMs,
    notes: [],
  });
  await handOver(deps, planned, delayMs);
}

function chunksOfPass(pass: Pass, settings: ScanSettings): ChunkRequest[] {
  const { topPorts: _, ...rest } = settings;
  return chunksOf(fromAddressRanges(pass.addresses), {
    ...rest,
    ports: portExpression(pass.ports),
    tcp: pass.ports.tcp !== undefined,
    udp: pass.ports.udp !== undefined,
    versionDetection: false,
    skipDiscovery: pass.up,
  });
}

const addressesOf = ({ addresses }: Pass): bigint => countAddresses(fromAddressRanges(addresses));

function beforehand(passes: readonly Pass[], most: number): string {
  const ports = passes.filter(({ up }) => up).reduce((sum, pass) => sum + addressesOf(pass) * portsOf(pass), 0n);
  const silent = passes.filter(({ up }) => !up).reduce((sum, pass) => sum + addressesOf(pass), 0n);
  const parts = [counted(silent, 'silent address', 'silent addresses'), counted(ports, 'silent port', 'silent ports')];
  const times = most === 1 ? 'once more' : `up to ${most} more times`;
  const what = parts.flatMap((part) => part ?? []).join(' and ');
  return `The baseline is not complete yet: ${what} are scanned ${times} in the next minutes.`;
}

const portsOf = ({ ports }: Pass): bigint => BigInt(countPorts(ports));

function counted(count: bigint, one: string, many: string): string | undefined {
  return count === 0n ? undefined : `${count.toLocaleString('en-US')} ${count === 1n ? one : many}`;
}

/** How good the baseline is: how much may still be unseen. */
function standing(looks: number, unseen: number): string {
  const rest = Math.round(unseen);
  const worth =
    rest === 0
      ? 'hardly any service can still be unseen'
      : `about ${rest === 1 ? 'one service' : `${rest} services`} may still be unseen`;
  return `The baseline stands after ${looks} looks: ${worth}. From the next scan on everything new is reported.`;
}
