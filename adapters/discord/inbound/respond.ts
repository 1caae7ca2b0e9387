import type { Card } from '../../../src/cards/card.ts';
import type { CommandResult } from '../../../src/commands/dispatcher.ts';
import type { Log } from '../../../src/ports/log.ts';
import type { Acknowledged, Answer } from './answer.ts';

/** Discord expects the first answer within 3 s; the work gets this long before the answer is deferred. */
const GRACE_MS = 1500;

/**
 * Does the work and answers with the result; work that takes longer is acknowledged meanwhile, and answered later. The
 * acknowledgement comes after the commit wherever possible: a process that dies in between must not leave a click that
 * Discord has shown as accepted and nobody has processed. (A form can only be the first answer anyway.)
 */
export async function respond(
  options: { answer: Answer; how: Acknowledged; log: Log },
  work: () => Promise<CommandResult>,
): Promise<void> {
  const { answer, how, log } = options;
  const result = guarded(work, log);
  if (!(await settledWithin(result, GRACE_MS))) await answer.defer(how);
  await answer.show(await result);
}

/** The answer replaces "are you sure?". */
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
