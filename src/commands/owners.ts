import { UserError } from '../core/errors.ts';
import type { AlertScope } from '../core/model/alert.ts';
import type { OptionDefinition } from '../core/model/option.ts';
import { includesRole, type Principal, type Role } from '../core/model/principal.ts';
import type { Store } from '../ports/store.ts';
import { scopeDeltas } from '../usecases/answers/all-deltas.ts';
import { parseMuteWords } from '../usecases/holds/add-mute.ts';
import type { CommandDefinition, CommandOptions } from './grammar/command-description.ts';
import { findDeltas, findGroup, findScan, findSchedule } from './input/find.ts';
import { requiredNumber, requiredNumbers, requiredText } from './input/options.ts';
import { validateOptions } from './input/parser.ts';

/** The role that an owner has for their own groups, whatever their role is. */
const OF_OWNERS: Role = 'operator';

/**
 * The owner of a group may operate it, once an admin has given them any role: operators set `owner:`, and that must not
 * let in somebody without a role. Commands that affect more than groups of theirs need the role.
 */
async function ownsAll(store: Store, principal: Principal, groupIds: readonly number[]): Promise<boolean> {
  const owned = await ownedBy(store, principal);
  return groupIds.length > 0 && groupIds.every((id) => owned.has(id));
}

async function ownedBy(store: Store, principal: Principal): Promise<ReadonlySet<number>> {
  const keys = [principal.key, ...principal.memberships];
  const groups = (await store.groups.list()).filter(({ owner }) => owner !== undefined && keys.includes(owner));
  return new Set(groups.map(({ id }) => id));
}

type Caller = { principal: Principal; role: Role | undefined; needed: Role | 'anyone' };

const mayAsOwner = ({ role, needed }: Caller) =>
  needed !== 'anyone' && includesRole(role, 'viewer') && includesRole(OF_OWNERS, needed);

/** The groups that a caller whose role is too low may use it on all the same. */
export async function groupsAsOwner(store: Store, caller: Caller): Promise<ReadonlySet<number>> {
  return mayAsOwner(caller) ? await ownedBy(store, caller.principal) : new Set();
}

/** True for a command about nothing but groups that the caller owns. */
export async function ownerMayRun(
  store: Store,
  definition: CommandDefinition,
  typed: () => ReadonlyMap<OptionDefinition, string>,
  caller: Caller,
): Promise<boolean> {
  if (!mayAsOwner(caller)) return false;
  try {
    const { options, errors } = validateOptions(definition, typed(), caller.principal.platform);
    if (errors.length > 0) return false;
    return await ownsAll(store, caller.principal, await groupsNamed(store, definition, options));
  } catch (error) {
    // Something that does not exist belongs to nobody.
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** The groups that a command is about, by all the ids and names in it. */
async function groupsNamed(
  store: Store,
  { path, options: defined }: CommandDefinition,
  options: CommandOptions<string>,
): Promise<number[]> {
  const ids: number[] = [];
  if (path.join(' ') === 'mute add') ids.push(...(await ofMuted(store, requiredText(options, 'what'))));
  for (const { name, type, everyGroup } of defined) {
    if (options[name] === undefined) continue;
    if (everyGroup === true) ids.push(NOBODYS);
    switch (type) {
      case 'group':
        ids.push((await findGroup(store, { group: options[name] })).id);
        break;
      case 'scan':
        ids.push((await findScan(store, { id: options[name] })).group.id);
        break;
      case 'schedule':
        ids.push((await findSchedule(store, { id: options[name] })).group?.id ?? NOBODYS);
        break;
      case 'delta':
        ids.push(...(await ofDeltas(store, [requiredNumber(options, name)])));
        break;
      case 'deltas':
        ids.push(...(await ofDeltas(store, requiredNumbers(options, name))));
        break;
      case 'mute':
        ids.push(await ofMute(store, requiredNumber(options, name)));
        break;
      case 'note':
        ids.push(await ofNote(store, requiredNumber(options, name)));
        break;
      case 'window':
        ids.push(await ofWindow(store, requiredNumber(options, name)));
        break;
      case 'expectation':
        ids.push(await ofExpectation(store, requiredNumber(options, name)));
        break;
    }
  }
  return ids;
}

const ofDeltas = async (store: Store, ids: readonly number[]) =>
  (await findDeltas(store, ids)).map((delta) => delta.groupId);

/** A mute that names no group affects all of them. */
async function ofMuted(store: Store, what: string): Promise<number[]> {
  return parseMuteWords(what, await store.groups.list()).map(({ match }) => match.groupId ?? NOBODYS);
}

async function ofMute(store: Store, id: number): Promise<number> {
  return (await store.holds.mutes()).find((mute) => mute.id === id)?.match.groupId ?? NOBODYS;
}

/** A note that names no group is shown in all of them. */
async function ofNote(store: Store, id: number): Promise<number> {
  return (await store.records.notes()).find((note) => note.id === id)?.groupId ?? NOBODYS;
}

async function ofWindow(store: Store, id: number): Promise<number> {
  return (await store.holds.windows()).find((window) => window.id === id)?.groupId ?? NOBODYS;
}

async function ofExpectation(store: Store, id: number): Promise<number> {
  return (await store.holds.expectations({ status: 'waiting' })).find((one) => one.id === id)?.groupId ?? NOBODYS;
}

/** An id that no group has. */
const NOBODYS = -1;

/** True for a button about nothing but groups that the caller owns. */
export async function ownerMayPress(
  store: Store,
  about: { scope: AlertScope } | { delta: number } | { scan: number } | { group: number },
  caller: Caller,
): Promise<boolean> {
  return mayAsOwner(caller) && (await ownsAll(store, caller.principal, await groupsPressed(store, about)));
}

async function groupsPressed(store: Store, about: Parameters<typeof ownerMayPress>[1]): Promise<number[]> {
  if ('group' in about) return [about.group];
  if ('scan' in about) return [(await store.scans.byId(about.scan))?.groupId ?? NOBODYS];
  if ('delta' in about) {
    const { items } = await store.deltas.list({ ids: [about.delta] }, { limit: 1, offset: 0 });
    return items.map(({ groupId }) => groupId);
  }
  return (await scopeDeltas(store, about.scope)).map(({ groupId }) => groupId);
}
