import { GROUP_BY_KIND_FROM } from '../../cards/alert.ts';
import { alertReplyCard } from '../../cards/alert-reply.ts';
import type { JudgedDelta } from '../../core/model/delta.ts';
import { DELTA_KINDS, type DeltaKind } from '../../core/model/delta-kinds.ts';
import type { Group } from '../../core/model/group.ts';
import { letsThrough, type Route } from '../../core/model/route.ts';
import type { Scan } from '../../core/model/scan.ts';
import { riskOf } from '../../core/risk/risk.ts';
import type { AlertPart, JudgementCommit, Store } from '../../ports/store.ts';
import { allDeltas } from '../answers/all-deltas.ts';

export type ToldDelta = {
  delta: JudgedDelta;
  at: { in: 'new'; index: number } | { in: 'changed'; id: number };
  /** The alert whose thread is still open for this story. */
  joins?: number;
  /** The closed alert that told this story before. */
  previousAlert?: number;
  /** Counted where it was told first, and no more. */
  hidden?: boolean;
  /** It was announced: it calls nobody. */
  expected?: boolean;
};

type Where = { group: Group; routes: readonly Route[]; scan: Scan; now: number };
type Part = { alertId?: number; about: AlertPart };

/** The messages that an alert needs: its parent, then its thread, in every channel of the group. */
export async function announceParts(
  store: Store,
  where: Where,
  told: readonly ToldDelta[],
  existing: number | undefined,
): Promise<JudgementCommit['announce']> {
  const announce: JudgementCommit['announce'][number][] = [];
  for (const route of where.routes) {
    const passed = told.filter(({ delta }) => letsThrough(route, { ...delta, risk: riskOf(delta, delta).risk }));
    const parts = await partsOfAll(store, where, passed, existing);
    announce.push(...parts.map((part) => ({ ...part, channel: route.channel })));
  }
  return announce;
}

async function partsOfAll(
  store: Store,
  where: Where,
  told: readonly ToldDelta[],
  existing: number | undefined,
): Promise<Part[]> {
  const parts: Part[] = [];
  const fresh = told.filter((one) => one.joins === undefined);
  if (fresh.length > 0) parts.push(...(await partsOf(store, where, existing, fresh)));
  for (const alertId of new Set(told.flatMap((one) => (one.joins === undefined ? [] : [one.joins])))) {
    const joining = told.filter((one) => one.joins === alertId);
    parts.push(...(await partsOf(store, where, alertId, joining)));
  }
  return parts;
}

async function partsOf(
  store: Store,
  where: Where,
  alertId: number | undefined,
  told: readonly ToldDelta[],
): Promise<Part[]> {
  const now = told.map((one) => one.delta);
  if (alertId === undefined) {
    const thread = threadOf(now, isManyHosts(now));
    return [{ type: 'alert' } as const, ...(thread.length > 1 ? thread : [])].map((about) => ({ about }));
  }
  const before = await allDeltas(store, { alertId, states: ['confirmed'] });
  const kinds = await isByKind(store, alertId);
  const started = kinds || (await hasThread(store, alertId, before));
  const whole = threadOf([...before, ...now], kinds);
  // An alert of one message goes on as one, until there is a second thing to speak of.
  const alone = !started && whole.length === 1;
  const thread = started ? threadOf(now, kinds) : alone ? [] : whole;
  const replies = await repliesBeside(store, where, alertId, { thread: threadOf(now, kinds), alone }, told);
  return [{ type: 'alert' } as const, ...thread, ...replies].map((about) => ({ alertId, about }));
}

/** The thread's messages: one per host, or per kind; of one, all stands in the parent. */
function threadOf(deltas: readonly Subject[], byKind: boolean): ThreadPart[] {
  if (!byKind) return [...new Set(deltas.map(({ address }) => address))].map((host) => ({ type: 'alert-host', host }));
  const kinds = DELTA_KINDS.filter((kind) => deltas.some((delta) => delta.kind === kind));
  return kinds.map((kind) => ({ type: 'alert-kind', kind }));
}

type Subject = { address: string; kind: DeltaKind };

function isManyHosts(deltas: readonly Subject[]): boolean {
  return new Set(deltas.map(({ address }) => address)).size >= GROUP_BY_KIND_FROM;
}

async function hasThread(store: Store, alert: number, deltas: readonly Subject[]): Promise<boolean> {
  for (const { address: host } of deltas) {
    if ((await store.messages.bySubject({ type: 'alert-host', alert, host })).length > 0) return true;
  }
  return false;
}

type ThreadPart = Extract<AlertPart, { type: 'alert-host' | 'alert-kind' }>;

/** What the thread has a message of already is edited there, which calls nobody: a reply says what is new. */
async function repliesBeside(
  store: Store,
  { group, scan, now }: Where,
  alert: number,
  { thread, alone }: { thread: readonly ThreadPart[]; alone: boolean },
  told: readonly ToldDelta[],
): Promise<AlertPart[]> {
  const replies: AlertPart[] = [];
  for (const part of thread) {
    if (!alone && (await store.messages.bySubject({ ...part, alert })).length === 0) continue;
    const about = part.type === 'alert-host' ? { host: part.host } : { kind: part.kind };
    const shown = told.filter((one) => one.hidden !== true && isAbout(one.delta, part));
    if (shown.length === 0) continue;
    const deltas = shown.map((one) => one.delta);
    const unexpected = shown.filter((one) => one.expected !== true).map((one) => one.delta);
    const card = alertReplyCard({ group, about, deltas, unexpected, scan: scan.parentId ?? scan.id, at: now });
    replies.push({ type: 'notice', card });
  }
  return replies;
}

function isAbout(delta: JudgedDelta, part: ThreadPart): boolean {
  return part.type === 'alert-host' ? delta.address === part.host : delta.kind === part.kind;
}

/** An alert keeps the shape it was opened with; one that began with a single message gets replies by host. */
async function isByKind(store: Store, alert: number): Promise<boolean> {
  for (const kind of DELTA_KINDS) {
    if ((await store.messages.bySubject({ type: 'alert-kind', alert, kind })).length > 0) return true;
  }
  return false;
}
