import { defined } from '../../core/defined.ts';
import type { Delta } from '../../core/model/alert.ts';
import { deltaKey } from '../../core/model/delta.ts';
import { DELTA_KINDS, KINDS } from '../../core/model/delta-kinds.ts';
import type { Protocol } from '../../core/model/observation.ts';
import type { Approval, Baseline } from '../../core/model/record.ts';
import type { Store } from '../../ports/store.ts';
import { allDeltas } from '../answers/all-deltas.ts';

/** A host that is up, or a service that is open, and since when. */
export type Standing = { groupId: number; address: string; protocol?: Protocol; port?: number; since: number };

/** Kinds that create something or change it: the answer to them approves it. */
const MAKING = DELTA_KINDS.filter((kind) => ['host-appeared', 'service-added'].includes(kind) || isChange(kind));

function isChange(kind: (typeof DELTA_KINDS)[number]): boolean {
  return KINDS[kind].effect === 'changed' && KINDS[kind].subject === 'service';
}

/** Who approved each of them last, in order: by answering the delta that created it, or by signing a baseline since. */
export async function approvalsOf(store: Store, standing: readonly Standing[]): Promise<(Approval | undefined)[]> {
  const found = new Map<Standing, Approval>();
  for (const groupId of new Set(standing.map((one) => one.groupId))) {
    const own = standing.filter((one) => one.groupId === groupId);
    const latest = await latestOf(store, groupId, own.flatMap(keysOf));
    const items = await itemsOf(store, [...latest.values()]);
    const baseline = (await store.records.baselines(groupId)).at(-1);
    for (const one of own) {
      const last = keysOf(one).flatMap((key) => latest.get(key) ?? []);
      const approval = approvalOf(one, last, items, baseline);
      if (approval !== undefined) found.set(one, approval);
    }
  }
  return standing.map((one) => found.get(one));
}

/** From this many keys, all deltas of the group are read at once. */
const MANY = 5_000;

async function latestOf(store: Store, groupId: number, keys: readonly string[]): Promise<ReadonlyMap<string, Delta>> {
  if (keys.length < MANY) return await store.deltas.latestByKey(groupId, keys);
  const all = await allDeltas(store, { groupId, states: ['confirmed', 'suppressed'], parts: 'with' });
  return new Map([...all].sort((a, b) => a.id - b.id).map((delta) => [deltaKey(delta), delta]));
}

function keysOf({ address, protocol = 'tcp', port }: Standing): string[] {
  const subject = port === undefined ? 'host' : 'service';
  const where = port === undefined ? { address } : { address, protocol, port };
  return MAKING.filter((kind) => KINDS[kind].subject === subject).map((kind) => deltaKey({ kind, ...where }));
}

/** A later turn of an item is answered with the item. */
async function itemsOf(store: Store, deltas: readonly Delta[]): Promise<Map<number, Delta>> {
  const ids = [...new Set(deltas.flatMap(({ partOf }) => partOf ?? []))];
  if (ids.length === 0) return new Map();
  const { items } = await store.deltas.list({ ids }, { limit: ids.length, offset: 0 });
  return new Map(items.map((item) => [item.id, item]));
}

function approvalOf(
  { since }: Standing,
  deltas: readonly Delta[],
  items: ReadonlyMap<number, Delta>,
  baseline: Baseline | undefined,
): Approval | undefined {
  const [last] = deltas.filter(({ state }) => state !== 'candidate').sort((a, b) => b.at - a.at || b.id - a.id);
  const changed = Math.max(since, last?.at ?? 0);
  const signed: Approval | undefined =
    baseline !== undefined && baseline.at >= changed
      ? { how: 'baseline', ...whose(baseline), ...defined({ note: baseline.note }) }
      : undefined;
  const item = last?.partOf === undefined ? last : (items.get(last.partOf) ?? last);
  const answered = item === undefined ? undefined : answerOf(item);
  return signed !== undefined && signed.at > (answered?.at ?? 0) ? signed : answered;
}

const whose = ({ by, byName, at }: Pick<Baseline, 'by' | 'byName' | 'at'>) => ({ by, byName, at });

function answerOf({ acknowledgement: answer }: Delta): Approval | undefined {
  if (answer.type === 'open' || answer.type === 'false-alarm') return undefined;
  return { how: answer.type, ...whose(answer), ...defined({ note: answer.note }) };
}
