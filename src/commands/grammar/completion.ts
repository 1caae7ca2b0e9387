import { sentence } from '../../cards/sentence.ts';
import { NONE } from '../../core/group-options/types.ts';
import { DELTA_KINDS } from '../../core/model/delta-kinds.ts';
import type { OptionDefinition } from '../../core/model/option.ts';
import { includesRole } from '../../core/model/principal.ts';
import { PROFILES } from '../../core/model/profile.ts';
import { RISKS } from '../../core/model/scales.ts';
import { formatExpectedChange } from '../../core/network/expected-change.ts';
import { describeWhen } from '../../core/time/when-words.ts';
import { zoneNames } from '../../core/time/zone.ts';
import type { Store } from '../../ports/store.ts';
import type { CompletionCall } from '../dispatcher.ts';
import { groupsAsOwner } from '../owners.ts';
import { roleOf } from '../permissions.ts';
import type { Grammar } from '../run-command.ts';
import type { CommandDescription } from './command-description.ts';
import { pathText } from './find-command.ts';

/** Discord's limit for the choices of an autocomplete. */
const MOST = 25;
const RECENT = 200;
const MAX_LABEL = 100;

type Suggestion = { value: string; label: string };

/** Whether something of this group may be suggested; `undefined`: of no group. */
type Among = (groupId: number | undefined) => boolean;

/**
 * Suggestions for what is being typed, best first. Whoever may not run the command is shown nothing; whoever may with groups
 * that they own, those.
 */
export async function complete({ deps, definitions }: Grammar, call: CompletionCall): Promise<readonly Suggestion[]> {
  const path = call.path.join(' ').toLowerCase();
  const definition = definitions.find((candidate) => pathText(candidate) === path);
  const option = definition?.options.find((candidate) => candidate.name === call.option);
  if (definition === undefined || option === undefined) return [];
  const role = await roleOf(deps, call.principal);
  const needed = definition.role;
  const owned =
    needed === 'anyone' || includesRole(role, needed)
      ? undefined
      : await groupsAsOwner(deps.store, { principal: call.principal, role, needed });
  if (owned?.size === 0) return [];
  const among: Among = (groupId) => owned === undefined || (groupId !== undefined && owned.has(groupId));
  const { before, typed } = lastWord(option, call.typed.slice(0, 200));
  const found = await suggestions(deps.store, definitions, definition, option, typed, call.options, among);
  return rank(found, typed)
    .slice(0, MOST)
    .map(({ value, label }) => ({ value: `${before}${value}`, label: `${before}${label}`.slice(0, MAX_LABEL) }));
}

/** Of a list, only its last word is being typed. */
function lastWord(option: OptionDefinition, text: string): { before: string; typed: string } {
  if (option.type !== 'deltas' && option.type !== 'choices') return { before: '', typed: text };
  const cut = Math.max(text.lastIndexOf(' '), text.lastIndexOf(',')) + 1;
  return { before: text.slice(0, cut), typed: text.slice(cut) };
}

/** Options whose words are known although their type is any text. */
const KNOWN_TEXTS = ['help command', 'mute add what', 'why what'];

export function isCompleted(definition: CommandDescription, { name, type }: OptionDefinition): boolean {
  return type !== 'text' || KNOWN_TEXTS.includes(`${pathText(definition)} ${name}`);
}

async function suggestions(
  store: Store,
  definitions: readonly CommandDescription[],
  definition: CommandDescription,
  option: OptionDefinition,
  typed: string,
  given: Readonly<Record<string, string>>,
  among: Among,
): Promise<Suggestion[]> {
  const path = pathText(definition);
  if (path === 'help')
    return definitions.map((other) => ({ value: pathText(other), label: `${pathText(other)}: ${other.summary}` }));
  if (path === 'mute add' && option.name === 'what') return await mutable(store, among);
  if (path === 'why' && option.name === 'what') return (await store.states.completeAddress(typed, MOST)).map(same);
  switch (option.type) {
    case 'group':
      return (await store.groups.list())
        .filter(({ id }) => among(id))
        .map(({ name, targets }) => ({ value: name, label: `${name}: ${targets.join(', ')}` }));
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
      return (await store.records.notes()).map(({ id, address, text = '' }) => ({
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

/** Who is pinged elsewhere; behind somebody who was typed, the risks from which on. */
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
    label: `${id}: ${names(groupId)} ${describeWhen(when)}`,
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

/** What begins with the words typed comes first, then where a part begins with them, then what holds them; else in the order given. */
function rank(found: readonly Suggestion[], typed: string): Suggestion[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') return [...found];
  const score = ({ value, label }: Suggestion): number => {
    const text = value.toLowerCase();
    if (text === wanted) return 0;
    if (text.startsWith(wanted)) return 1;
    if (text.split(/[/_\s.-]/).some((part) => part.startsWith(wanted))) return 2;
    return text.includes(wanted) || label.toLowerCase().includes(wanted) ? 3 : 4;
  };
  return found
    .map((suggestion, index) => ({ suggestion, index, score: score(suggestion) }))
    .filter((scored) => scored.score < 4)
    .sort((a, b) => a.score - b.score || a.index - b.index)
    .map((scored) => scored.suggestion);
}
