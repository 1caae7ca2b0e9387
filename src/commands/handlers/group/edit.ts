import { groupChangedCard } from '../../../cards/group.ts';
import { UserError } from '../../../core/errors.ts';
import { groupAsOptions } from '../../../core/group-options/group-as-options.ts';
import { GROUP_OPTIONS } from '../../../core/group-options/group-options.ts';
import type { Group } from '../../../core/model/group.ts';
import { checkGroupName } from '../../../core/model/group-name.ts';
import type { Scan } from '../../../core/model/scan.ts';
import { thousands } from '../../../core/network/targets.ts';
import type { Store } from '../../../ports/store.ts';
import { checkTargets, groupFacts } from '../../../usecases/groups/group-facts.ts';
import type { Followed } from '../../../usecases/scanning/follow-edit.ts';
import { channelNotes, siteNotes } from '../../channel-notes.ts';
import { command } from '../../grammar/command.ts';
import type { CommandOptions } from '../../grammar/command-description.ts';
import { applyGroupOptions, specOf } from '../../groups/group-settings.ts';
import { findGroup } from '../../input/find.ts';
import { inOption, inOptionLater, listOf, OptionError, textOf } from '../../input/options.ts';
import { publicly } from '../../private-reply.ts';

const optional = { positional: false, required: false } as const;

export const groupEdit = command(
  {
    path: ['group', 'edit'],
    role: 'operator',
    summary: 'Change targets or settings',
    options: [
      {
        name: 'group',
        type: 'group',
        description: 'Group',
        question: 'Which group?',
        positional: true,
        required: true,
      },
      {
        name: 'targets',
        type: 'targets',
        description: 'Replace all targets',
        question: 'Which addresses belong to it?',
        hint: 'All new; `add:` and `remove:` change some.',
        positional: false,
        required: false,
      },
      { name: 'add', type: 'targets', description: 'More targets', typedOnly: true, ...optional },
      { name: 'remove', type: 'targets', description: 'Targets to drop', typedOnly: true, ...optional },
      { name: 'name', type: 'text', description: 'New name', positional: false, required: false },
      ...GROUP_OPTIONS,
    ],
    example: 'group edit office add:10.0.2.0/24 down-after:2',
    audience: 'public',
    form: true,
  },
  (deps) => async (context, options) => {
    const { store, allowed } = deps;
    const group = await findGroup(store, options);
    if (Object.keys(options).length === 1) throw nothingToChange(group);
    const base = { ...specOf(group), name: newName(group, options), targets: newTargets(group, options) };
    const spec = applyGroupOptions(base, options);
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
  },
);

/** What is another now, from what to what; what was given and is the same is no change. */
function changes(before: Group, after: Group): string[] {
  const [old, now] = [groupAsOptions(before), groupAsOptions(after)];
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((key) => key !== 'group');
  const changed = keys.filter((key) => old[key] !== now[key]);
  if (changed.length === 0) return ['Nothing changed: it was so already.'];
  return changed.map((key) => `${key}: ${old[key] ?? 'none'} → ${now[key] ?? 'none'}`);
}

function newName(group: Group, options: CommandOptions<'name'>): string {
  const typed = textOf(options, 'name');
  return typed === undefined ? group.name : inOption('name', () => checkGroupName(typed));
}

/** `targets:` replaces all; then `add:` and `remove:` change some. */
function newTargets(group: Group, options: CommandOptions<'targets' | 'add' | 'remove'>): string[] {
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

function nothingToChange(group: Group): UserError {
  return new UserError('Nothing to change was named.', {
    hint: `For example \`group edit ${group.name} add:10.0.2.0/24 down-after:2\`; \`help group edit\` tells all options.`,
  });
}

/** What the edit did to scans that were asked for before it. */
function followedNotes({ trimmed, cancelled }: Followed): string[] {
  return [
    ...trimmed.map(({ scan, addresses }) => {
      const what = addresses === 1n ? '1 address' : `${thousands(addresses)} addresses`;
      return `${scanName(scan)} no longer asks ${what}.`;
    }),
    ...cancelled.map((scan) => `${scanName(scan)} is cancelled: none of its addresses is a target any more.`),
  ];
}

function scanName(scan: Scan): string {
  return scan.kind === 'confirmation' ? `Confirmation scan ${scan.id}` : `Scan #${scan.id}`;
}

/** How a scan that runs looks at its hosts was settled when it began; whom it asks follows the group. */
async function scanNote(store: Store, group: Group): Promise<string[]> {
  const { total } = await store.scans.list(
    { groupId: group.id, statuses: ['queued', 'running'], kind: 'scan' },
    { limit: 1, offset: 0 },
  );
  return total === 0 ? [] : ['The scan under way still goes by the old settings; the next one by these.'];
}
