import { defined } from '../core/defined.ts';
import { GROUP_OPTIONS } from '../core/group-options/group-options.ts';
import type { Group } from '../core/model/group.ts';
import type { ChannelRef } from '../core/model/principal.ts';
import { describeSettings, profileSettings } from '../core/model/profile.ts';
import { type Baseline, OWNER } from '../core/model/record.ts';
import type { Scan } from '../core/model/scan.ts';
import { scanTimeWords } from '../core/model/scan-time.ts';
import type { Schedule } from '../core/model/schedule.ts';
import { HOST_CODES, type HostCode, hostCodeNumber } from '../core/model/state.ts';
import { thousands } from '../core/network/targets.ts';
import type { Text } from './card.ts';
import { baselineWords, ownerInline } from './record-words.ts';
import { at, rich } from './words.ts';

export type GroupFacts = {
  /** Addresses in its targets, minus exclusions. */
  addresses: bigint;
  routes: readonly ChannelRef[];
  /** Names of the groups it overlaps, and by how many addresses. */
  overlaps: readonly { name: string; addresses: bigint }[];
};

export type GroupState = {
  codes: Partial<Record<HostCode, number>>;
  openDeltas: number;
  schedules: readonly Schedule[];
  lastScan: Scan | undefined;
  /** The one that was signed last. */
  baseline?: Baseline | undefined;
  now: number;
};

export function settings(group: Group, facts: GroupFacts): { label: string; value: Text }[] {
  const scan = profileSettings(group.profile, {
    ...defined({ ports: group.ports, maxRate: group.maxRate, versionEveryMs: group.versionEveryMs }),
  });
  const time = scanTimeWords(facts.addresses, scan);
  return [
    {
      label: 'Targets',
      value: `${shortList(group.targets)} (${facts.addresses === 1n ? '1 address' : `${thousands(facts.addresses)} addresses`})`,
    },
    ...(group.exclude.length === 0 ? [] : [{ label: 'Excluded', value: shortList(group.exclude) }]),
    { label: 'Scan', value: describeSettings(scan) },
    ...(time === undefined ? [] : [{ label: 'Takes', value: time }]),
    { label: 'Site', value: group.site },
    ...(group.owner === undefined ? [] : [{ label: 'Owner', value: rich(ownerInline(group.owner)) }]),
    ...(group.tags === undefined || group.tags.length === 0 ? [] : [{ label: 'Tags', value: group.tags.join(', ') }]),
    {
      label: 'Deltas go to',
      value: channels([...(group.channel === undefined ? [] : [group.channel]), ...facts.routes]),
    },
    ...(group.notify === undefined
      ? []
      : [
          {
            label: 'Pinged',
            value: rich(
              group.notify.who === OWNER ? 'the owner of the host' : ownerInline(group.notify.who),
              ` from risk ${group.notify.from} on`,
              group.notify.tag === undefined ? '' : `, for hosts tagged ${group.notify.tag}`,
            ),
          },
        ]),
  ];
}

/** How it is judged, and what is kept: every option with a line to show. */
export function policy(group: Group): { label: string; value: Text }[] {
  return GROUP_OPTIONS.flatMap((option) => option.show(group) ?? []);
}

export function stateFields(facts: GroupFacts, state: GroupState): { label: string; value: Text }[] {
  const seen = Object.values(state.codes).reduce((sum, count) => sum + count, 0);
  const codes = HOST_CODES.filter((host) => host !== 'unseen' && (state.codes[host] ?? 0) > 0).map(
    (host) => `${state.codes[host]} ${host} (${hostCodeNumber(host)})`,
  );
  const unseen = facts.addresses > BigInt(seen) ? facts.addresses - BigInt(seen) : 0n;
  const { lastScan } = state;
  return [
    { label: 'Hosts', value: [...codes, `${thousands(unseen)} unseen (0)`].join(', ') },
    { label: 'Open deltas', value: String(state.openDeltas) },
    ...(state.baseline === undefined ? [] : [{ label: 'Baseline', value: baselineWords(state.baseline) }]),
    {
      label: 'Last scan',
      value:
        lastScan === undefined
          ? 'none yet'
          : rich(
              `#${lastScan.id} ${lastScan.status}, `,
              at(lastScan.finishedAt ?? lastScan.startedAt ?? lastScan.queuedAt),
            ),
    },
  ];
}

function channels(refs: readonly ChannelRef[]): Text {
  if (refs.length === 0) return 'nowhere yet: set channel:';
  return refs.flatMap((ref, index) => [
    ...(index === 0 ? [] : [{ type: 'text' as const, text: ', ' }]),
    { type: 'channel' as const, ref },
  ]);
}

export function shortList(items: readonly string[]): string {
  return items.length <= 10 ? items.join(', ') : `${items.slice(0, 10).join(', ')} and ${items.length - 10} more`;
}
