import { alertCard, type Earlier, isOneMessage } from '../../cards/alert.ts';
import { alertHostCard } from '../../cards/alert-host.ts';
import { alertKindCard } from '../../cards/alert-kind.ts';
import { type Card, markedTitle } from '../../cards/card.ts';
import { failedScansCard } from '../../cards/failed-scans.ts';
import { firstDeterminedCard } from '../../cards/first-determined.ts';
import { scanCard } from '../../cards/scan.ts';
import type { ScanSummary } from '../../cards/scan-result.ts';
import { sentence } from '../../cards/sentence.ts';
import { toneOf } from '../../cards/words.ts';
import { defined } from '../../core/defined.ts';
import { unreachable } from '../../core/errors.ts';
import type { Alert, Delta } from '../../core/model/alert.ts';
import type { Group } from '../../core/model/group.ts';
import { isOver, type Scan } from '../../core/model/scan.ts';
import type { MessageSubject } from '../../ports/message.ts';
import type { Store } from '../../ports/store.ts';
import { allDeltas } from '../answers/all-deltas.ts';
import { groupsThatSaw } from '../judging/groups-that-saw.ts';
import { notesOn, readOwnership } from '../records/ownership.ts';
import { failuresFrom } from '../schedules/watch-failures.ts';

/** Subjects that are shown as a card; a sink receives events instead. */
export type CardSubject = Exclude<MessageSubject, { type: 'event' | 'report' }>;
export type MessageCard = { card: Card; threadName?: string };

/** A link to another alert, seen from the message's channel. */
type LinkTo = (alert: number) => Promise<string | undefined>;

/** The current content of a message. Undefined when its subject is gone. */
export async function messageCard(
  store: Store,
  subject: CardSubject,
  now: number,
  linkTo: LinkTo = async () => undefined,
): Promise<MessageCard | undefined> {
  switch (subject.type) {
    case 'notice':
      return { card: subject.card };
    case 'scan':
      return scanMessage(store, subject.scan, now);
    case 'failed-scans':
      return failedScans(store, subject.scan);
    case 'first-determined':
      return firstDetermined(store, subject.group);
    case 'alert':
    case 'alert-host':
    case 'alert-kind':
      return alertMessage(store, subject, linkTo);
    default:
      return unreachable(subject);
  }
}

type AlertSubject = Extract<MessageSubject, { alert: number }>;

async function alertMessage(store: Store, subject: AlertSubject, linkTo: LinkTo): Promise<MessageCard | undefined> {
  const alert = await store.deltas.alert(subject.alert);
  const group = alert === undefined ? undefined : await store.groups.byId(alert.groupId);
  const scan = alert === undefined ? undefined : await store.scans.byId(alert.scanId);
  if (alert === undefined || group === undefined || scan === undefined) return undefined;
  const deltas = await allDeltas(store, { alertId: alert.id, states: ['confirmed'] });
  return {
    card: await cardOf(store, subject, { alert, group, scan, deltas, linkTo }),
    // A thread is opened when there is something to post in it.
    ...(subject.type === 'alert' && isOneMessage(deltas) ? {} : { threadName: threadName(deltas, group) }),
  };
}

function threadName(deltas: readonly Delta[], group: Group): string {
  return markedTitle({ tone: toneOf(deltas), title: sentence(deltas, group.name) });
}

type Parts = { alert: Alert; group: Group; scan: Scan; deltas: readonly Delta[]; linkTo: LinkTo };

/** The parent; for a single host it has the host names, because no reply shows them. */
async function parentCard(store: Store, of: Parts): Promise<Card> {
  const [address, other] = new Set(of.deltas.map((delta) => delta.address));
  const state =
    address === undefined || other !== undefined ? undefined : await store.states.host(of.group.id, address);
  const coverage = await store.scans.coverage(of.scan.id);
  const owned = await readOwnership(
    store,
    of.deltas.map((delta) => delta.address),
  );
  const notes = address === undefined || other !== undefined ? [] : await notesOn(store, of.group.id, address);
  return alertCard({
    ...{
      ...of,
      state,
      coverage,
      notes,
      earlier: await earlierOf(of),
      alsoIn: await groupsThatSaw(store, of.group, of.deltas),
    },
    ownership: (host) => owned(of.group, host),
  });
}

async function earlierOf({ alert: { previousId }, linkTo }: Parts): Promise<Earlier | undefined> {
  if (previousId === undefined) return undefined;
  const url = await linkTo(previousId);
  return { alert: previousId, ...defined({ url }) };
}

