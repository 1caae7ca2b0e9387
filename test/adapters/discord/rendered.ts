import { renderCard } from '../../../adapters/discord/render/render-card.ts';
import type { Card } from '../../../src/cards/card.ts';
import { openContract } from '../../fakes/discord/contract.ts';
import { readable } from '../../fakes/discord/readable.ts';
import { messageComplaints } from '../../fakes/discord/strictness.ts';

const contract = openContract();

/** A card as it would be posted, and its readable text. */
export function render(card: Partial<Card>) {
  const { body, files } = renderCard(
    { title: 'title', tone: 'info', sections: [], controls: [], ...card },
    { kindOf: () => 'user', announce: true, marker: 'https://discord.com/#netdelta-x' },
  );
  return { body, files, text: body.embeds.map((embed) => readable(embed.description ?? '').text).join('\n') };
}

/** What Discord would refuse about it. */
export function complaints({ body, files }: ReturnType<typeof render>): string[] {
  const listed = files.map((file, id) => ({ id: String(id), filename: file.name }));
  const json = JSON.parse(JSON.stringify({ ...body, ...(listed.length === 0 ? {} : { attachments: listed }) }));
  return [...contract.complaints('POST', '/channels/1/messages', json), ...messageComplaints(json, files.length)];
}
