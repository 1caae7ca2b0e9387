import type { Card, Inline } from './card.ts';
import { counted, strong } from './words.ts';

const SIGNS = { added: '+', changed: '~', removed: '−' } as const;

/** What a file of groups changes, or has changed. */
export function planCard(plan: {
  lines: readonly { what: keyof typeof SIGNS; group: string; text: string }[];
  /** Names of groups that the file doesn’t have. */
  missing: readonly string[];
  /** Reports on all groups, of which the file has no list. */
  missingReports: number;
  done: boolean;
  removes: boolean;
}): Card {
  const { lines, missing, missingReports, done, removes } = plan;
  const counts = (['added', 'changed', 'removed'] as const).flatMap((what) => {
    const count = lines.filter((line) => line.what === what).length;
    return count === 0 ? [] : [`${count} ${what}`];
  });
  const title = lines.length === 0 ? 'Nothing to do' : `${done ? 'Applied' : 'Plan'}: ${counts.join(', ')}`;
  const left = missing.join(', ');
  const note = `${counted(missing.length, 'group')} not in the file, left alone: ${left}. \`--prune\` removes them with their history.`;
  return {
    title,
    tone: done || lines.length === 0 ? 'good' : 'info',
    sections: [
      ...(lines.length === 0
        ? [{ type: 'text' as const, text: 'The groups are as the file says.' }]
        : [{ type: 'list' as const, items: lines.map((line): Inline[] => lineOf(line)) }]),
      ...(missing.length === 0 || removes ? [] : [{ type: 'text' as const, text: note }]),
      ...(missingReports === 0 ? [] : [{ type: 'text' as const, text: reportsNote(missingReports) }]),
      ...(done || lines.length === 0 ? [] : [{ type: 'text' as const, text: 'Nothing was changed yet.' }]),
    ],
    controls: [],
    attachment: {
      name: 'plan.txt',
      mimeType: 'text/plain',
      content: lines.map(({ what, group, text }) => `${SIGNS[what]} ${group}: ${text}\n`).join(''),
      when: 'cut',
    },
  };
}

function reportsNote(count: number): string {
  const removed = count === 1 ? 'removes it' : 'removes them';
  return `${counted(count, 'report')} on all groups not in the file, left alone. \`--prune\` ${removed}.`;
}

function lineOf({ what, group, text }: { what: keyof typeof SIGNS; group: string; text: string }): Inline[] {
  return [{ type: 'text', text: `${SIGNS[what]} ` }, strong(group), { type: 'text', text: `: ${text}` }];
}
