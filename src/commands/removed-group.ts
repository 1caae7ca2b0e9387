import { noteCard } from '../cards/note.ts';
import type { Group } from '../core/model/group.ts';
import { removeGroup } from '../usecases/groups/remove-group.ts';
import type { Deps } from './deps.ts';
import type { CommandContext } from './dispatcher.ts';
import { specOf } from './groups/group-settings.ts';
import { type CardResult, changing, publicly } from './private-reply.ts';

/** Removes a group for good; the card says so. */
export async function removedGroup(deps: Deps, group: Group, { principal, now }: CommandContext): Promise<CardResult> {
  await removeGroup(deps, group, principal.key, now);
  deps.wake();
  const lines = ['With all that was its own. The audit stays.'];
  return changing(publicly(noteCard({ title: `Group ${group.name} removed`, lines })), {
    before: specOf(group),
    after: null,
  });
}
