import { UserError } from '../../core/errors.ts';
import type { Group } from '../../core/model/group.ts';
import type { Expectation } from '../../core/model/hold.ts';
import type { PrincipalKey } from '../../core/model/principal.ts';
import type { Endpoint } from '../../core/network/endpoint.ts';
import { groupRanges } from '../../core/network/group-ranges.ts';
import { rangesContain } from '../../core/network/ranges.ts';
import type { Store } from '../../ports/store.ts';

export type ExpectationRequest = {
  group: Group;
  endpoints: readonly Endpoint[];
  until: number;
  reason?: string;
  ticket?: string;
  by: PrincipalKey;
  byName: string;
  now: number;
};

/** Announces approved changes: all of them or, when one is wrong, none. Throws UserError. */
export async function addExpectations(store: Store, request: ExpectationRequest): Promise<Expectation[]> {
  const { group, endpoints, until, now } = request;
  const ranges = groupRanges(group);
  const named = group.targets.some((target) => /[g-z]/.test(target));
  const outside = endpoints.find((endpoint) => !named && !rangesContain(ranges, endpoint.address));
  if (outside !== undefined) {
    throw new UserError(`${outside.address} is not in group ${group.name}: no scan would see it.`, {
      word: outside.address,
      hint: `\`group show ${group.name}\` tells its targets.`,
    });
  }
  const added: Expectation[] = [];
  for (const endpoint of endpoints) {
    added.push(
      await store.holds.addExpectation({
        groupId: group.id,
        ...endpoint,
        until,
        ...(request.reason === undefined ? {} : { reason: request.reason }),
        ...(request.ticket === undefined ? {} : { ticket: request.ticket }),
        createdBy: request.by,
        byName: request.byName,
        createdAt: now,
        status: 'waiting',
      }),
    );
  }
  return added;
}
