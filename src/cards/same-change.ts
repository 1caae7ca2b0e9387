import { grouped } from '../core/grouped.ts';
import type { Delta } from '../core/model/alert.ts';
import { lifeOf } from '../core/model/life.ts';
import { RISKS } from '../core/model/scales.ts';
import { sortAddresses } from '../core/network/addresses.ts';
import { serviceWords } from './change-phrases.ts';
import { changeWords } from './words.ts';

/** Deltas that report the same for several hosts: one kind, port and service, in one state of their life. */
export type SameChange = { first: Delta; deltas: readonly Delta[]; addresses: readonly string[] };

/** Worst first, then by address. */
export function sameChanges(deltas: readonly Delta[]): SameChange[] {
  const changes = [...grouped(deltas, keyOf).values()].flatMap((bucket): SameChange[] => {
    const [first] = bucket;
    return first === undefined ? [] : [{ first, deltas: bucket, addresses: addressesOf(bucket) }];
  });
  const places = new Map(
    sortAddresses(new Set(deltas.map(({ address }) => address))).map((text, index) => [text, index]),
  );
  const place = ({ addresses: [address = ''] }: SameChange) => places.get(address) ?? 0;
  return changes.sort(
    (a, b) =>
      rank(b) - rank(a) || place(a) - place(b) || (a.first.port ?? 0) - (b.first.port ?? 0) || a.first.id - b.first.id,
  );
}

/** Answered and resolved lines come after the open ones. */
function rank({ first }: SameChange): number {
  return (lifeOf(first) === 'open' ? RISKS.length : 0) + RISKS.indexOf(first.risk);
}

function keyOf(delta: Delta): string {
  const change = delta.kind === 'service-changed' ? changeWords(delta) : '';
  const alone = delta.members === undefined && delta.now === undefined ? '' : String(delta.id);
  return JSON.stringify([delta.kind, delta.protocol, delta.port, serviceWords(delta), change, lifeOf(delta), alone]);
}

/** Each address once, in order. */
function addressesOf(deltas: readonly Delta[]): string[] {
  return sortAddresses(new Set(deltas.map((delta) => delta.address)));
}
