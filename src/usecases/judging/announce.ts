import { GROUP_BY_KIND_FROM } from '../../cards/alert.ts';
import { alertReplyCard } from '../../cards/alert-reply.ts';
import type { ThreadShape } from '../../core/model/alert.ts';
import type { DeltaKind } from '../../core/model/delta-kinds.ts';
import type { Group } from '../../core/model/group.ts';
import type { Ownership } from '../../core/model/record.ts';
import { letsThrough, type Route } from '../../core/model/route.ts';
import { RISKS, type Risk } from '../../core/model/scales.ts';
import type { Scan } from '../../core/model/scan.ts';
import { sortAddresses } from '../../core/network/addresses.ts';
import { riskOf } from '../../core/risk/risk.ts';
import type { AlertPart, JudgementCommit } from '../../ports/store.ts';
import type { Decision } from './decide.ts';

type Subject = { address: string; kind: DeltaKind };

/** The state of a thread: how it is divided, the hosts or kinds that have a message, and the contents of its alert. */
export type Thread = { by: ThreadShape; parts: ReadonlySet<string>; deltas: readonly Subject[] };

type Where = {
  group: Group;
  routes: readonly Route[];
  scan: Scan;
  now: number;
  ownership(address: string): Ownership;
};
type Part = { alertId?: number; about: AlertPart };

/** By host, until that would flood the thread with messages. An alert keeps the shape that it was opened with. */
export function shapeOf(deltas: readonly Subject[]): ThreadShape {
  return new Set(deltas.map(({ address }) => address)).size >= GROUP_BY_KIND_FROM ? 'kinds' : 'hosts';
}

/**
 * The messages that an alert needs, in every channel of the group, as far as its route lets them through: the parent,
 * then the thread. Deltas placed in this scan's alert open it, or join it if it exists (`ownAlert`); the others go to
 * the threads that they continue.
 */
export function announceParts(
  told: Omit<Where, 'ownership'>,
  decisions: readonly Decision[],
  facts: {
    ownAlert: number | undefined;
    threads: ReadonlyMap<number, Thread>;
    ownership(group: Group, address: string): Ownership;
  },
): JudgementCommit['announce'] {
  const { ownAlert, threads } = facts;
  const where = { ...told, ownership: (address: string) => facts.ownership(told.group, address) };
  const own = decisions.filter(({ place }) => place?.in === 'own-alert');
  const shape = shapeOf(own.map(({ delta }) => delta));
  return where.routes.flatMap((route) =>
    [...byAlert(decisions, ownAlert)].flatMap(([alert, all]) => {
      const told = worstFirst(all.filter((one) => letsThrough(route, { ...one.delta, risk: riskIn(one) })));
      if (told.length === 0) return [];
      const parts = alert === undefined ? newThread(shape, told) : openThread(where, alert, threads.get(alert), told);
      return parts.map((part) => ({ ...part, channel: route.channel }));
    }),
  );
}

/** The risk of a turn is that of its item, so that people who were notified of the item are notified of its end. */
function riskIn({ delta, place }: Decision): Risk {
  const item = place?.in === 'open-thread' && place.turn !== undefined ? place.repeats : undefined;
  return item?.risk ?? riskOf(delta, delta).risk;
}

/** In the order in which a thread is read: by risk, then by address. */
function worstFirst(decisions: readonly Decision[]): Decision[] {
  const places = new Map(
    sortAddresses(new Set(decisions.map(({ delta }) => delta.address))).map((one, at) => [one, at]),
  );
  const place = ({ delta }: Decision) => places.get(delta.address) ?? 0;
  const rank = ({ delta }: Decision) => RISKS.indexOf(riskOf(delta, delta).risk);
  return [...decisions].sort((a, b) => rank(b) - rank(a) || place(a) - place(b));
}

/** This scan's own alert first. */
function byAlert(decisions: readonly Decision[], ownAlert: number | undefined): Map<number | undefined, Decision[]> {
  const alerts = new Map<number | undefined, Decision[]>([[ownAlert, []]]);
  for (const decision of decisions) {
    const { place } = decision;
    if (place?.in !== 'own-alert' && place?.in !== 'open-thread') continue;
    const alert = place.in === 'own-alert' ? ownAlert : place.alert;
    const told = alerts.get(alert);
    if (told === undefined) alerts.set(alert, [decision]);
    else told.push(decision);
  }
  return alerts;
}

/** If all are about one host or kind, the parent holds everything. */
function newThread(shape: ThreadShape, told: readonly Decision[]): Part[] {
  const parts = partsOf(
    shape,
    told.map(({ delta }) => delta),
  );
  return [{ type: 'alert' } as const, ...(parts.length > 1 ? parts : [])].map((about) => ({ about }));
}

/** A part that the thread already shows is edited in place, which pings nobody; a reply says what is new. */
function openThread(where: Where, alertId: number, thread: Thread | undefined, told: readonly Decision[]): Part[] {
  const { by, parts, deltas } = thread ?? { by: 'hosts', parts: new Set<string>(), deltas: [] };
  const started = parts.size > 0;
  const now = told.map(({ delta }) => delta);
  const whole = partsOf(by, [...deltas, ...now]);
  // An alert of one message stays one message until there is a second subject.
  const alone = !started && whole.length === 1;
  const messages = started ? partsOf(by, now) : alone ? [] : whole;
  const known = partsOf(by, now).filter(
    (part) => alone || parts.has(part.type === 'alert-host' ? part.host : part.kind),
  );
  const replies = known.flatMap((part) => replyTo(where, part, told));
  return [{ type: 'alert' } as const, ...messages, ...replies].map((about) => ({ alertId, about }));
}

type ThreadPart = { type: 'alert-host'; host: string } | { type: 'alert-kind'; kind: DeltaKind };

function partsOf(by: ThreadShape, deltas: readonly Subject[]): ThreadPart[] {
  if (by === 'hosts')
    return [...new Set(deltas.map(({ address }) => address))].map((host) => ({ type: 'alert-host', host }));
  return [...new Set(deltas.map(({ kind }) => kind))].map((kind) => ({ type: 'alert-kind', kind }));
}

function replyTo({ group, scan, now, ownership }: Where, part: ThreadPart, told: readonly Decision[]): AlertPart[] {
  const shown = told.filter(
    ({ place, delta }) => !(place?.in === 'open-thread' && place.hidden) && isAbout(delta, part),
  );
  if (shown.length === 0) return [];
  const about = part.type === 'alert-host' ? { host: part.host } : { kind: part.kind };
  const deltas = shown.map(({ delta }) => delta);
  const calling = shown.filter((one) => one.fate.expectation === undefined && !isGood(one));
  const unexpected = calling.map(({ delta }) => delta);
  const resolves = shown.every(isGood);
  const card = alertReplyCard({
    group,
    about,
    deltas,
    unexpected,
    resolves,
    ownership,
    scan: scan.parentId ?? scan.id,
    at: now,
  });
  return [{ type: 'notice', card }];
}

/** It ends what was reported, and pings nobody. */
function isGood({ place }: Decision): boolean {
  return place?.in === 'open-thread' && place.turn?.resolvedAt !== undefined;
}

function isAbout(delta: Decision['delta'], part: ThreadPart): boolean {
  return part.type === 'alert-host' ? delta.address === part.host : delta.kind === part.kind;
}