async function cardOf(store: Store, subject: AlertSubject, of: Parts): Promise<Card> {
  switch (subject.type) {
    case 'alert':
      return parentCard(store, of);
    case 'alert-host': {
      const deltas = of.deltas.filter((delta) => delta.address === subject.host);
      const state = await store.states.host(of.group.id, subject.host);
      const notes = await notesOn(store, of.group.id, subject.host);
      const ownership = (await readOwnership(store, [subject.host]))(of.group, subject.host);
      return alertHostCard({ ...of, host: subject.host, deltas, state, notes, ownership });
    }
    case 'alert-kind':
      return alertKindCard({
        ...of,
        kind: subject.kind,
        deltas: of.deltas.filter((delta) => delta.kind === subject.kind),
      });
    default:
      return unreachable(subject);
  }
}

async function scanMessage(store: Store, id: number, now: number): Promise<MessageCard | undefined> {
  const scan = await store.scans.byId(id);
  const group = scan === undefined ? undefined : await store.groups.byId(scan.groupId);
  if (scan === undefined || group === undefined) return undefined;
  return { card: scanCard({ scan, group, now, summary: await scanSummary(store, scan) }) };
}

/** What a scan found; undefined if it was not judged, because the group's hosts are then not its result. */
export async function scanSummary(store: Store, scan: Scan): Promise<ScanSummary | undefined> {
  if (!isOver(scan) || !(await wasJudged(store, scan))) return undefined;
  const own = await foundBy(store, scan);
  const seen = await store.scans.seen(scan.id);
  const held = own.filter((delta) => delta.state === 'suppressed');
  const later = await laterLooks(store, scan);
  const again = later.find((look) => !isOver(look) && look.origin.type !== 'baseline');
  return {
    ...defined({ seen }),
    deltas: own.filter((delta) => delta.state === 'confirmed'),
    candidates: own.filter((delta) => delta.state === 'candidate').length,
    ...(again === undefined ? {} : { askedAgainAt: again.queuedAt }),
    heldBack: held.length,
    heldBy: [
      ...new Set(held.flatMap(({ heldBack }) => (/^(?:mute|window) /.test(heldBack ?? '') ? [heldBack ?? ''] : []))),
    ],
    ...(await firstIn(store, scan, later)),
  };
}

/** The doubts of a scan stay its own; a later look has found what it settled itself. */
async function foundBy(store: Store, { id, parentId, finishedAt }: Scan): Promise<Delta[]> {
  const all = await allDeltas(store, { scanId: parentId ?? id, parts: 'with' });
  return parentId === undefined ? all : all.filter(({ at }) => at === finishedAt);
}

/** Confirmations of a scan, and repeats of what it probed for the first time; newest first. */
async function laterLooks(store: Store, scan: Scan): Promise<Scan[]> {
  const { groupId, id } = scan;
  const { items } = await store.scans.list({ groupId, kind: 'confirmation', after: id }, { limit: 50, offset: 0 });
  return items.filter(({ parentId }) => parentId === id);
}

/**
 * What it determined for the first time, including its repeats. Without an earlier scan this is the baseline, whose
 * hosts are listed as it saw them. A group's whole list may be long, so it is only read where some of it is named.
 */
async function firstIn(
  store: Store,
  scan: Scan,
  later: readonly Scan[],
): Promise<Pick<ScanSummary, 'baseline' | 'firstDetermined'>> {
  const baseline = scan.kind === 'scan' && (await isFirst(store, scan));
  const named: number[] = [];
  for (const id of [...(baseline ? [] : [scan.id]), ...later.map((look) => look.id)]) {
    if ((await store.states.countFirstDetermined(id)) > 0) named.push(id);
  }
  const all = named.length === 0 ? [] : await store.states.firstDetermined(scan.groupId);
  return { baseline, firstDetermined: all.filter(({ scanId }) => named.includes(scanId)) };
}

async function isFirst(store: Store, { groupId, id }: Scan): Promise<boolean> {
  const before = { groupId, kind: 'scan', statuses: ['done', 'cancelled'], before: id } as const;
  return (await store.scans.list(before, { limit: 1, offset: 0 })).total === 0;
}

/** Only a judged scan has a coverage; a cancelled scan is judged when part of it was complete. */
async function wasJudged(store: Store, scan: Scan): Promise<boolean> {
  return scan.status === 'done' || (await store.scans.coverage(scan.id)) !== undefined;
}

async function failedScans(store: Store, id: number): Promise<MessageCard | undefined> {
  const first = await store.scans.byId(id);
  const group = first === undefined ? undefined : await store.groups.byId(first.groupId);
  if (first === undefined || group === undefined) return undefined;
  return { card: failedScansCard({ group, ...(await failuresFrom(store, first)) }) };
}

async function firstDetermined(store: Store, groupId: number): Promise<MessageCard | undefined> {
  const group = await store.groups.byId(groupId);
  if (group === undefined) return undefined;
  return { card: firstDeterminedCard({ group, items: await store.states.firstDetermined(groupId) }) };
}
