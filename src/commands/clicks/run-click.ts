import { type Action, decodeAction } from '../../cards/action.ts';
import { errorCard } from '../../cards/error.ts';
import { noteCard } from '../../cards/note.ts';
import { PAGE_SIZE } from '../../cards/paging.ts';
import { UserError } from '../../core/errors.ts';
import type { AlertScope } from '../../core/model/alert.ts';
import type { Role } from '../../core/model/principal.ts';
import { RISKS } from '../../core/model/scales.ts';
import { scopeDeltas } from '../../usecases/answers/all-deltas.ts';
import type { ClickCall, CommandContext, CommandResult } from '../dispatcher.ts';
import { OptionError } from '../input/options.ts';
import { ownerMayPress } from '../owners.ts';
import { roleOf } from '../permissions.ts';
import { privately, refused, wronglyUsed } from '../private-reply.ts';
import { removedGroup } from '../removed-group.ts';
import { type Grammar, refusal, runCommand } from '../run-command.ts';
import { answerDelta, runAlertAction } from './click-alert.ts';
import { muteFromClick } from './click-mute.ts';

/** The role that each button needs; `run` needs the role of its command. */
const ROLE_OF_ACTION: Record<Exclude<Action['type'], 'run'>, Role> = {
  acknowledge: 'acknowledger',
  'acknowledge-note': 'acknowledger',
  expected: 'acknowledger',
  undo: 'acknowledger',
  'delta-acknowledge': 'acknowledger',
  history: 'viewer',
  why: 'viewer',
  recheck: 'operator',
  'false-alarm': 'operator',
  mute: 'operator',
  'cancel-scan': 'operator',
  'remove-group': 'operator',
  'keep-group': 'operator',
};

/** Decodes a button, checks the caller's role, and runs it. Mistakes become cards here. */
export async function runClick(grammar: Grammar, call: ClickCall, now: number): Promise<CommandResult> {
  const action = decodeAction(call.actionId);
  if (action === undefined) return wronglyUsed(errorCard(unknownButton()));
  if (action.type === 'run') return await runAgain(grammar, call, action.command, now);
  const role = await roleOf(grammar.deps, call.principal);
  const needed = ROLE_OF_ACTION[action.type];
  const denied = await refusal(grammar.deps, needed, role, action.type);
  const caller = { principal: call.principal, role, needed };
  if (denied !== undefined && !(await ownerMayPress(grammar.deps.store, action, caller))) return denied;
  if (needed !== 'viewer') await grammar.begin();
  const context = { principal: call.principal, role, channel: call.channel, now, files: [], rows: PAGE_SIZE };
  try {
    return await act(grammar, call, context, action);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (call.fields === undefined) return refused(errorCard(error));
    return { type: 'field-errors', errors: { [fieldOf(error, call.fields)]: error.message } };
  }
}

function unknownButton(): UserError {
  return new UserError('This button means nothing to NetDelta any more.', {
    hint: '`delta list` shows what is open, `help` what there is.',
  });
}

function fieldOf(error: UserError, fields: Readonly<Record<string, string>>): string {
  return error instanceof OptionError ? error.option : (Object.keys(fields)[0] ?? 'note');
}

/** The pages of a list replace each other. */
async function runAgain(grammar: Grammar, call: ClickCall, command: string, now: number): Promise<CommandResult> {
  const { principal, channel } = call;
  const result = await runCommand(
    grammar,
    { principal, channel, input: { type: 'text', text: command }, canShowForm: call.canShowForm },
    now,
  );
  const isPage = /\spage:\d+$/.test(command);
  return result.type === 'card' && result.outcome === 'ok' && isPage ? { ...result, replace: true } : result;
}

async function act(
  grammar: Grammar,
  call: ClickCall,
  context: CommandContext,
  action: Exclude<Action, { type: 'run' }>,
): Promise<CommandResult> {
  switch (action.type) {
    case 'mute':
      return await muteFromClick(grammar.deps, call, context, action);
    case 'delta-acknowledge':
      return await answerDelta(grammar.deps, context, action.delta);
    case 'cancel-scan':
      return await cancel(grammar, context, action.scan);
    case 'remove-group':
      return await remove(grammar, context, action.group);
    case 'keep-group':
      return {
        ...privately(noteCard({ title: 'Nothing was removed', tone: 'neutral', lines: ['The group stays as it is.'] })),
        replace: true,
      };
    case 'why':
      return await why(grammar, call, action.scope, context.now);
    default:
      return await runAlertAction(grammar.deps, call, context, action);
  }
}

/** Of several deltas, the worst. */
async function why(grammar: Grammar, call: ClickCall, scope: AlertScope, now: number): Promise<CommandResult> {
  const deltas = await scopeDeltas(grammar.deps.store, scope);
  const [worst] = [...deltas].sort((a, b) => RISKS.indexOf(b.risk) - RISKS.indexOf(a.risk));
  const group = worst === undefined ? undefined : await grammar.deps.store.groups.byId(worst.groupId);
  if (worst === undefined || group === undefined) throw unknownButton();
  const { address, port, protocol = 'tcp' } = worst;
  const host = address.includes('/') ? (worst.members?.[0] ?? address) : address;
  const what = port === undefined ? host : `${host.includes(':') ? `[${host}]` : host}:${port}/${protocol}`;
  return await runAgain(grammar, call, `why ${what} group:"${group.name}"`, now);
}

async function cancel({ deps }: Grammar, context: CommandContext, id: number): Promise<CommandResult> {
  const cancelled = await deps.cancelScan(id, context.principal.key);
  if (cancelled) return { type: 'silent' };
  return privately(noteCard({ title: `Scan #${id}`, tone: 'neutral', lines: ['It had ended already.'] }));
}

async function remove({ deps }: Grammar, context: CommandContext, id: number): Promise<CommandResult> {
  const group = await deps.store.groups.byId(id);
  if (group === undefined) {
    return {
      ...privately(noteCard({ title: 'Nothing to remove', tone: 'neutral', lines: ['That group is gone already.'] })),
      replace: true,
    };
  }
  return { ...(await removedGroup(deps, group, context)), replace: true };
}
