import type { Card, Control, Text, Tone } from '../../cards/card.ts';
import type { Group } from '../../core/model/group.ts';
import type { ChannelRef } from '../../core/model/principal.ts';
import type { Store } from '../../ports/store.ts';

export type NoticeDeps = {
  store: Store;
  channelsOf(group: Group): Promise<readonly ChannelRef[]>;
  wake(): void;
};

/** Posts a notice once to the places of the group's alerts; the same text and `shownAt` again are the same notice. */
export async function tellGroup(
  deps: NoticeDeps,
  group: Group,
  notice: {
    title: string;
    tone: Tone;
    lines: readonly Text[];
    controls?: readonly Control[];
    at: number;
    shownAt?: number;
  },
): Promise<void> {
  const subject = { type: 'notice' as const, card: noticeCard({ ...notice, at: notice.shownAt ?? notice.at }) };
  for (const channel of await deps.channelsOf(group)) {
    await deps.store.messages.want({ subject, channel, at: notice.at });
  }
  deps.wake();
}

export function noticeCard(notice: {
  title: string;
  tone: Tone;
  lines: readonly Text[];
  controls?: readonly Control[];
  at: number;
}): Card {
  return {
    title: notice.title,
    tone: notice.tone,
    sections: notice.lines.map((text) => ({ type: 'text', text })),
    controls: notice.controls ?? [],
    footer: [[{ type: 'time', at: notice.at, style: 'datetime' }]],
  };
}
