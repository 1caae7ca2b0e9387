import { plainText } from '../cards/card.ts';
import { defined } from '../core/defined.ts';
import type { ChannelRef, Principal } from '../core/model/principal.ts';
import { withoutSecrets } from '../core/secrets.ts';
import { cleanText } from '../core/text.ts';
import type { Deps } from './deps.ts';
import type { CommandResult } from './dispatcher.ts';

/** The longest list of targets that is accepted fits. */
const MAX_REQUEST = 25_000;
const MAX_DETAIL = 1_000;

export type Call = { principal: Principal; channel: ChannelRef; now: number; request: string };

/**
 * Written before an action. Throws when it can't be written, and the action is then not done. Returns the entry's id.
 */
export function auditBegin({ store }: Pick<Deps, 'store'>, call: Call): Promise<number> {
  return store.audit.add({ ...entryOf(call), outcome: 'begun', kind: 'deed' });
}

/**
 * One line in the audit for each call, whatever its result. `begun`: the entry that was written before the action;
 * without it nothing could change.
 */
export async function audit(
  { store, log }: Pick<Deps, 'store' | 'log'>,
  call: Call,
  result: CommandResult,
  begun?: number,
): Promise<void> {
  const detail = detailOf(result);
  try {
    await store.audit.add({
      ...entryOf(call),
      outcome: outcomeOf(result),
      kind: begun === undefined && outcomeOf(result) === 'ok' ? 'read' : 'deed',
      ...defined({ answers: begun }),
      ...(result.type === 'card' && result.change !== undefined
        ? { change: auditable(JSON.stringify(result.change)) }
        : {}),
      ...(detail === undefined ? {} : { detail: cleanText(auditable(detail), MAX_DETAIL) }),
    });
  } catch (error) {
    log.error({ err: error, who: call.principal.key }, 'an audit entry could not be written');
  }
}

function entryOf(call: Call) {
  return {
    at: call.now,
    who: call.principal.key,
    name: cleanText(call.principal.name, 100),
    channel: call.channel,
    request: cleanText(auditable(call.request), MAX_REQUEST),
  };
}

function outcomeOf(result: CommandResult): 'ok' | 'refused' | 'failed' {
  if (result.type === 'card') return result.outcome;
  return result.type === 'field-errors' ? 'refused' : 'ok';
}

function detailOf(result: CommandResult): string | undefined {
  if (result.type === 'field-errors') return Object.values(result.errors).join(' ');
  if (result.type === 'form') return 'form shown';
  if (result.type === 'silent') return undefined;
  const { title, summary, sections } = result.card;
  if (result.outcome === 'ok') return title;
  const [first] = sections;
  return summary ?? (first?.type === 'text' ? `${title}: ${plainText(first.text)}` : title);
}

/** Without tokens, and without everything after the host of a URL. */
export function auditable(text: string): string {
  return withoutSecrets(text).replace(
    /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/@]*@)?([^\s/?#]*)[^\s]*/gi,
    '$1$2/…',
  );
}
