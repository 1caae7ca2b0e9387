import type { Action, AlertActionType } from '../../cards/action.ts';
import { noteCard } from '../../cards/note.ts';
import { UserError } from '../../core/errors.ts';
import type { AlertScope, Delta } from '../../core/model/alert.ts';
import { cleanText } from '../../core/text.ts';
import { scopeDeltas } from '../../usecases/answers/all-deltas.ts';
import { type Answer, answerDeltas, markFalseAlarms, undoAnswers } from '../../usecases/answers/answer-deltas.ts';
import type { Deps } from '../deps.ts';
import type { ClickCall, CommandContext, CommandResult } from '../dispatcher.ts';
import { noteForm } from '../grammar/forms.ts';
import { findDeltas } from '../input/find.ts';
import { privately } from '../private-reply.ts';
import { answeredCard, answerOf } from './answer-summary.ts';
import { historyOf } from './click-history.ts';

type AlertAction = Extract<Action, { type: AlertActionType }>;
const MAX_NOTE = 500;

/** Runs a button on an alert; the result appears as edits of its messages. */
export async function runAlertAction(
  deps: Deps,
  call: ClickCall,
  context: CommandContext,
  action: AlertAction,
): Promise<CommandResult> {
  const deltas = await scopeDeltas(deps.store, action.scope);
  if (deltas.length === 0) throw gone(action.scope);
  switch (action.type) {
    case 'acknowledge':
      return await answer(deps, deltas, answerOf('acknowledged', context, undefined));
    case 'acknowledge-note':
      return await answerWithNote(deps, call, context, 'acknowledged', deltas);
    case 'expected':
      return await answerWithNote(deps, call, context, 'expected', deltas);
    case 'false-alarm':
      return seen(await markFalseAlarms(deps, deltas, answerOf('false-alarm', context, undefined)), 'false-alarm');
    case 'undo':
      return seen(await undoAnswers(deps, deltas, undoneBy(context)), 'undone');
    case 'recheck':
      return await recheck(deps, context, deltas);
    case 'history':
      return privately(await historyOf(deps.store, deltas));
  }
}

function undoneBy({ principal, now }: CommandContext) {
  return { by: principal.key, byName: principal.name, at: now };
}

function gone({ alert }: AlertScope): UserError {
  return new UserError(`Nothing is left of this in alert ${alert}.`, {
    hint: 'Its group or its deltas were removed; `delta list` shows what is open.',
  });
}

/** Expected and "with a note" open a form where the platform can; elsewhere they act at once. */
async function answerWithNote(
  deps: Deps,
  call: ClickCall,
  context: CommandContext,
  type: 'acknowledged' | 'expected',
  deltas: readonly Delta[],
): Promise<CommandResult> {
  const open = deltas.some((delta) => delta.acknowledgement.type === 'open');
  if (call.fields === undefined && call.canShowForm && open) {
    return { type: 'form', form: noteForm(call.actionId, type === 'expected' ? 'It was planned' : 'Acknowledge') };
  }
  const note = cleanText(call.fields?.['note'] ?? '', MAX_NOTE);
  return await answer(deps, deltas, answerOf(type, context, note === '' ? undefined : note));
}

async function answer(deps: Deps, deltas: readonly Delta[], given: Answer): Promise<CommandResult> {
  return seen(await answerDeltas(deps, deltas, given), given.type);
}

/** A click that changed something shows in the messages; for a later click the reply names the person who was first. */
function seen(answered: { changed: Delta[]; kept: Delta[] }, type: Answer['type'] | 'undone'): CommandResult {
  return answered.changed.length > 0 ? { type: 'silent' } : privately(answeredCard(type, answered));
}

async function recheck(deps: Deps, context: CommandContext, deltas: readonly Delta[]): Promise<CommandResult> {
  const { note } = await deps.recheck({
    deltaIds: deltas.map((delta) => delta.id),
    by: context.principal.key,
    now: context.now,
  });
  return privately(noteCard({ title: 'Recheck', tone: 'info', lines: [note] }));
}

/** Pressed in a list, where no alert's message shows the result. */
export async function answerDelta(deps: Deps, context: CommandContext, id: number): Promise<CommandResult> {
  const deltas = await findDeltas(deps.store, [id]);
  return privately(
    answeredCard('acknowledged', await answerDeltas(deps, deltas, answerOf('acknowledged', context, undefined))),
  );
}
