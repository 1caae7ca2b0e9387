import type { Group } from '../core/model/group.ts';
import type { Scan } from '../core/model/scan.ts';
import { describeDuration } from '../core/time/duration.ts';
import type { Card, Text } from './card.ts';
import { at, counted, rich } from './words.ts';

export type FailedScansCardInput = {
  group: Group;
  /** The series of failures: the first and the latest, and how many there are. */
  first: Scan;
  latest: Scan;
  count: number;
  /** The last successful scan before them. */
  lastGood?: Scan | undefined;
  /** The successful scan that ended them. */
  ended?: Scan | undefined;
};

/** Scheduled scans that fail: one message, which is resolved when a scan succeeds. */
export function failedScansCard(input: FailedScansCardInput): Card {
  return input.ended === undefined ? failing(input) : over(input, input.ended);
}

function failing({ group, first, latest, count, lastGood }: FailedScansCardInput): Card {
  const { name } = group;
  return {
    title:
      count === 1 ? `The scheduled scan of ${name} failed` : `${counted(count, 'scan')} of ${name} failed in a row`,
    tone: 'error',
    sections: [
      { type: 'text', text: latest.error ?? 'nmap gave no result.' },
      { type: 'text', text: unknownSince(group, lastGood) },
    ],
    controls: [
      {
        type: 'button',
        label: 'Try again',
        style: 'primary',
        action: { type: 'run', command: `scan now "${name}"` },
      },
    ],
    footer: [
      rich(
        `${name} · scan #${latest.id}, `,
        at(endOf(latest)),
        ...(count === 1 ? [] : [` · failing since scan #${first.id}, `, at(endOf(first))]),
      ),
    ],
  };
}

function unknownSince(group: Group, lastGood: Scan | undefined): Text {
  if (lastGood === undefined) return `No scan of ${group.name} has gone well yet.`;
  return rich('What has changed since ', at(endOf(lastGood)), ' is not known.');
}

function over({ group, first, count }: FailedScansCardInput, ended: Scan): Card {
  const lasted = describeDuration(endOf(ended) - endOf(first));
  const scans = count === 1 ? 'One scan had' : `${counted(count, 'scan')} had`;
  return {
    title: `${group.name} is being scanned again`,
    tone: 'resolved',
    sections: [
      {
        type: 'text',
        text: rich(
          `${scans} failed. Scan #${ended.id} went well, `,
          at(endOf(ended)),
          `, ${lasted} after the first failure.`,
        ),
      },
    ],
    controls: [],
    footer: [group.name],
  };
}

function endOf(scan: Scan): number {
  return scan.finishedAt ?? scan.startedAt ?? scan.queuedAt;
}
