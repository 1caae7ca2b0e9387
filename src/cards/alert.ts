import type { Alert, Delta } from '../core/model/alert.ts';
import type { Group } from '../core/model/group.ts';
import { type HostNote, OWNER, type Ownership, ownershipOf } from '../core/model/record.ts';
import { RISKS } from '../core/model/scales.ts';
import type { Coverage, Scan } from '../core/model/scan.ts';
import type { HostState } from '../core/model/state.ts';
import { namesPlatform } from '../core/platforms.ts';
import { answersOf, isOpen, standing, turned } from './acknowledgement.ts';
import type { Card, Control, Inline, Section, Text } from './card.ts';
import { changeList, unlisted } from './change-line.ts';
import { coverageWords } from './coverage.ts';
import { deltasCsv } from './csv.ts';
import { deltaDetail, hostNames } from './delta-detail.ts';
import { noteSections, ownershipLine } from './record-words.ts';
import { sameChanges } from './same-change.ts';
import { scopeControls } from './scope-controls.ts';
import { sentence } from './sentence.ts';
import { at, counted, inlines, rich, said, toneOf } from './words.ts';

/** From this many hosts on, an alert's thread has one message per kind, not per host. */
export const GROUP_BY_KIND_FROM = 10;
const SHOWN = 5;

/** Another alert that told of the same before, and where it stands in the reader's channel. */
export type Earlier = { alert: number; url?: string };

export type AlertCardInput = {
  alert: Alert;
  group: Group;
  scan: Scan;
  /** All that is reported in this alert. */
  deltas: readonly Delta[];
  coverage?: Coverage | undefined;
  /** Names of other groups in which the same deltas were seen. */
  alsoIn?: readonly string[] | undefined;
  /** Of the one host that it is about, where there is just one delta: its names and maker. */
  state?: HostState | undefined;
  earlier?: Earlier | undefined;
  /** Whose each address is; the group's unless it is given. */
  ownership?: ((address: string) => Ownership) | undefined;
  /** What was written down about the one host that it is about. */
  notes?: readonly HostNote[] | undefined;
};

/** As long as nobody has said anything else of a host. */
export const groupsOwn = (group: Group) => (address: string) => ownershipOf(group, [], address);

/** The parent message: what happened and where in one sentence, then the lines that matter, then small print. */
export function alertCard(input: AlertCardInput): Card {
  const { alert, group, deltas, ownership = groupsOwn(group) } = input;
  const open = deltas.filter(isOpen);
  const done = deltas.length > 0 && open.length === 0;
  const [only] = deltas;
  const alone = deltas.length === 1 ? only : undefined;
  return {
    title: sentence(deltas, group.name),
    tone: toneOf(deltas),
    // Nobody is needed any more: who took it and when, and what is true now.
    sections: done ? standingLines(deltas) : body(input, alone),
    controls: controls(input),
    footer: footer(input, open.length),
    ...mentionOf(group, open, ownership),
    ...(byKind(deltas) ? { attachment: wholeOf(alert, deltas) } : {}),
  };
}

/** Whether the thread of these deltas is told kind by kind. */
export function byKind(deltas: readonly Delta[]): boolean {
  return new Set(deltas.map((delta) => delta.address)).size >= GROUP_BY_KIND_FROM;
}

/** Who is pinged by what is still open and was not announced. */
export function mentionOf(
  { notify }: Group,
  open: readonly Pick<Delta, 'risk' | 'address'>[],
  ownership: (address: string) => Ownership,
): { mention?: readonly string[] } {
  if (notify === undefined) return {};
  const calling = open.filter(
    ({ risk, address }) =>
      RISKS.indexOf(risk) >= RISKS.indexOf(notify.from) &&
      (notify.tag === undefined || ownership(address).tags.includes(notify.tag)),
  );
  const owners = notify.who === OWNER ? calling.flatMap(({ address }) => ownership(address).owner ?? []) : [];
  const called = notify.who === OWNER ? owners.filter(namesPlatform) : calling.map(() => notify.who);
  return called.length === 0 ? {} : { mention: [...new Set(called)] };
}

