import type { OptionDefinition } from '../../core/model/option.ts';
import type { Ownership } from '../../core/model/record.ts';
import type { CommandOptions } from '../grammar/command-description.ts';
import { textOf } from '../input/options.ts';

/** Filters by owner and tag, the same in every list. */
export const OWNERSHIP_FILTERS = [
  { name: 'owner', type: 'text', description: 'Part of the owner', positional: false, required: false },
  { name: 'tag', type: 'text', description: 'Tag', positional: false, required: false },
] as const satisfies readonly OptionDefinition[];

export const OWNERSHIP_KEYS = OWNERSHIP_FILTERS.map(({ name }) => name);

/** Undefined when no filter is given. */
export function ownershipFilter(
  options: CommandOptions<'owner' | 'tag'>,
): ((ownership: Ownership) => boolean) | undefined {
  const [owner, tag] = [textOf(options, 'owner')?.toLowerCase(), textOf(options, 'tag')?.toLowerCase()];
  if (owner === undefined && tag === undefined) return undefined;
  return (has) =>
    (owner === undefined || (has.owner ?? '').toLowerCase().includes(owner.replace(/^@/, ''))) &&
    (tag === undefined || has.tags.includes(tag));
}
