import type { Delta } from '../core/model/alert.ts';
import type { Group } from '../core/model/group.ts';
import type { Scan } from '../core/model/scan.ts';
import { formatEndpoint } from '../core/network/endpoint.ts';
import type { Explanation, Where } from '../core/why/explanation.ts';
import type { Card, Section, Text } from './card.ts';
import { deltaLine } from './delta.ts';
import { at, rich, strong } from './words.ts';

export type WhyView = {
  group: Group;
  explanation: Explanation;
  /** What each recent scan saw of it, newest first. */
  sightings: readonly { scan: Scan; words: string }[];
  /** Its deltas, newest first. */
  deltas: readonly Delta[];
  /** Mutes, windows and expected changes that hold it back now, and what the group's policy leaves out. */
  holds: readonly Text[];
  /** A waiting or running confirmation of it. */
  confirmation?: Scan;
  now: number;
};

/** `10.0.0.5`, `10.0.0.5:443/tcp`. */
function whereWords({ address, protocol = 'tcp', port }: Where): string {
  return port === undefined ? address : formatEndpoint({ address, protocol, port });
}

/** Why something on a network is believed to be as it is, group by group. */
export function whyCard(where: Where, views: readonly WhyView[]): Card {
  return {
    title: `Why ${whereWords(where)}`,
    tone: 'info',
    sections: views.flatMap((view, index): Section[] => [
      ...(index === 0 ? [] : [{ type: 'divider' as const }]),
      ...sections(view),
    ]),
    controls: [],
  };
}

function sections({ group, explanation, sightings, deltas, holds, confirmation, now }: WhyView): Section[] {
  const held = [...explanation.held, ...holds];
  const asked: Text[] =
    confirmation === undefined
      ? []
      : [
          confirmation.queuedAt > now
            ? rich(`Confirmation #${confirmation.id} asks again at `, at(confirmation.queuedAt), '.')
            : `Confirmation #${confirmation.id} is asking again.`,
        ];
  return [
    { type: 'text', text: rich(strong(`${group.name}: `), ...belief(explanation), ...knownWords(explanation)) },
    ...listed(
      'Recent scans, newest first:',
      sightings.map(({ scan, words }) =>
        rich(`${scanWords(scan)}, `, at(scan.finishedAt ?? scan.queuedAt), `: ${words}`),
      ),
    ),
    ...listed(
      'Reported, held back or in doubt:',
      deltas.map((delta) => deltaLine(delta, group.name)),
    ),
    ...listed('What would hold a change back now:', held),
    ...listed('What would change it:', [...explanation.changes, ...asked]),
  ];
}

function belief({ belief: { words, since } }: Explanation) {
  return since === undefined ? [`${words}.`] : [`${words} since `, at(since), '.'];
}

const knownWords = (explanation: Explanation): string[] =>
  [...explanation.remembered, ...chanceWords(explanation)].map((sentence) => ` ${sentence}`);

/** In whole percent where that is precise enough. */
function chanceWords({ chance }: Pick<Explanation, 'chance'>): string[] {
  if (chance === undefined) return [];
  const percent = chance < 0.1 ? Math.round(chance * 1000) / 10 : Math.round(chance * 100);
  return [`The chance that it is there all the same is ${percent} %.`];
}

function scanWords({ id, kind }: Scan): string {
  return kind === 'confirmation' ? `confirmation #${id}` : `scan #${id}`;
}

function listed(head: string, items: readonly Text[]): Section[] {
  return items.length === 0
    ? []
    : [
        { type: 'text', text: head },
        { type: 'list', items },
      ];
}