function wholeOf(alert: Alert, deltas: readonly Delta[]): NonNullable<Card['attachment']> {
  return { name: `alert-${alert.id}.csv`, mimeType: 'text/csv', content: deltasCsv(deltas), when: 'always' };
}

function body({ state, deltas, notes }: AlertCardInput, alone: Delta | undefined): Section[] {
  return [
    ...paragraphs(turned(deltas)),
    ...(alone === undefined ? lines(deltas) : deltaDetail(alone)),
    ...hostNames(state),
    ...noteSections(notes),
  ];
}

/** The worst few, so that nobody has to open the thread to know whether to run. */
function lines(deltas: readonly Delta[]): Section[] {
  const changes = sameChanges(deltas);
  if (changes.length === 0) return [];
  // Who answered stands in the lines; only what has none is said below them.
  return [changeList(changes, SHOWN), ...standingLines(unlisted(changes, SHOWN))];
}

function standingLines(deltas: readonly Delta[]): Section[] {
  return paragraphs(standing(deltas));
}

function paragraphs(texts: readonly Text[]): Section[] {
  return texts.map((text): Section => ({ type: 'text', text }));
}

/** All its buttons where there is no thread that has them; else one for all of it. */
function controls({ alert, group, deltas }: AlertCardInput): Control[] {
  const scope = { alert: alert.id };
  if (isOneMessage(deltas) || !deltas.some(isOpen)) return scopeControls(scope, deltas);
  const command = `report show "${group.name}"`;
  return [
    { type: 'button', label: 'Acknowledge all', style: 'primary', action: { type: 'acknowledge', scope } },
    { type: 'button', label: 'Report', style: 'default', action: { type: 'run', command } },
  ];
}

/** Of one host, or of one kind of many: nothing is left for a thread to say. */
export function isOneMessage(deltas: readonly Delta[]): boolean {
  const kinds = byKind(deltas);
  return new Set(deltas.map((delta) => (kinds ? delta.kind : delta.address))).size === 1;
}

/** What nobody needs first: how far it is answered, which scan saw it, what that covered. */
function footer(input: AlertCardInput, open: number): Text[] {
  const { group, scan, deltas, coverage, alsoIn, earlier, ownership = groupsOwn(group) } = input;
  const time = at(scan.finishedAt ?? scan.startedAt ?? scan.queuedAt);
  const answered = deltas.length - open;
  const last = answersOf(deltas).at(-1);
  const by: Inline[] =
    last === undefined ? [] : [said(', last by '), { type: 'user', key: last.by, name: last.byName }];
  const count = deltas.length > 1 && open > 0 ? [`${answered} of ${deltas.length} acknowledged`, ...by, ' · '] : [];
  // What the scan covered mattered while somebody had to judge it.
  const covered = open > 0 ? ` · ${coverageWords(scan, coverage)}` : '';
  const [only] = deltas;
  const delta =
    deltas.length === 1 && only !== undefined ? ` · delta #${only.id}` : ` · ${counted(deltas.length, 'delta')}`;
  return [
    rich(...count, `scan #${scan.id}, `, time, `${covered}${delta}`),
    ...ownershipLine(ownershipOfAll(deltas, ownership)),
    ...(earlier === undefined ? [] : [earlierWords(earlier)]),
    ...(alsoIn === undefined || alsoIn.length === 0 ? [] : [`Also seen in ${alsoIn.join(', ')}; reported here only`]),
  ];
}

/** What all of them have in common. */
function ownershipOfAll(deltas: readonly Delta[], ownership: (address: string) => Ownership): Ownership {
  const all = [...new Set(deltas.map(({ address }) => address))].map(ownership);
  const owners = new Set(all.map(({ owner }) => owner));
  const [owner] = owners;
  const tags = (all[0]?.tags ?? []).filter((tag) => all.every((one) => one.tags.includes(tag)));
  return { tags, ...(owners.size === 1 && owner !== undefined ? { owner } : {}) };
}

function earlierWords({ alert, url }: Earlier): Text {
  const words = `The same was reported before, in alert #${alert}`;
  return url === undefined
    ? words
    : [...inlines('The same was reported before: '), { type: 'link', text: `alert #${alert}`, url }];
}
