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

/** Another alert that reported the same before, and its link in the reader's channel. */
export type Earlier = { alert: number; url?: string };

export type AlertCardInput = {
  alert: Alert;
  group: Group;
  scan: Scan;
  /** Everything that this alert reports. */
  deltas: readonly Delta[];
  coverage?: Coverage | undefined;
  /** Names of other groups in which the same deltas were seen. */
  alsoIn?: readonly { group: string; deltas: number }[] | undefined;
  /** If there is just one delta, its host, for names and maker. */
  state?: HostState | undefined;
  earlier?: Earlier | undefined;
  /** The owner of each address; the group's owner by default. */
  ownership?: ((address: string) => Ownership) | undefined;
  /** Notes on the host, if the alert is about a single one. */
  notes?: readonly HostNote[] | undefined;
};

/** Used where no notes on hosts are known. */
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
    // Nobody is needed any more: show who answered and when, and what is true now.
    sections: done ? standingLines(deltas) : body(input, alone),
    controls: controls(input),
    footer: footer(input, open.length),
    ...mentionOf(group, open, ownership),
    ...(byKind(deltas) ? { attachment: wholeOf(alert, deltas) } : {}),
  };
}

/** Whether the thread of these deltas is divided by kind. */
export function byKind(deltas: readonly Delta[]): boolean {
  return new Set(deltas.map((delta) => delta.address)).size >= GROUP_BY_KIND_FROM;
}

/** Who is pinged because of deltas that are still open and were not expected. */
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

/** The worst few, so that a reader can decide without opening the thread. */
function lines(deltas: readonly Delta[]): Section[] {
  const changes = sameChanges(deltas);
  if (changes.length === 0) return [];
  // Each line shows who answered; only changes without a line get a summary below.
  return [changeList(changes, SHOWN), ...standingLines(unlisted(changes, SHOWN))];
}

function standingLines(deltas: readonly Delta[]): Section[] {
  return paragraphs(standing(deltas));
}

function paragraphs(texts: readonly Text[]): Section[] {
  return texts.map((text): Section => ({ type: 'text', text }));
}

/** All its buttons where no thread has them; otherwise one button for the whole alert. */
function controls({ alert, group, deltas }: AlertCardInput): Control[] {
  const scope = { alert: alert.id };
  if (isOneMessage(deltas) || !deltas.some(isOpen)) return scopeControls(scope, deltas);
  const command = `report show "${group.name}"`;
  return [
    { type: 'button', label: 'Acknowledge all', style: 'primary', action: { type: 'acknowledge', scope } },
    { type: 'button', label: 'Report', style: 'default', action: { type: 'run', command } },
  ];
}

/** About one host, or about one kind on many: nothing is left for a thread. */
export function isOneMessage(deltas: readonly Delta[]): boolean {
  const kinds = byKind(deltas);
  return new Set(deltas.map((delta) => (kinds ? delta.kind : delta.address))).size === 1;
}

/** Secondary information: how much is answered, which scan saw it, what that scan covered. */
function footer(input: AlertCardInput, open: number): Text[] {
  const { group, scan, deltas, coverage, alsoIn, earlier, ownership = groupsOwn(group) } = input;
  const time = at(scan.finishedAt ?? scan.startedAt ?? scan.queuedAt);
  const items = itemsAmong(deltas);
  const answered = items.filter((item) => !isOpen(item)).length;
  const last = answersOf(deltas).at(-1);
  const by: Inline[] =
    last === undefined ? [] : [said(', last by '), { type: 'user', key: last.by, name: last.byName }];
  const count = items.length > 1 && open > 0 ? [`${answered} of ${items.length} acknowledged`, ...by, ' · '] : [];
  // What the scan covered only matters while somebody has to judge it.
  const covered = open > 0 ? ` · ${coverageWords(scan, coverage)}` : '';
  const [only] = deltas;
  const delta =
    deltas.length === 1 && only !== undefined ? ` · delta #${only.id}` : ` · ${counted(deltas.length, 'delta')}`;
  return [
    rich(...count, `scan #${scan.id}, `, time, `${covered}${delta}`),
    ...ownershipLine(ownershipOfAll(deltas, ownership)),
    ...(earlier === undefined ? [] : [earlierWords(earlier)]),
    ...(alsoIn === undefined || alsoIn.length === 0 ? [] : [alsoInWords(alsoIn, deltas.length)]),
  ];
}

/** A new host and the ports that it appeared with are one thing to acknowledge, as in `delta list`. */
function itemsAmong(deltas: readonly Delta[]): readonly Delta[] {
  const appeared = new Set(deltas.flatMap((one) => (one.kind === 'host-appeared' ? [placeOf(one)] : [])));
  return deltas.filter((one) => one.kind !== 'service-added' || !appeared.has(placeOf(one)));
}

const placeOf = ({ scanId, address }: Delta): string => `${scanId} ${address}`;

function alsoInWords(groups: NonNullable<AlertCardInput['alsoIn']>, all: number): string {
  const names = groups.map(({ group, deltas }) => (deltas < all ? `${group} (${deltas} of ${all})` : group));
  return `Also seen in ${names.join(', ')}; reported here only`;
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
