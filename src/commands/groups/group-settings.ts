import { GROUP_OPTIONS, type GroupOptionName } from '../../core/group-options/group-options.ts';
import type { Group, GroupSpec } from '../../core/model/group.ts';
import { profileSettings } from '../../core/model/profile.ts';
import type { CommandOptions } from '../grammar/command-description.ts';
import { inOption } from '../input/options.ts';

/**
 * The options of `group add` and `group edit`, applied to the existing group: an option that is not given changes
 * nothing.
 */
export function applyGroupOptions(base: GroupSpec, options: CommandOptions<GroupOptionName>): GroupSpec {
  let spec = base;
  for (const option of GROUP_OPTIONS) {
    const typed = options[option.name];
    if (typed !== undefined) spec = inOption(option.name, () => option.write(spec, typed));
  }
  inOption('ports', () => profileSettings(spec.profile, spec.ports === undefined ? {} : { ports: spec.ports }));
  return spec;
}

/** The part of a group that users choose. */
export function specOf(group: Group): GroupSpec {
  const { id: _id, status: _status, createdBy: _by, createdAt: _at, ...spec } = group;
  return spec;
}
