import { planCard } from '../../cards/plan.ts';
import { UserError } from '../../core/errors.ts';
import { removeGroup } from '../../usecases/groups/remove-group.ts';
import { pauseGroup } from '../../usecases/schedules/pause-schedule.ts';
import { presentConfiguration } from '../configuration/entries.ts';
import { type Plan, type PlanLine, planOf } from '../configuration/plan.ts';
import { readConfiguration } from '../configuration/read-file.ts';
import { wantedConfiguration } from '../configuration/wanted-groups.ts';
import type { Deps } from '../deps.ts';
import type { CommandContext } from '../dispatcher.ts';
import { command } from '../grammar/command.ts';
import { textOf } from '../input/options.ts';
import { privately, withData } from '../private-reply.ts';

const optional = { positional: false, required: false } as const;

export const apply = command(
  {
    path: ['apply'],
    role: 'admin',
    summary: 'Make the groups those of a file',
    options: [
      { name: 'batch', type: 'text', description: 'Of netdelta apply', ...optional },
      { name: 'dry-run', type: 'boolean', description: 'Show the plan', ...optional },
      { name: 'prune', type: 'boolean', description: 'Remove all others', ...optional },
    ],
    example: 'apply dry-run:on',
    audience: 'private',
  },
  (deps) => async (context, options) => {
    const [flag, batch] = [(name: 'dry-run' | 'prune') => textOf(options, name) === 'true', textOf(options, 'batch')];
    const plan = await read(deps, { batch, prune: flag('prune') }, context);
    const removed: PlanLine[] = flag('prune')
      ? plan.missing.map(({ name }) => ({ what: 'removed', group: name, text: 'the group, with its history' }))
      : [];
    const lines = [...plan.lines, ...removed];
    const done = !flag('dry-run') && lines.length > 0;
    const before = (await deps.store.groups.list()).map(({ name }) => name);
    if (done) await carryOut(deps, plan, flag('prune'), context);
    const missing = plan.missing.map(({ name }) => name);
    const card = planCard({ lines, missing, missingReports: plan.missingReports, done, removes: flag('prune') });
    const result = withData(privately(card), { type: 'plan', total: lines.length, items: lines });
    return { ...result, ...(done ? { change: { before, after: lines } } : {}) };
  },
);

async function read(
  deps: Deps,
  { batch, prune }: { batch: string | undefined; prune: boolean },
  { principal, now }: CommandContext,
): Promise<Plan> {
  if (batch === undefined) {
    throw new UserError('There is no file to apply.', {
      hint: 'On the machine of the bot:\nnetdelta apply groups.yaml --dry-run',
    });
  }
  const [file, second] = await deps.readBatch(batch);
  if (file === undefined || second !== undefined) throw new UserError('One file at a time.');
  const written = readConfiguration(file.data.toString('utf8'));
  const wanted = await wantedConfiguration(deps, written, { principal, now });
  return planOf(await presentConfiguration(deps.store, now), prune ? { reports: [], ...wanted } : wanted, now);
}

/**
 * Applies the whole file in one transaction, then the consequences, which are the same if they run twice. Groups are
 * removed last, because that can’t be undone.
 */
async function carryOut(deps: Deps, plan: Plan, prune: boolean, { principal, now }: CommandContext): Promise<void> {
  const by = principal.key;
  const before = await deps.store.groups.list();
  await deps.store.configuration.apply(plan.change, by, now);
  await deps.schedulesChanged();
  for (const { groupId, status } of plan.change.groups) {
    const old = before.find(({ id }) => id === groupId);
    const group = groupId === undefined ? undefined : await deps.store.groups.byId(groupId);
    if (old === undefined || group === undefined) continue;
    if (status === 'paused' && old.status === 'active') await pauseGroup(deps, group, by);
    await deps.followEdit(group, by);
  }
  if (prune) for (const group of plan.missing) await removeGroup(deps, group, by, now);
}
