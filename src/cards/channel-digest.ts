import type { ReportGroup } from '../core/report/report.ts';
import type { Card, Text } from './card.ts';
import { at, counted, rich, strong } from './words.ts';

export type ChannelDigestCardInput = {
  /** The groups that report in this channel, in their current state. */
  groups: readonly ReportGroup[];
  /** Epoch ms. */
  since: number;
  now: number;
};

const SHOWN = 25;

/** The state of a channel's groups, even if nothing has happened, so that silence is not mistaken for a dead bot. */
export function channelDigestCard({ groups, since, now }: ChannelDigestCardInput): Card {
  const open = sum(groups, 'open');
  return {
    title: titleOf(groups, open),
    tone: sum(groups, 'scansFailed') > 0 || silent(groups).length > 0 ? 'warning' : open > 0 ? 'info' : 'good',
    sections: [
      { type: 'list', items: groups.slice(0, SHOWN).map(groupLine), total: groups.length },
      ...(open === 0 ? [] : [{ type: 'text' as const, text: 'What is open waits for an answer.' }]),
    ],
    controls: open === 0 ? [] : [{ type: 'button', label: 'Show what is open', style: 'default', action: OPEN }],
    footer: [rich('From ', at(since), ' to ', at(now))],
  };
}

const OPEN = { type: 'run', command: 'delta list state:open' } as const;

/** `Digest: 21 scans of 3 groups, 2 deltas open`. */
function titleOf(groups: readonly ReportGroup[], open: number): string {
  const [only] = groups;
  if (only === undefined) return 'Digest: no group reports in this channel';
  const whose = groups.length === 1 ? only.name : counted(groups.length, 'group');
  const failed = sum(groups, 'scansFailed');
  return `Digest: ${counted(sum(groups, 'scansDone'), 'scan')} of ${whose}${failed === 0 ? '' : `, ${failed} failed`}, ${open === 0 ? 'nothing open' : `${counted(open, 'delta')} open`}`;
}

function groupLine(group: ReportGroup): Text {
  const { name, scansDone, scansFailed, hostsUp, open, undetermined } = group;
  const parts = [
    scansDone === 0 ? 'no scan' : counted(scansDone, 'scan'),
    ...(scansFailed === 0 ? [] : [`${scansFailed} failed`]),
    `${counted(hostsUp, 'host')} up`,
    open === 0 ? 'nothing open' : `${counted(open, 'delta')} open`,
    ...(undetermined === 0 ? [] : [`${counted(undetermined, 'host')} undetermined`]),
  ];
  return rich(strong(name), `: ${parts.join(', ')}`);
}

/** Groups without any information from this period. */
function silent(groups: readonly ReportGroup[]): ReportGroup[] {
  return groups.filter(({ scansDone }) => scansDone === 0);
}

function sum(groups: readonly ReportGroup[], what: 'open' | 'scansDone' | 'scansFailed'): number {
  return groups.reduce((total, group) => total + group[what], 0);
}
