import { type APIMessage, ComponentType } from 'discord.js';
import { decodeAction, encodeAction } from '../../../src/cards/action.ts';
import { readCustomId } from '../render/custom-id.ts';
import { MESSAGE_COMMANDS } from './registration.ts';

/** The action of a message's own menu, for the alert to which its buttons belong; undefined if it has none. */
export function messageAction(name: string, message: APIMessage): string | undefined {
  const wanted = Object.entries(MESSAGE_COMMANDS).find(([known]) => known === name)?.[1];
  const scope = customIds(message)
    .map((id) => decodeAction(readCustomId(id).actionId))
    .find((action) => action !== undefined && 'scope' in action);
  if (wanted === undefined || scope === undefined || !('scope' in scope)) return undefined;
  return encodeAction({ type: wanted, scope: scope.scope });
}

function customIds({ components = [] }: APIMessage): string[] {
  return components.flatMap((row) =>
    row.type !== ComponentType.ActionRow
      ? []
      : row.components.flatMap((one) => {
          if (one.type === ComponentType.StringSelect) return one.options.map(({ value }) => value);
          return 'custom_id' in one ? [one.custom_id] : [];
        }),
  );
}
