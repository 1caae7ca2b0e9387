import { readable } from './readable.ts';
import type { FakeMessage } from './world.ts';

export type SeenMessage = {
  /** Everything readable, markdown resolved. */
  text: string;
  links: string[];
  buttons: { label: string; customId: string }[];
  menus: { label: string; options: string[] }[];
  files: { name: string; content: string }[];
  pings: string[];
  colour: number | undefined;
};

export function see(message: FakeMessage): SeenMessage {
  const said = [
    message.content,
    ...message.embeds.flatMap((embed) => [embed.title ?? '', embed.description ?? '']),
  ].map(readable);
  // The URL of an embed is a link only if it has a title.
  const titled = message.embeds.flatMap(({ title, url }) => (title === undefined || url === undefined ? [] : [url]));
  const parts = message.components.flatMap((row) => row.components ?? []);
  return {
    text: said
      .map(({ text }) => text)
      .filter((text) => text !== '')
      .join('\n'),
    links: [...said.flatMap(({ links }) => links), ...titled],
    buttons: parts
      .filter((part) => part.type === 2)
      .map(({ label = '', custom_id: customId = '' }) => ({ label, customId })),
    menus: parts
      .filter((part) => part.type === 3)
      .map(({ placeholder = '', options = [] }) => ({
        label: placeholder,
        options: options.map(({ label }) => label),
      })),
    files: message.files.map(({ name, data }) => ({ name, content: data.toString('utf8') })),
    pings: message.pings,
    colour: message.embeds[0]?.color,
  };
}
