import type { Card } from '../../../src/cards/card.ts';
import type { CommandResult } from '../../../src/commands/dispatcher.ts';

/**
 * Discord closes a form when it is submitted and can't show errors in it: they are listed by field name, with the typed
 * values, so that nothing has to be written again.
 */
export function withTypedFields(result: CommandResult, typed: Readonly<Record<string, string>>): CommandResult {
  if (result.type !== 'field-errors') return result;
  const card: Card = {
    title: 'Nothing was changed',
    tone: 'error',
    sections: [
      { type: 'fields', fields: Object.entries(result.errors).map(([label, value]) => ({ label, value })) },
      { type: 'text', text: 'This is what you typed:' },
      {
        type: 'code',
        text: Object.entries(typed)
          .map(([name, value]) => `${name}: ${value}`)
          .join('\n'),
      },
    ],
    controls: [],
  };
  return { type: 'card', card, audience: 'private', outcome: 'refused' };
}
