import { defined } from '../../core/defined.ts';
import { UserError } from '../../core/errors.ts';
import type { Group } from '../../core/model/group.ts';
import type { Expectation } from '../../core/model/hold.ts';
import type { PortSet } from '../../core/model/observation.ts';
import type { PrincipalKey } from '../../core/model/principal.ts';
import { describeSettings, profileSettings } from '../../core/model/profile.ts';
import {
  type ExpectedChange,
  formatExpectedChange,
  isWide,
  type PortSpan,
} from '../../core/network/expected-change.ts';
import { groupRanges } from '../../core/network/group-ranges.ts';
import { intersectPorts } from '../../core/network/port-sets.ts';
import { parsePorts } from '../../core/network/ports.ts';
import { intersectRanges } from '../../core/network/range-set.ts';
import { parseTargets, targetRanges } from '../../core/network/targets.ts';
import type { Store } from '../../ports/store.ts';

export type ExpectationRequest = {
  group: Group;
  changes: readonly ExpectedChange[];
  /** Absent: what may come in more than one place until its end, what may not once. */
  lasts?: Expectation['lasts'];
  until: number;
  reason?: string;
  ticket?: string;
  by: PrincipalKey;
  byName: string;
  now: number;
};

const MOST = 100;

/** Announces approved changes: all of them or, when one is wrong, none. Throws UserError. */
export async function addExpectations(store: Store, request: ExpectationRequest): Promise<Expectation[]> {
  const { group, changes, until, now } = request;
  if (changes.length > MOST) {
    throw new UserError(`${changes.length} approved changes are too many at once.`, {
      hint: `At most ${MOST}; a range such as \`10.0.0.5:8000-8100\` is one.`,
    });
  }
  const asked = await portsAsked(store, group);
  for (const change of changes) refuseWhatCannotCome(group, change, asked);
  const added: Expectation[] = [];
  for (const what of changes) {
    added.push(
      await store.holds.addExpectation({
        ...{ groupId: group.id, what, lasts: request.lasts ?? (isWide(what) ? 'until' : 'once'), until },
        ...defined({ reason: request.reason, ticket: request.ticket }),
        ...{ createdBy: request.by, byName: request.byName, createdAt: now, status: 'waiting' },
      }),
    );
  }
  return added;
}

function refuseWhatCannotCome(group: Group, { hosts, ports }: ExpectedChange, asked: PortSet | undefined): void {
  const named = group.targets.some((target) => /[g-z]/.test(target));
  if (!named && intersectRanges(groupRanges(group), targetRanges(parseTargets(hosts))).length === 0) {
    throw new UserError(`${hosts} is not in group ${group.name}: no scan would see it.`, {
      word: hosts,
      hint: `\`group show ${group.name}\` tells its targets.`,
    });
  }
  if (typeof ports !== 'object' || isAsked(group, ports, asked)) return;
  const word = formatExpectedChange({ hosts, ports });
  throw new UserError(`Group ${group.name} does not ask ${word}: no scan would see it.`, {
    word,
    hint: `It asks ${describeSettings(settingsOf(group))}. \`group edit ${group.name} ports:…\` changes that.`,
  });
}

const settingsOf = (group: Group) =>
  profileSettings(group.profile, group.ports === undefined ? {} : { ports: group.ports });

/** Only nmap knows its most common ports: what the last scan asked tells, before there is one the protocol alone. */
function isAsked(group: Group, { protocol, first, last }: PortSpan, asked: PortSet | undefined): boolean {
  const settings = settingsOf(group);
  if (!(protocol === 'tcp' ? settings.tcp : protocol === 'udp' && settings.udp)) return false;
  const ports = settings.ports === undefined ? asked : parsePorts(settings.ports, settings.tcp ? 'tcp' : 'udp');
  if (ports === undefined) return true;
  return (intersectPorts(ports, { [protocol]: [[first, last]] })[protocol]?.length ?? 0) > 0;
}

/** By the last scan that was judged, if it was one as the group would make it now. */
async function portsAsked(store: Store, group: Group): Promise<PortSet | undefined> {
  const done = { groupId: group.id, statuses: ['done'], kind: 'scan' } as const;
  const [last] = (await store.scans.list(done, { limit: 1, offset: 0 })).items;
  if (last === undefined || last.settings.profile !== group.profile) return undefined;
  if (last.settings.topPorts !== settingsOf(group).topPorts) return undefined;
  const ports = (await store.scans.coverage(last.id))?.ports;
  return ports === undefined || Object.keys(ports).length === 0 ? undefined : ports;
}
