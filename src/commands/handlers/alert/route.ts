import { channelList, routeListCard } from '../../../cards/admin.ts';
import { noteCard } from '../../../cards/note.ts';
import { defined } from '../../../core/defined.ts';
import { UserError } from '../../../core/errors.ts';
import { NONE } from '../../../core/group-options/types.ts';
import { DELTA_KINDS } from '../../../core/model/delta-kinds.ts';
import type { Group } from '../../../core/model/group.ts';
import type { OptionDefinition } from '../../../core/model/option.ts';
import type { Route } from '../../../core/model/route.ts';
import { GRADES, RISKS } from '../../../core/model/scales.ts';
import { idOf, platformOf } from '../../../core/platforms.ts';
import { parseWhen } from '../../../core/time/when.ts';
import { channelNotes } from '../../channel-notes.ts';
import type { Deps } from '../../deps.ts';
import { command } from '../../grammar/command.ts';
import type { CommandOptions } from '../../grammar/command-description.ts';
import { findGroup } from '../../input/find.ts';
import { inOption, listOf, OptionError, textOf } from '../../input/options.ts';
import { changing, privately, publicly } from '../../private-reply.ts';

const optional = { positional: false, required: false } as const;

/** The options of a place and its filter; a file of groups uses the same names. */
export const ROUTE_OPTIONS = [
  { name: 'group', type: 'group', description: 'Group', positional: true, required: true },
  {
    ...{
      name: 'to',
      type: 'channel',
      description: 'Channel, email:…, webhook:…, syslog',
      anyPlatform: true,
      ...optional,
    },
    hint: 'A channel, `email:noc@example.com`, `webhook:pager`, `syslog` or `file:events`.',
  },
  { name: 'remove', type: 'channel', description: 'Drop a place', anyPlatform: true, ...optional },
  { name: 'kinds', type: 'choices', description: 'Only these kinds', choices: DELTA_KINDS, ...optional },
  {
    name: 'min-grade',
    type: 'choice',
    description: 'Worst grade',
    preset: 'whatever the group alerts',
    choices: GRADES,
    ...optional,
  },
  { name: 'min-risk', type: 'choice', description: 'Least risk', preset: 'any', choices: RISKS, ...optional },
  {
    ...{ name: 'digest', type: 'when', description: 'Gather, e.g. daily 08:00', ...optional },
    hint: '`daily 08:00`, `weekly mon 09:00`, `every 6h`: what happens is gathered and sent together. `none`: at once.',
  },
  { name: 'tz', type: 'timezone', description: 'Zone of the digest', preset: 'UTC', ...optional },
] as const satisfies readonly OptionDefinition[];

export type RouteOptions = CommandOptions<(typeof ROUTE_OPTIONS)[number]['name']>;

export const alertRoute = command(
  {
    path: ['alert', 'route'],
    role: 'admin',
    summary: 'More places for a group’s alerts',
    options: ROUTE_OPTIONS,
    example: 'alert route office to:email:noc@example.com min-risk:high',
    audience: 'public',
  },
  (deps) => async (context, options) => {
    const group = await findGroup(deps.store, options);
    const [to, remove] = [textOf(options, 'to'), textOf(options, 'remove')];
    if (to === undefined && remove === undefined) {
      refuseLonely(options);
      return privately(routeListCard([{ groupName: group.name, routes: await deps.placesOf(group) }]));
    }
    const before = await deps.placesOf(group);
    if (remove !== undefined) await removeRoute(deps, group, remove);
    if (to !== undefined) await addRoute(deps, group, to, options, context.now);
    const notes = await channelNotes(deps, to);
    const after = await deps.placesOf(group);
    const channels = after.map((route) => route.channel);
    const where = [{ type: 'text' as const, text: `Alerts of ${group.name} go to ` }, ...channelList(channels)];
    const card = noteCard({ title: `Routes of ${group.name}`, lines: [where, ...notes] });
    return changing(publicly(card), { before, after });
  },
);

/** A filter without a route has no meaning. */
function refuseLonely(options: RouteOptions): void {
  const filters = ['kinds', 'min-grade', 'min-risk', 'digest', 'tz'] as const;
  const lonely = filters.find((name) => textOf(options, name) !== undefined);
  if (lonely === undefined) return;
  throw new OptionError('to', new UserError(`${lonely}: needs the place that it is for.`, { hint: 'Add `to:`.' }));
}

async function removeRoute({ store }: Deps, group: Group, channel: string): Promise<void> {
  if (await store.groups.removeRoute(group.id, channel)) return;
  const hint = `\`alert list ${group.name}\` shows its places; the group’s own channel is changed by \`group edit\`.`;
  throw new OptionError(
    'remove',
    new UserError(`${channel} is no further place of ${group.name}.`, { word: channel, hint }),
  );
}

async function addRoute(deps: Deps, group: Group, to: string, options: RouteOptions, now: number): Promise<void> {
  if (to === NONE) {
    throw new OptionError('to', new UserError('Name a channel.', { hint: 'Or take one away: `remove:`.' }));
  }
  const route = await routeOf(deps, to, options, now);
  const places = await deps.placesOf(group);
  const isKnown = places.some((place) => place.channel === to);
  const isOwn = places[0]?.channel === to;
  if (isKnown && (isOwn || Object.keys(route).length === 1)) {
    throw new OptionError('to', new UserError(`Alerts of ${group.name} go to ${to} already.`, { word: to }));
  }
  await deps.store.groups.setRoute(group.id, route);
}

/** The requested route. For a place that is already known, every filter that is not given is removed. */
export async function routeOf(
  deps: Pick<Deps, 'store'>,
  to: string,
  options: RouteOptions,
  now: number,
): Promise<Route> {
  const kinds = listOf(options, 'kinds');
  const chosen = DELTA_KINDS.filter((kind) => kinds?.includes(kind) === true);
  const minGrade = GRADES.find((grade) => grade === textOf(options, 'min-grade'));
  const minRisk = RISKS.find((risk) => risk === textOf(options, 'min-risk'));
  const digest = await digestOf(deps, to, options, now);
  return {
    channel: to,
    ...(kinds === undefined ? {} : { kinds: chosen }),
    ...defined({ minGrade, minRisk, digest }),
  };
}

async function digestOf(
  deps: Pick<Deps, 'store'>,
  to: string,
  options: RouteOptions,
  now: number,
): Promise<Route['digest']> {
  const phrase = textOf(options, 'digest');
  if (phrase === undefined || phrase.toLowerCase() === NONE) return undefined;
  if (platformOf(to) === 'syslog') {
    const hint = 'Leave `digest:` out: each change is a line of its own there.';
    throw new OptionError('digest', new UserError(`${idOf(to) === 'main' ? 'syslog' : to} takes no digest.`, { hint }));
  }
  const zone = textOf(options, 'tz') ?? 'UTC';
  const when = inOption('digest', () => parseWhen(phrase, zone, now));
  return { phrase, when, zone, through: await deps.store.events.newest(), sentAt: now };
}
