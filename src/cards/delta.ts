import type { Delta } from '../core/model/alert.ts';
import type { Group } from '../core/model/group.ts';
import { lifeOf } from '../core/model/life.ts';
import { answerWords, isOpen, nowWords } from './acknowledgement.ts';
import type { Card, Control, Inline, Text } from './card.ts';
import { phraseOf, serviceAndPort } from './change-phrases.ts';
import { deltaDetail } from './delta-detail.ts';
import { type Paging, pageControls, pageFooter } from './paging.ts';
import { sentence } from './sentence.ts';
import {
  at,
  changeWords,
  code,
  counted,
  gradeWords,
  inlines,
  portWords,
  rich,
  said,
  shortIdentity,
  strong,
  toneOf,
} from './words.ts';

/** `contents`: the ports that a new host appeared with; `contentOf`: the new host that this port appeared with. */
export type DeltaRow = { delta: Delta; groupName: string; contents?: readonly Delta[]; contentOf?: number };

/** One page of deltas, newest first, with a menu to acknowledge them. */
export function deltaListCard(rows: readonly DeltaRow[], what: string, paging: Paging): Card {
  return {
    title: `${counted(paging.total, 'delta')}${what === '' ? '' : ` (${what})`}`,
    tone: rows.length === 0 ? 'good' : toneOf(rows.map((row) => row.delta)),
    sections:
      rows.length === 0
        ? [{ type: 'text', text: 'No matches.' }]
        : [{ type: 'list', items: rows.map((row) => deltaRowLine(row)) }],
    controls: [...pageControls(paging), ...acknowledgeMenu(rows.map((row) => row.delta))],
    footer: pageFooter(paging),
  };
}

/** The line of a delta, with the deltas that are one item with it. */
export function deltaRowLine({ delta, groupName, contents = [], contentOf }: DeltaRow): Text {
  const line = deltaLine(delta, groupName);
  if (contentOf !== undefined) return rich(...inlines(line), `; came with the new host of delta #${contentOf}`);
  return contents.length === 0 ? line : rich(...inlines(line), `; with ${contentWords(contents)}`);
}

const CONTENTS_SHOWN = 8;

/** `3 open ports: 22/tcp, 80/tcp, 443/tcp`. */
export function contentWords(contents: readonly Delta[]): string {
  const ports = contents.slice(0, CONTENTS_SHOWN).map((delta) => portWords(delta));
  const more = contents.length - ports.length;
  return `${counted(contents.length, 'open port')}: ${ports.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}

/** `#41 SSH 22/tcp opened on 10.0.0.5 (office): OpenSSH 8.9p1 · medium risk, certain · 2 hours ago`. */
export function deltaLine(delta: Delta, groupName: string): Text {
  const { kind, before, after } = delta;
  const product = shortIdentity(after?.present === true ? after.identity : before?.identity);
  const what = kind === 'service-changed' ? changeWords(delta) : product.includes(' ') ? product : '';
  return rich(
    strong(`#${delta.id} `),
    lineWords(delta, groupName),
    ...(what === '' ? [] : [': ', code(what)]),
    ` · ${delta.risk} risk, ${gradeWords(delta.grade)} · `,
    at(delta.at, 'relative'),
    ...presentState(delta),
    stateWords(delta),
  );
}

/** `; now: open again since 09:12`: what happened first is at the beginning of the line. */
function presentState(delta: Delta): Inline[] {
  const words = delta.state === 'confirmed' ? nowWords(delta) : undefined;
  return words === undefined ? [] : [said('; '), ...inlines(words)];
}

/** With the port beside the name of its service, because people search a list for it. */
function lineWords(delta: Delta, groupName: string): string {
  if (delta.port === undefined) return sentence([delta], groupName);
  return `${phraseOf(delta.kind).say(serviceAndPort(delta), delta.address, false)} (${groupName})`;
}

function stateWords(delta: Delta): string {
  if (delta.state === 'suppressed') return `; held back: ${delta.heldBack ?? 'by policy'}`;
  if (delta.state === 'candidate') return '; waits for more evidence';
  if (delta.state === 'refuted') return '; refuted by later evidence';
  return isOpen(delta) ? '' : `; ${lifeOf(delta).replace('-', ' ')}`;
}

/** At most 25 options on either platform. */
export function acknowledgeMenu(deltas: readonly Delta[]): Control[] {
  const open = deltas.filter((delta) => delta.state === 'confirmed' && isOpen(delta)).slice(0, 25);
  if (open.length === 0) return [];
  return [
    {
      type: 'menu',
      label: 'Acknowledge…',
      options: open.map((delta) => ({
        label: `Acknowledge #${delta.id}: ${sentence([delta])}`,
        action: { type: 'delta-acknowledge', delta: delta.id },
      })),
    },
  ];
}

export function deltaShowCard(delta: Delta, group: Group | undefined): Card {
  const answer = delta.acknowledgement;
  return {
    title: sentence([delta], group?.name),
    tone: toneOf([delta]),
    sections: [
      ...deltaDetail(delta),
      { type: 'text', text: status(delta) },
      ...(answer.type === 'open' ? [] : [{ type: 'text' as const, text: answerWords(answer) }]),
    ],
    controls:
      delta.state === 'confirmed' && isOpen(delta)
        ? [
            {
              type: 'button',
              label: 'Acknowledge',
              style: 'primary',
              action: { type: 'delta-acknowledge', delta: delta.id },
            },
          ]
        : [],
    footer: [
      rich(
        `delta #${delta.id} · scan #${delta.scanId}${delta.alertId === undefined ? '' : ` · alert #${delta.alertId}`} · `,
        at(delta.at),
      ),
    ],
  };
}

function status(delta: Delta): string {
  switch (delta.state) {
    case 'candidate':
      return 'Not believed yet: it waits for more evidence.';
    case 'refuted':
      return 'Refuted: later evidence showed that nothing had changed.';
    case 'suppressed':
      return `Recorded, not announced: ${delta.heldBack ?? 'held back by policy'}.`;
    case 'confirmed':
      return delta.alertId === undefined ? 'Confirmed.' : 'Confirmed and announced.';
  }
}
