import type { Card } from '../../../src/cards/card.ts';
import type { CommandResult } from '../../../src/commands/dispatcher.ts';
import type { Log } from '../../../src/ports/log.ts';
import type { Acknowledged, Answer } from './answer.ts';

/** A form can only be the first answer, which Discord awaits for 3 s; so long is waited for one before deferring. */
const FORM_GRACE_MS = 1500;

/**
 * Acknowledges, works, shows. First the acknowledgement, so that nothing is done of which the user was told that it
 * failed; only where a form may have to be the first answer the work (looking up what the form shows) comes before.
 */
export async function respond(
  options: { answer: Answer; how: Acknowledged; canShowForm: boolean; log: Log },
  work: () => Promise<CommandResult>,
): Promise<void> {
  const { answer, how, canShowForm, log } = options;
  if (!canShowForm) {
    if (await answer.defer(how)) await answer.show(await guarded(work, log));
    return;
  }
  const result = guarded(work, log);
  if (!(await settledWithin(result, FORM_GRACE_MS))) await answer.defer(how);
  await answer.show(await result);
}

/** The answer takes the place of "are you sure?". */
export function insteadOfQuestion(result: CommandResult): CommandResult {
  if (result.type === 'card') return { ...result, replace: true };
  if (result.type !== 'silent') return result;
  const card: Card = { title: 'Done', tone: 'good', sections: [], controls: [] };
  return { type: 'card', card, audience: 'private', outcome: 'ok', replace: true };
}

const BROKEN: Card = {
  title: 'Something went wrong on NetDelta’s side',
  tone: 'error',
  sections: [{ type: 'text', text: 'The reason is in its log. Please try again.' }],
  controls: [],
};

async function guarded(work: () => Promise<CommandResult>, log: Log): Promise<CommandResult> {
  try {
    return await work();
  } catch (error) {
    log.error({ reason: error instanceof Error ? error.message : 'unknown' }, 'a command from Discord failed');
    return { type: 'card', card: BROKEN, audience: 'private', outcome: 'failed' };
  }
}

async function settledWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
