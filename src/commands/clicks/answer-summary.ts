import { answerWords } from '../../cards/acknowledgement.ts';
import type { Card, Section, Text } from '../../cards/card.ts';
import { contentWords } from '../../cards/delta.ts';
import { code, counted, inlines, kindWords, rich, strong, subjectWords } from '../../cards/words.ts';
import { defined } from '../../core/defined.ts';
import type { Delta } from '../../core/model/alert.ts';
import { KINDS } from '../../core/model/delta-kinds.ts';
import type { Store } from '../../ports/store.ts';
import { allDeltas } from '../../usecases/answers/all-deltas.ts';
import type { Answer } from '../../usecases/answers/answer-deltas.ts';
import { deltaData } from '../data/delta-data.ts';
import type { CommandContext } from '../dispatcher.ts';
import { groupNames } from '../input/find.ts';
import { type CardResult, privately, withData } from '../private-reply.ts';

const DONE: Record<Answer['type'] | 'undone', string> = {
  acknowledged: 'acknowledged',
  expected: 'marked as expected',
  'false-alarm': 'marked as false alarm',
  undone: 'open again',
};
const SHOWN = 20;

export function answerOf(type: Answer['type'], { principal, now }: CommandContext, note: string | undefined): Answer {
  return { type, by: principal.key, byName: principal.name, at: now, ...defined({ note }) };
}

/** The response to a command that answers deltas: as a card, and as their current state. */
export async function answered(
  store: Store,
  type: Answer['type'] | 'undone',
  { changed, kept }: { changed: readonly Delta[]; kept: readonly Delta[] },
): Promise<CardResult> {
  const name = await groupNames(store);
  const now = await allDeltas(store, { ids: changed.map((delta) => delta.id) });
  const data = (deltas: readonly Delta[]) => deltas.map((delta) => deltaData(delta, name(delta.groupId)));
  return withData(privately(answeredCard(type, { changed, kept }, await newHosts(store, changed))), {
    ...{ type: 'answered', changed: data(now), kept: data(kept) },
  });
}

/** The new hosts that were found by the same scans, at the same addresses, as some opened ports. */
async function newHosts(store: Store, deltas: readonly Delta[]): Promise<Delta[]> {
  const ports = deltas.filter(({ kind }) => kind === 'service-added').slice(0, SHOWN);
  const hosts = new Map<number, Delta>();
  for (const { groupId, scanId, address } of ports) {
    const found = await allDeltas(store, { groupId, scanId, address, kind: 'host-appeared', states: ['confirmed'] });
    for (const host of found) hosts.set(host.id, host);
  }
  return [...hosts.values()];
}

const isWith = (port: Delta, host: Delta): boolean =>
  port.kind === 'service-added' &&
  port.scanId === host.scanId &&
  port.address === host.address &&
  port.groupId === host.groupId;

/** What was answered now, and who had already answered the others. `hosts`: new hosts of which ports were answered. */
export function answeredCard(
  type: Answer['type'] | 'undone',
  { changed, kept }: { changed: readonly Delta[]; kept: readonly Delta[] },
  hosts: readonly Delta[] = [],
): Card {
  const items = itemLines(changed, hosts);
  return {
    title: changed.length === 0 ? 'Nothing changed' : `${counted(items.length, 'delta')} ${DONE[type]}`,
    tone: changed.length === 0 ? 'neutral' : 'good',
    sections: [
      ...list(items),
      ...list(kept.map(keptLine)),
      ...none(changed, kept),
      ...undoFirst(type, kept),
      ...stays(type, changed),
    ],
    controls: [],
  };
}

function none(changed: readonly Delta[], kept: readonly Delta[]): Section[] {
  return changed.length + kept.length === 0 ? [{ type: 'text', text: 'No delta is open there.' }] : [];
}

/** A false alarm takes back what was reported as gone; something that answered stays known, and the card says so. */
function stays(type: Answer['type'] | 'undone', changed: readonly Delta[]): Section[] {
  const seen = changed.filter((delta) => KINDS[delta.kind].lesson === 'nothing');
  if (type !== 'false-alarm' || seen.length === 0) return [];
  const what =
    seen.length === changed.length
      ? 'It stays'
      : `${seen.map(({ id }) => id).join(', ')} ${seen.length === 1 ? 'stays' : 'stay'}`;
  return [
    {
      type: 'text',
      text: `${what} in what is known: the scan had an answer from there. When it is gone, that is reported.`,
    },
  ];
}

/** The delta already has another answer: the first one holds until it is undone. */
function undoFirst(type: Answer['type'] | 'undone', kept: readonly Delta[]): Section[] {
  const other = kept.filter(({ acknowledgement }) => acknowledgement.type !== 'open' && acknowledgement.type !== type);
  if (type === 'undone' || other.length === 0) return [];
  const ids = other.slice(0, SHOWN).map(({ id }) => id);
  return [
    { type: 'text', text: rich('To answer otherwise, take that back first: ', code(`delta undo ${ids.join(' ')}`)) },
  ];
}

function list(items: readonly Text[]): Section[] {
  return items.length === 0 ? [] : [{ type: 'list', items: items.slice(0, SHOWN), total: items.length }];
}

/** A new host with its ports is one line; for a port that was answered alone, the new host is named. */
function itemLines(changed: readonly Delta[], hosts: readonly Delta[]): Text[] {
  const appeared = changed.filter(({ kind }) => kind === 'host-appeared');
  return changed.flatMap((delta): Text[] => {
    if (appeared.some((host) => isWith(delta, host))) return [];
    const contents = changed.filter((port) => isWith(port, delta) && delta.kind === 'host-appeared');
    if (contents.length > 0) return [rich(...inlines(line(delta)), ` with ${contentWords(contents)}`)];
    const host = hosts.find((one) => isWith(delta, one) && one.acknowledgement.type === 'open');
    return [
      host === undefined
        ? line(delta)
        : rich(...inlines(line(delta)), `; the new host itself, delta #${host.id}, stays open`),
    ];
  });
}

function line(delta: Delta): Text {
  return rich(strong(`#${delta.id} `), `${subjectWords(delta)} ${kindWords(delta.kind)}`);
}

function keptLine(delta: Delta): Text {
  const { acknowledgement } = delta;
  const open = delta.state === 'candidate' ? 'waits for more evidence, and was not reported yet' : 'is open';
  const answer = acknowledgement.type === 'open' ? open : answerWords(acknowledgement);
  return [strong(`#${delta.id}: `), ...inlines(answer)];
}
