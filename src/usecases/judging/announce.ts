import { GROUP_BY_KIND_FROM } from '../../cards/alert.ts';
import { alertReplyCard } from '../../cards/alert-reply.ts';
import type { JudgedDelta } from '../../core/model/delta.ts';
import { DELTA_KINDS } from '../../core/model/delta-kinds.ts';
import type { Group } from '../../core/model/group.ts';
import type { Scan } from '../../core/model/scan.ts';
import type { AlertPart, JudgementCommit, Store } from '../../ports/store.ts';

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

type Where = { group: Group; channels: readonly string[]; scan: Scan; now: number };
type Part = { alertId?: number; about: AlertPart };

/** The messages that an alert needs: its parent, then its thread, in every channel of the group. */
export async function announceParts(
  store: Store,
  where: Where,
  told: readonly ToldDelta[],
  existing: number | undefined,
): Promise<JudgementCommit['announce']> {
  const parts: Part[] = [];
  const fresh = told.filter((one) => one.joins === undefined);
  if (fresh.length > 0) parts.push(...(await partsOf(store, where, existing, fresh)));
  for (const alertId of new Set(told.flatMap((one) => (one.joins === undefined ? [] : [one.joins])))) {
    const joining = told.filter((one) => one.joins === alertId);
    parts.push(...(await partsOf(store, where, alertId, joining)));
  }
  return where.channels.flatMap((channel) => parts.map((part) => ({ ...part, channel })));
}

async function partsOf(
  store: Store,
  where: Where,
  alertId: number | undefined,
  told: readonly ToldDelta[],
): Promise<Part[]> {
  const hosts = [...new Set(told.map((one) => one.delta.address))];
  const kinds = DELTA_KINDS.filter((kind) => told.some((one) => one.delta.kind === kind));
  const byKind = alertId === undefined ? hosts.length >= GROUP_BY_KIND_FROM : await isByKind(store, alertId);
  const thread: ThreadPart[] = byKind
    ? kinds.map((kind) => ({ type: 'alert-kind', kind }))
    : hosts.map((host) => ({ type: 'alert-host', host }));
  if (alertId === undefined) return [{ type: 'alert' } as const, ...thread].map((about) => ({ about }));
  const replies = await repliesBeside(store, where, alertId, thread, told);
  return [{ type: 'alert' } as const, ...thread, ...replies].map((about) => ({ alertId, about }));
}

type ThreadPart = Extract<AlertPart, { type: 'alert-host' | 'alert-kind' }>;

/** What the thread has a message of already is edited there, which calls nobody: a reply says what is new. */
async function repliesBeside(
  store: Store,
  { group, scan, now }: Where,
  alert: number,
  thread: readonly ThreadPart[],
  told: readonly ToldDelta[],
): Promise<AlertPart[]> {
  const replies: AlertPart[] = [];
  for (const part of thread) {
    if ((await store.messages.bySubject({ ...part, alert })).length === 0) continue;
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

/** An alert keeps the shape it was opened with. */
async function isByKind(store: Store, alert: number): Promise<boolean> {
  for (const kind of DELTA_KINDS) {
    if ((await store.messages.bySubject({ type: 'alert-kind', alert, kind })).length > 0) return true;
  }
  return false;
}
