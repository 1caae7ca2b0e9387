import { defined } from '../../core/defined.ts';
import { UserError } from '../../core/errors.ts';
import type { Group } from '../../core/model/group.ts';
import type { Expectation } from '../../core/model/hold.ts';
import type { PortSet } from '../../core/model/observation.ts';
import type { PrincipalKey } from '../../core/model/principal.ts';
import { describeSettings } from '../../core/model/profile.ts';
import { type ExpectedChange, formatExpectedChange, isWide } from '../../core/network/expected-change.ts';
import { groupRanges } from '../../core/network/group-ranges.ts';
import { intersectRanges } from '../../core/network/range-set.ts';
import { parseTargets, targetRanges } from '../../core/network/targets.ts';
import type { Store } from '../../ports/store.ts';
import { hasNames, isAsked, portsAsked, settingsOf } from '../scanning/asked.ts';

export type ExpectationRequest = {
  group: Group;
  changes: readonly ExpectedChange[];
  /** Default: `until` for a change that may happen in several places, otherwise `once`. */
  lasts?: Expectation['lasts'];
  until: number;
  reason?: string;
  ticket?: string;
  by: PrincipalKey;
  byName: string;
  now: number;
};

const MOST = 100;

/** Announces approved changes: all of them, or none if one is wrong. Throws UserError. */
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
  if (!hasNames(group) && intersectRanges(groupRanges(group), targetRanges(parseTargets(hosts))).length === 0) {
    throw new UserError(`${hosts} is not in group ${group.name}: no scan would see it.`, {
      word: hosts,
      hint: `\`group show ${group.name}\` lists its targets.`,
    });
  }
  if (typeof ports !== 'object' || isAsked(group, ports, asked)) return;
  const word = formatExpectedChange({ hosts, ports });
  throw new UserError(`Group ${group.name} does not ask ${word}: no scan would see it.`, {
    word,
    hint: `It asks ${describeSettings(settingsOf(group))}. \`group edit ${group.name} ports:…\` changes that.`,
  });
}
