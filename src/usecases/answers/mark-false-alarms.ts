import type { Delta } from '../../core/model/alert.ts';
import type { PrincipalKey } from '../../core/model/principal.ts';
import { type Answer, type AnswerDeps, answerDeltas } from './answer-deltas.ts';

/** Answers deltas as false alarms, and feeds the judge's belief with each of them once. */
export async function markFalseAlarms(
  deps: AnswerDeps & { falseAlarm(deltaId: number, by: PrincipalKey, now: number): Promise<void> },
  deltas: readonly Delta[],
  answer: Answer,
): Promise<{ changed: Delta[]; kept: Delta[] }> {
  const answered = await answerDeltas(deps, deltas, answer);
  for (const delta of answered.changed) await deps.falseAlarm(delta.id, answer.by, answer.at);
  return answered;
}
