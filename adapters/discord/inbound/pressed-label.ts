import { type APIMessageComponentInteraction, ComponentType } from 'discord.js';

/** The label of the pressed button, for the question whether it was meant. */
export function pressedLabel({ message, data }: APIMessageComponentInteraction): string {
  for (const row of message.components ?? []) {
    if (row.type !== ComponentType.ActionRow) continue;
    for (const component of row.components) {
      if (component.type !== ComponentType.Button || !('custom_id' in component)) continue;
      if (component.custom_id === data.custom_id && 'label' in component) return component.label ?? 'Yes';
    }
  }
  return 'Yes';
}
