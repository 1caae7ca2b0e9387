import { GROUP_BY_KIND_FROM } from '../cards/alert.ts';
import { DELTA_KINDS, type JudgedDelta } from '../core/delta.ts';
import type { Group } from '../core/group.ts';
import type { AlertPart, JudgementCommit, Store } from '../ports/store.ts';

export type ToldDelta = {
  delta: JudgedDelta;
  at: { in: 'new'; index: number } | { in: 'changed'; id: number };
  /** The alert whose thread is still open for this story. */
  joins?: number;
  /** The closed alert that told this story before. */
  previousAlert?: number;
};

/** The messages that an alert needs: its parent, then its thread, in every channel of the group. */
export async function announceParts(
  store: Store,
  where: { group: Group; channels: readonly string[] },
  told: readonly ToldDelta[],
  existing: number | undefined,
): Promise<JudgementCommit['announce']> {
  const parts: { alertId?: number; about: AlertPart }[] = [];
  const fresh = told.filter((one) => one.joins === undefined);
  if (fresh.length > 0) parts.push(...(await partsOf(store, existing, fresh)));
  for (const alertId of new Set(told.flatMap((one) => (one.joins === undefined ? [] : [one.joins])))) {
    const joining = told.filter((one) => one.joins === alertId);
    parts.push(...(await partsOf(store, alertId, joining)));
  }
  return where.channels.flatMap((channel) => parts.map((part) => ({ ...part, channel })));
}

async function partsOf(
  store: Store,
  alertId: number | undefined,
  told: readonly ToldDelta[],
): Promise<{ alertId?: number; about: AlertPart }[]> {
  const hosts = [...new Set(told.map((one) => one.delta.address))];
  const kinds = DELTA_KINDS.filter((kind) => told.some((one) => one.delta.kind === kind));
  const byKind = alertId === undefined ? hosts.length >= GROUP_BY_KIND_FROM : await isByKind(store, alertId);
  const thread: AlertPart[] = byKind
    ? kinds.map((kind) => ({ type: 'alert-kind', kind }))
    : hosts.map((host) => ({ type: 'alert-host', host }));
  const about: AlertPart[] = [{ type: 'alert' }, ...thread];
  return about.map((part) => (alertId === undefined ? { about: part } : { alertId, about: part }));
}

/** An alert keeps the shape it was opened with. */
async function isByKind(store: Store, alert: number): Promise<boolean> {
  for (const kind of DELTA_KINDS) {
    if ((await store.messages.bySubject({ type: 'alert-kind', alert, kind })).length > 0) return true;
  }
  return false;
}
