import { defined } from '../../core/defined.ts';
import type { Delta } from '../../core/model/alert.ts';
import { asDeltaKind, DELTA_KINDS } from '../../core/model/delta-kinds.ts';
import type { Group } from '../../core/model/group.ts';
import type { OptionDefinition } from '../../core/model/option.ts';
import { RISKS } from '../../core/model/scales.ts';
import { rangesContain } from '../../core/network/address-ranges.ts';
import { parseTargets, targetRanges } from '../../core/network/targets.ts';
import type { DeltaFilter, Store } from '../../ports/store.ts';
import { allDeltas } from '../../usecases/answers/all-deltas.ts';
import { readOwnership } from '../../usecases/records/ownership.ts';
import type { CommandOptions } from '../grammar/command-description.ts';
import { listOf, numberOf, textOf } from '../input/options.ts';
import { sinceOf } from '../input/times.ts';
import { OWNERSHIP_FILTERS, ownershipFilter } from './ownership-filter.ts';

const optional = { positional: false, required: false } as const;

/** The filters by which deltas are chosen, the same wherever they are listed or answered. */
export const DELTA_FILTERS = [
  { name: 'on', type: 'targets', description: 'Address or subnet', hint: '`10.0.0.5`, `10.0.0.0/24`.', ...optional },
  { name: 'port', type: 'integer', description: 'Port', min: 0, max: 65_535, ...optional },
  {
    name: 'kind',
    type: 'choices',
    description: 'Kinds',
    hint: 'One or more, with commas.',
    choices: DELTA_KINDS,
    ...optional,
  },
  { name: 'risk', type: 'choices', description: 'Risks', hint: '`high,critical`.', choices: RISKS, ...optional },
  { name: 'since', type: 'time', description: 'Since: 7d, or a date', hint: '`24h`, `7d`, `2026-01-31`.', ...optional },
  {
    name: 'before',
    type: 'time',
    description: 'Older than: 7d',
    hint: 'Those older than `7d`, or than a date.',
    ...optional,
  },
  {
    name: 'text',
    type: 'text',
    description: 'Words in it',
    hint: 'In service, evidence, note or answer.',
    ...optional,
  },
  ...OWNERSHIP_FILTERS,
  { name: 'by', type: 'text', description: 'Who answered', hint: 'Part of the name.', ...optional },
] as const satisfies readonly OptionDefinition[];

type FilterOptions = CommandOptions<(typeof DELTA_FILTERS)[number]['name']>;

export const FILTER_KEYS = DELTA_FILTERS.map(({ name }) => name);

export function hasFilter(options: FilterOptions): boolean {
  return FILTER_KEYS.some((key) => options[key] !== undefined);
}

/** All that match, newest first. */
export async function findFiltered(
  store: Store,
  base: DeltaFilter,
  of: { group: Group | undefined; options: FilterOptions; now: number },
): Promise<Delta[]> {
  const { group, options, now } = of;
  const since = sinceOf(options, now);
  const found = await allDeltas(store, {
    ...base,
    ...(group === undefined ? {} : { groupId: group.id }),
    ...defined({ since }),
  });
  const fits = filterOf(options, now);
  const owned = await ownedBy(store, options);
  return found.filter((delta) => fits(delta) && owned(delta)).reverse();
}

async function ownedBy(store: Store, options: FilterOptions): Promise<(delta: Delta) => boolean> {
  const fits = ownershipFilter(options);
  if (fits === undefined) return () => true;
  const ownership = await readOwnership(store);
  const groups = new Map((await store.groups.list()).map((group) => [group.id, group]));
  return ({ groupId, address }) => {
    const group = groups.get(groupId);
    return group !== undefined && fits(ownership(group, address));
  };
}

function filterOf(options: FilterOptions, now: number): (delta: Delta) => boolean {
  const on = listOf(options, 'on');
  const ranges = on === undefined ? undefined : targetRanges(parseTargets(on.join(',')));
  const [port, before] = [numberOf(options, 'port'), sinceOf(options, now, 'before')];
  const kinds = listOf(options, 'kind')?.map(asDeltaKind);
  const risks = listOf(options, 'risk');
  const [text, by] = [textOf(options, 'text')?.toLowerCase(), textOf(options, 'by')?.toLowerCase()];
  return (delta) =>
    (ranges === undefined || rangesContain(ranges, firstAddress(delta))) &&
    (port === undefined || port === delta.port) &&
    (kinds === undefined || kinds.includes(delta.kind)) &&
    (risks === undefined || risks.includes(delta.risk)) &&
    (before === undefined || delta.at < before) &&
    (text === undefined || wordsOf(delta).includes(text)) &&
    (by === undefined || answererOf(delta).includes(by));
}

/** An outage is about a subnet. */
function firstAddress({ address }: Delta): string {
  return address.replace(/\/\d+$/, '');
}

function wordsOf({ address, before, after, evidence, acknowledgement, riskHint = '' }: Delta): string {
  return JSON.stringify([address, before, after, evidence, acknowledgement, riskHint]).toLowerCase();
}

function answererOf({ acknowledgement }: Delta): string {
  if (acknowledgement.type === 'open') return '';
  return `${acknowledgement.by} ${acknowledgement.byName}`.toLowerCase();
}
