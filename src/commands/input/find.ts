import { UserError } from '../../core/errors.ts';
import type { Delta } from '../../core/model/alert.ts';
import type { Group } from '../../core/model/group.ts';
import type { Scan } from '../../core/model/scan.ts';
import type { Schedule } from '../../core/model/schedule.ts';
import { cleanText, nearest } from '../../core/text.ts';
import type { Store } from '../../ports/store.ts';
import type { CommandOptions } from '../grammar/command-description.ts';
import { OptionError, requiredNumber, requiredText, textOf } from './options.ts';

/** The group that an option names: by name, or as `#3` in the buttons of lists. Throws OptionError: "did you mean". */
export async function findGroup(store: Store, options: CommandOptions<'group'>): Promise<Group> {
  const typed = requiredText(options, 'group');
  const id = /^#(\d{1,15})$/.exec(typed)?.[1];
  const found = id === undefined ? await store.groups.byName(typed) : await store.groups.byId(Number(id));
  if (found !== undefined) return found;
  const word = cleanText(typed, 40);
  const names = (await store.groups.list()).map((group) => group.name);
  const meant = nearest(word, names);
  const hint = meant === undefined ? '`group list` shows them all.' : `Did you mean \`${meant}\`?`;
  throw new OptionError(
    'group',
    new UserError(`There is no group “${word}”.`, {
      word,
      hint: names.length === 0 ? 'There is none yet: `group add NAME TARGETS`.' : hint,
    }),
  );
}

export async function findOptionalGroup(store: Store, options: CommandOptions<'group'>): Promise<Group | undefined> {
  return textOf(options, 'group') === undefined ? undefined : await findGroup(store, options);
}

export async function findScan(
  store: Store,
  options: CommandOptions<'id' | 'against'>,
  option: 'id' | 'against' = 'id',
): Promise<{ scan: Scan; group: Group }> {
  const id = requiredNumber(options, option);
  const scan = await store.scans.byId(id);
  const group = scan === undefined ? undefined : await store.groups.byId(scan.groupId);
  if (scan === undefined || group === undefined) throw missing(option, 'scan', id, 'scan list');
  return { scan, group };
}

/** `group`: undefined for a report on all groups. */
export async function findSchedule(
  store: Store,
  options: CommandOptions<'id'>,
): Promise<{ schedule: Schedule; group: Group | undefined }> {
  const id = requiredNumber(options, 'id');
  const schedule = await store.schedules.byId(id);
  if (schedule === undefined) throw missing('id', 'schedule', id, 'schedule list');
  const { groupId } = schedule;
  return { schedule, group: groupId === undefined ? undefined : await store.groups.byId(groupId) };
}

/** All of them, or an error: the first that is missing is named. */
export async function findDeltas(store: Store, ids: readonly number[], option = 'ids'): Promise<Delta[]> {
  const { items } = await store.deltas.list({ ids }, { limit: ids.length, offset: 0 });
  const lost = ids.find((id) => !items.some((delta) => delta.id === id));
  if (lost !== undefined) throw missing(option, 'delta', lost, 'delta list');
  return ids.flatMap((id) => items.find((delta) => delta.id === id) ?? []);
}

export function missing(option: string, noun: string, id: number, list: string): OptionError {
  return new OptionError(
    option,
    new UserError(`There is no ${noun} ${id}.`, { word: String(id), hint: `\`${list}\` shows those there are.` }),
  );
}

/** Names of groups by id, for lists over all of them. */
export async function groupNames(store: Store): Promise<(id: number) => string> {
  const names = new Map((await store.groups.list()).map((group) => [group.id, group.name]));
  return (id) => names.get(id) ?? `group ${id}`;
}
