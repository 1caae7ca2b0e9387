import { groupChangedCard } from '../../cards/group.ts';
import { UserError } from '../../core/errors.ts';
import { groupAsOptions } from '../../core/group-options/group-as-options.ts';
import type { Group, GroupSpec } from '../../core/model/group.ts';
import type { Scan } from '../../core/model/scan.ts';
import { thousands } from '../../core/network/targets.ts';
import type { Store } from '../../ports/store.ts';
import { checkTargets, groupFacts } from '../../usecases/groups/group-facts.ts';
import type { Followed } from '../../usecases/scanning/follow-edit.ts';
import { channelNotes, siteNotes } from '../channel-notes.ts';
import type { CommandContext, CommandResult } from '../dispatcher.ts';
import type { HandlerDeps } from '../grammar/command.ts';
import type { CommandOptions } from '../grammar/command-description.ts';
import { inOptionLater, listOf, OptionError } from '../input/options.ts';
import { publicly } from '../private-reply.ts';
import { specOf } from './group-settings.ts';

/** Stores a group's new definition, and makes its schedules and its scans under way follow. */
export async function changeGroup(
  deps: HandlerDeps,
  context: CommandContext,
  { group, spec, options = {} }: { group: Group; spec: GroupSpec; options?: CommandOptions<'site' | 'confirm-site'> },
): Promise<CommandResult> {
  const { store, allowed } = deps;
  await inOptionLater('targets', () => checkTargets({ resolver: { resolve: deps.resolveNames }, allowed }, spec));
  const edited = await inOptionLater('name', () => store.groups.edit(group.id, spec));
  const followed = await deps.followEdit(edited, context.principal.key);
  await deps.schedulesChanged();
  const moved = spec.channel === group.channel ? undefined : spec.channel;
  const notes = [
    ...changes(group, edited),
    ...(await channelNotes(deps, moved)),
    ...(await siteNotes(deps, options)),
    ...followedNotes(followed),
    ...(await scanNote(deps.store, edited)),
  ];
  const change = { before: specOf(group), after: specOf(edited) };
  return { ...publicly(groupChangedCard(edited, await groupFacts(store, edited), 'changed', notes)), change };
}

/** `targets:` replaces all; then `add:` and `remove:` change some. */
export function newTargets(group: Group, options: CommandOptions<'targets' | 'add' | 'remove'>): string[] {
  const added = [...(listOf(options, 'targets') ?? group.targets), ...(listOf(options, 'add') ?? [])];
  const dropped = listOf(options, 'remove') ?? [];
  const unknown = dropped.find((target) => !added.includes(target));
  if (unknown !== undefined) {
    const error = new UserError(`“${unknown}” is not a target of ${group.name}.`, {
      word: unknown,
      hint: `Its targets are ${group.targets.join(', ')}. To leave out a part of one, use \`exclude:\`.`,
    });
    throw new OptionError('remove', error);
  }
  const left = [...new Set(added.filter((target) => !dropped.includes(target)))];
  if (left.length > 0) return left;
  const hint = `\`group remove ${group.name}\` removes the group itself.`;
  throw new OptionError('remove', new UserError('No target would be left.', { hint }));
}

/** The options that changed, with old and new value; one that was given but is the same is no change. */
function changes(before: Group, after: Group): string[] {
  const [old, now] = [groupAsOptions(before), groupAsOptions(after)];
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((key) => key !== 'group');
  const changed = keys.filter((key) => old[key] !== now[key]);
  if (changed.length === 0) return ['Nothing changed: that is already set.'];
  return changed.map((key) => `${key}: ${old[key] ?? 'none'} → ${now[key] ?? 'none'}`);
}

/** What the edit did to scans that were requested before it. */
function followedNotes({ trimmed, cancelled }: Followed): string[] {
  return [
    ...trimmed.map(({ scan, addresses }) => {
      const what = addresses === 1n ? '1 address' : `${thousands(addresses)} addresses`;
      return `${scanName(scan)} no longer covers ${what}.`;
    }),
    ...cancelled.map((scan) => `${scanName(scan)} is cancelled: none of its addresses is a target any more.`),
  ];
}

function scanName(scan: Scan): string {
  return scan.kind === 'confirmation' ? `Confirmation scan ${scan.id}` : `Scan #${scan.id}`;
}

/** A running scan keeps the settings with which it began; only its targets follow the group. */
async function scanNote(store: Store, group: Group): Promise<string[]> {
  const { total } = await store.scans.list(
    { groupId: group.id, statuses: ['queued', 'running'], kind: 'scan' },
    { limit: 1, offset: 0 },
  );
  return total === 0 ? [] : ['The scan under way still goes by the old settings; the next one by these.'];
}
