import { sentence } from '../../cards/sentence.ts';
import { NONE } from '../../core/group-options/types.ts';
import { DELTA_KINDS } from '../../core/model/delta-kinds.ts';
import type { OptionDefinition } from '../../core/model/option.ts';
import { PROFILES } from '../../core/model/profile.ts';
import { RISKS } from '../../core/model/scales.ts';
import { ALL_GROUPS } from '../../core/model/schedule.ts';
import { formatExpectedChange } from '../../core/network/expected-change.ts';
import { describeWhen } from '../../core/time/when-words.ts';
import { zoneNames } from '../../core/time/zone.ts';
import type { Store } from '../../ports/store.ts';
import type { CommandDescription } from './command-description.ts';
import { pathText } from './find-command.ts';

/** Discord's limit for the choices of an autocomplete. */
export const MOST = 25;
const RECENT = 200;

export type Suggestion = { value: string; label: string };

/** Whether something of this group may be suggested; `undefined`: of no group. */
export type Among = (groupId: number | undefined) => boolean;

type Typing = {
  definitions: readonly CommandDescription[];
  definition: CommandDescription;
  option: OptionDefinition;
  typed: string;
  /** All options, as far as they are filled in. */
  given: Readonly<Record<string, string>>;
  among: Among;
};

/** What may be meant, unsorted: words of the grammar and names of what there is. */
export async function suggestions(
  store: Store,
  { definitions, definition, option, typed, given, among }: Typing,
): Promise<Suggestion[]> {
  const path = pathText(definition);
  if (path === 'help')
    return definitions.map((other) => ({ value: pathText(other), label: `${pathText(other)}: ${other.summary}` }));
  if (path === 'mute add' && option.name === 'what') return await mutable(store, among);
  if (path === 'why' && option.name === 'what') return (await store.states.completeAddress(typed, MOST)).map(same);
  switch (option.type) {
    case 'group':
      return [
        ...(await store.groups.list())
          .filter(({ id }) => among(id))
          .map(({ name, targets }) => ({ value: name, label: `${name}: ${targets.join(', ')}` })),
        ...(option.orAll === true && among(undefined)
          ? [{ value: ALL_GROUPS, label: 'all: a report on all groups' }]
          : []),
      ];
    case 'schedule':
      return await schedules(store, among);
    case 'scan':
      return await scans(store, path === 'scan cancel', among);
    case 'delta':
    case 'deltas':
      return await deltas(store, path === 'delta undo' ? 'answered' : 'open', among);
    case 'mute':
      return (await store.holds.mutes())
        .filter(({ match }) => among(match.groupId))
        .map(({ id, what }) => ({ value: String(id), label: `${id}: ${what}` }));
    case 'window':
      return (await store.holds.windows())
        .filter(({ groupId }) => among(groupId))
        .map(({ id, phrase }) => ({ value: String(id), label: `${id}: ${phrase}` }));
    case 'expectation':
      return (await store.holds.expectations({ status: 'waiting' }))
        .filter(({ groupId }) => among(groupId))
        .map(({ id, what }) => ({
          value: String(id),
          label: `${id}: ${formatExpectedChange(what)}`,
        }));
    case 'note':
      return (await store.records.notes())
        .filter(({ groupId }) => among(groupId))
        .map(({ id, address, text = '' }) => ({
          value: String(id),
          label: `${id}: ${address} ${text}`.trim(),
        }));
    case 'host':
      return (await store.states.completeAddress(typed, MOST)).map(same);
    case 'profile':
      return PROFILES.map(({ name, summary }) => ({ value: name, label: `${name}: ${summary}` }));
    case 'timezone':
      return zoneNames().map(same);
    case 'choice':
    case 'choices':
      return (option.choices ?? [])
        .filter(
          (choice) =>
            !(given[option.name] ?? '')
              .split(/[\s,]+/)
              .slice(0, -1)
              .includes(choice),
        )
        .map(same);
    case 'boolean':
      return ['on', 'off'].map(same);
    case 'attempts':
      return ['on', 'off', '1', '3'].map(same);
    case 'remind':
      return ['24h', '8h', '3d', '24h/medium', 'off'].map(same);
    case 'notify':
      return await notified(store, typed);
    case 'site':
      return [...new Set(['local', ...(await store.groups.list()).map(({ site }) => site)])].map(same);
    default:
      return [];
  }
}

/** People who are pinged elsewhere; after a complete name, the risks. */
async function notified(store: Store, typed: string): Promise<Suggestion[]> {
  const slash = typed.lastIndexOf('/');
  const known = (await store.groups.list()).flatMap(({ notify }) => (notify === undefined ? [] : [notify.who]));
  const who = slash > 0 ? [typed.slice(0, slash)] : [...new Set([...(typed === '' ? [] : [typed]), ...known])];
  return [...who.flatMap((one) => [one, ...RISKS.map((risk) => `${one}/${risk}`)]), NONE].map(same);
}

async function mutable(store: Store, among: Among): Promise<Suggestion[]> {
  const groups = (await store.groups.list()).filter(({ id }) => among(id)).map(({ name }) => name);
  const everywhere = among(undefined) ? DELTA_KINDS : [];
  return [...groups, ...everywhere, ...groups.flatMap((name) => DELTA_KINDS.map((kind) => `${name}/${kind}`))].map(
    same,
  );
}

async function schedules(store: Store, among: Among): Promise<Suggestion[]> {
  const names = await namesOf(store);
  const found = (await store.schedules.list()).filter(({ groupId }) => among(groupId));
  return found.map(({ id, groupId, when }) => ({
    value: String(id),
    label: `${id}: ${groupId === undefined ? 'all groups' : names(groupId)} ${describeWhen(when)}`,
  }));
}

async function scans(store: Store, underWay: boolean, among: Among): Promise<Suggestion[]> {
  const names = await namesOf(store);
  const filter = underWay ? { statuses: ['queued', 'running'] as const } : {};
  const { items } = await store.scans.list(filter, { limit: RECENT, offset: 0 });
  const found = items.filter(({ groupId }) => among(groupId));
  return found.map(({ id, groupId, status }) => ({ value: String(id), label: `#${id} ${names(groupId)}, ${status}` }));
}

async function deltas(store: Store, acknowledgement: 'open' | 'answered', among: Among): Promise<Suggestion[]> {
  const { items } = await store.deltas.list({ states: ['confirmed'], acknowledgement }, { limit: RECENT, offset: 0 });
  const names = await namesOf(store);
  const found = items.filter(({ groupId }) => among(groupId));
  return found.map((delta) => ({
    value: String(delta.id),
    label: `#${delta.id} ${names(delta.groupId)}: ${sentence([delta])}, ${delta.risk} risk`,
  }));
}

async function namesOf(store: Store): Promise<(id: number) => string> {
  const names = new Map((await store.groups.list()).map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? '';
}

function same(text: string): Suggestion {
  return { value: text, label: text };
}
