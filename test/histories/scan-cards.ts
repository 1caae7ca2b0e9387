import { plainText } from '../../src/cards/card.ts';
import type { HistoryBot } from './bot.ts';

/** Every number in a whole scan's message, compared with the XML that it was made of. */
export async function cardFaults(bot: HistoryBot, groupId: number): Promise<string[]> {
  const { items } = await bot
    .store()
    .scans.list({ groupId, statuses: ['done'], kind: 'scan' }, { limit: 500, offset: 0 });
  const faults: string[] = [];
  for (const { id } of items) {
    const said = bot.board.posted.find(({ card }) => card.title.startsWith(`lab: scan #${id} `));
    const saw = seenIn(bot.xml.get(id) ?? []);
    const text =
      said?.card.sections.map((section) => (section.type === 'text' ? plainText(section.text) : '')).join(' ') ?? '';
    if (!saw.test(text)) faults.push(`scan ${id} saw “${saw}” and says “${text}”`);
  }
  return faults;
}

/** Without an answer, the message may count who was believed up instead. */
const NOBODY = /No host answered|None of the [23] hosts believed up answered/;

function seenIn(documents: readonly string[]): RegExp {
  const hosts = documents
    .flatMap((xml) => xml.split('<host>').slice(1))
    .filter((host) => host.includes('reason="echo-reply"'));
  const ports = hosts.reduce((sum, host) => sum + host.split('state="open"').length - 1, 0);
  if (hosts.length === 0) return NOBODY;
  const words = [
    `${hosts.length} host${hosts.length === 1 ? '' : 's'} up`,
    `${ports} open port${ports === 1 ? '' : 's'}`,
  ];
  return new RegExp(`(^|\\D)${words.join(', ')}\\b`);
}
