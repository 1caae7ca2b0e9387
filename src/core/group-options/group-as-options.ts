import type { GroupSpec } from '../model/group.ts';
import { GROUP_OPTIONS } from './group-options.ts';

/** A group as a user would type it, which is what an edit form starts with. Submitting it unchanged changes nothing. */
export function groupAsOptions(group: GroupSpec): Record<string, string> {
  const shown = GROUP_OPTIONS.flatMap((option): [string, string][] => {
    const value = option.read(group);
    return value === undefined ? [] : [[option.name, value]];
  });
  const targets = group.targets.join(', ');
  return { group: group.name, targets, name: group.name, ...Object.fromEntries(shown) };
}
