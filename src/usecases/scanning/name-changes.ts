import type { JudgedDelta } from '../../core/model/delta.ts';
import type { KindWith } from '../../core/model/delta-kinds.ts';
import type { Group } from '../../core/model/group.ts';
import type { Scan } from '../../core/model/scan.ts';
import { counted } from '../../core/text.ts';
import type { Store } from '../../ports/store.ts';

type Names = Readonly<Record<string, readonly string[]>>;

/** Per name and address: the number of the last scan in which the name had it. */
type Known = Record<string, Record<string, number>>;

/** Keeps the addresses of a scan's host names until it is judged. */
export async function rememberNames(store: Store, scanId: number, names: Names): Promise<void> {
  if (Object.keys(names).length > 0) await store.settings.set(`names-of-scan:${scanId}`, JSON.stringify(names));
}

/** Addresses that a host name had in the group's recent scans, or has in one that is not judged yet. */
export async function knownAddresses(store: Store, groupId: number, name: string): Promise<string[]> {
  const known: Known = JSON.parse((await store.settings.get(`names-of-group:${groupId}`)) ?? '{}');
  const recent = Object.hasOwn(known, name) ? Object.keys(known[name] ?? {}) : [];
  const open = await store.scans.list(
    { groupId, statuses: ['queued', 'running', 'judging'] },
    { limit: 50, offset: 0 },
  );
  const waiting: string[] = [];
  for (const { id } of open.items) {
    const names: Names = JSON.parse((await store.settings.get(`names-of-scan:${id}`)) ?? '{}');
    if (Object.hasOwn(names, name)) waiting.push(...(names[name] ?? []));
  }
  return [...recent, ...waiting];
}

/**
 * `target-added` and `target-removed`: a host name that changed its addresses. An address is new only once, and gone
 * only after `downAfter` scans in a row without it, so that round-robin DNS raises no alerts. `settings` must be stored
 * together with the deltas.
 */
export async function nameChanges(
  store: Store,
  scan: Scan,
  group: Group,
): Promise<{ deltas: JudgedDelta[]; settings: { key: string; value?: string }[] }> {
  const found = await store.settings.get(`names-of-scan:${scan.id}`);
  if (found === undefined) return { deltas: [], settings: [] };
  const names: Names = JSON.parse(found);
  const known: Known = JSON.parse((await store.settings.get(`names-of-group:${group.id}`)) ?? '{}');
  const deltas: JudgedDelta[] = [];
  for (const [name, addresses] of Object.entries(names)) {
    // A host may be called `constructor`.
    const before = Object.hasOwn(known, name) ? known[name] : undefined;
    if (before !== undefined) deltas.push(...changesOf(name, addresses, before, scan.number, group.policy.downAfter));
    known[name] = merged(before ?? {}, addresses, scan.number, group.policy.downAfter);
  }
  return {
    deltas,
    settings: [
      { key: `names-of-group:${group.id}`, value: JSON.stringify(known) },
      { key: `names-of-scan:${scan.id}` },
    ],
  };
}

function changesOf(
  name: string,
  addresses: readonly string[],
  before: Readonly<Record<string, number>>,
  number: number,
  downAfter: number,
): JudgedDelta[] {
  const added = addresses.filter((address) => before[address] === undefined);
  const removed = Object.entries(before).filter(
    ([address, last]) => !addresses.includes(address) && number - last >= downAfter,
  );
  return [
    ...added.map((address) => nameDelta('target-added', address, `${name} now resolves to ${address}`)),
    ...removed.map(([address]) =>
      nameDelta('target-removed', address, `${name} has not resolved to ${address} for ${counted(downAfter, 'scan')}`),
    ),
  ];
}

function merged(
  before: Readonly<Record<string, number>>,
  addresses: readonly string[],
  number: number,
  downAfter: number,
): Record<string, number> {
  const kept = Object.entries(before).filter(([, last]) => number - last < downAfter);
  return Object.fromEntries([...kept, ...addresses.map((address): [string, number] => [address, number])]);
}

function nameDelta(kind: KindWith<{ family: 'target' }>, address: string, evidence: string): JudgedDelta {
  const added = kind === 'target-added';
  return {
    kind,
    address,
    state: 'confirmed',
    before: { present: !added },
    after: { present: added },
    grade: 'green',
    probability: 0,
    evidence: [evidence],
  };
}
