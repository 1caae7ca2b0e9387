import { groupChangedCard } from '../../../cards/group.ts';
import { GROUP_OPTIONS, type GroupOptionName } from '../../../core/group-options/group-options.ts';
import { GROUP_DEFAULTS, type GroupSpec } from '../../../core/model/group.ts';
import { checkGroupName } from '../../../core/model/group-name.ts';
import { DEFAULT_POLICY } from '../../../core/model/policy.ts';
import { checkTargets, groupFacts } from '../../../usecases/groups/group-facts.ts';
import { channelNotes, siteNotes } from '../../channel-notes.ts';
import { command } from '../../grammar/command.ts';
import type { CommandOptions } from '../../grammar/command-description.ts';
import { applyGroupOptions, specOf } from '../../groups/group-settings.ts';
import { inOption, inOptionLater, listOf, requiredText } from '../../input/options.ts';
import { changing, publicly } from '../../private-reply.ts';

/** Hardly ever known when a group is defined: where the number of options is limited, `group edit` offers them. */
const RARE: readonly GroupOptionName[] = [
  'learn',
  'retention',
  'ignore-tcpwrapped',
  'hide-repeats',
  'unstable-after',
  'max-rate',
  'catch-up',
  'version-every',
];

export const groupAdd = command(
  {
    path: ['group', 'add'],
    role: 'operator',
    summary: 'Define what to watch, and how',
    options: [
      {
        name: 'name',
        type: 'text',
        description: 'A short name for it',
        question: 'What is it called?',
        hint: 'Up to 64 letters, digits, dots, dashes and underscores.',
        positional: true,
        required: true,
      },
      {
        name: 'targets',
        type: 'targets',
        description: 'CIDRs, ranges, addresses, host names',
        question: 'Which addresses belong to it?',
        hint: 'CIDR, range (`10.0.0.1-50`), address or host name, IPv4 or IPv6; comma or space between.',
        positional: true,
        required: true,
        rest: true,
      },
      ...GROUP_OPTIONS.map((option) => (RARE.includes(option.name) ? { ...option, typedOnly: true as const } : option)),
    ],
    example: 'group add office 10.0.0.0/24 10.0.1.1-50 exclude:10.0.0.1 profile:quick',
    audience: 'public',
    form: true,
  },
  (deps) => async (context, options) => {
    const { store, allowed, defaultChannel } = deps;
    const asked = applyGroupOptions(baseSpec(options), options);
    const spec = { ...asked, channel: asked.channel ?? defaultChannel ?? context.channel };
    await inOptionLater('targets', () => checkTargets({ resolver: { resolve: deps.resolveNames }, allowed }, spec));
    const group = await inOptionLater('name', () => store.groups.add(spec, context.principal.key, context.now));
    const notes = [...(await channelNotes(deps, spec.channel)), ...(await siteNotes(deps, options))];
    const card = groupChangedCard(group, await groupFacts(store, group), 'added', notes);
    return changing(publicly(card), { before: null, after: specOf(group) });
  },
);

function baseSpec(options: CommandOptions<'name' | 'targets'>): GroupSpec {
  const name = inOption('name', () => checkGroupName(requiredText(options, 'name')));
  const targets = listOf(options, 'targets') ?? [];
  return { ...GROUP_DEFAULTS, name, targets, exclude: [], policy: DEFAULT_POLICY };
}
