import { plainText } from '../cards/card.ts';
import type { ChannelRef, Principal } from '../core/model/principal.ts';
import { withoutSecrets } from '../core/secrets.ts';
import { cleanText } from '../core/text.ts';
import type { Deps } from './deps.ts';
import type { CommandResult } from './dispatcher.ts';

const MAX_REQUEST = 500;

export type Call = { principal: Principal; channel: ChannelRef; now: number; request: string };

/** One line in the audit for one call, whatever came of it. What cannot be written is logged: the deed is done by then. */
export async function audit(
  { store, log }: Pick<Deps, 'store' | 'log'>,
  call: Call,
  result: CommandResult,
): Promise<void> {
  const detail = detailOf(result);
  try {
    await store.audit.add({
      at: call.now,
      who: call.principal.key,
      name: cleanText(call.principal.name, 100),
      channel: call.channel,
      request: cleanText(auditable(call.request), MAX_REQUEST),
      outcome: outcomeOf(result),
      ...(detail === undefined ? {} : { detail: cleanText(auditable(detail), MAX_REQUEST) }),
    });
  } catch (error) {
    log.error({ err: error, who: call.principal.key }, 'an audit entry could not be written');
  }
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

/** Without tokens, and without everything behind the host of an address. */
export function auditable(text: string): string {
  return withoutSecrets(text).replace(/\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/@]*@)?([^\s/?#]*)[^\s]*/gi, '$1$2/…');
}
