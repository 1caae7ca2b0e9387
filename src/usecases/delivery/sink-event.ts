import { kindsWords } from '../../cards/event-words.ts';
import { defined } from '../../core/defined.ts';
import { unreachable } from '../../core/errors.ts';
import type { Delta } from '../../core/model/alert.ts';
import { EVENT_VERSION, type EventGroup, type EventScan, type SinkEvent } from '../../core/model/event.ts';
import type { Group } from '../../core/model/group.ts';
import type { Scan } from '../../core/model/scan.ts';
import type { MessageSubject } from '../../ports/message.ts';
import type { RecordedEvent, Store } from '../../ports/store.ts';
import { allDeltas } from '../answers/all-deltas.ts';
import { countReport, reportTitle } from '../views/build-report.ts';

/** Undefined when its subject is gone. `instance` distinguishes this bot's events from another's. */
export async function sinkEvent(store: Store, instance: string, event: RecordedEvent): Promise<SinkEvent | undefined> {
  const group = await store.groups.byId(event.groupId);
  if (group === undefined) return undefined;
  const { name } = group;
  const head = {
    version: EVENT_VERSION as typeof EVENT_VERSION,
    id: `${instance}-${event.id}`,
    instance,
    at: event.at,
    group: eventGroup(group),
  };
  switch (event.type) {
    case 'alert-opened':
    case 'alert-changed':
    case 'alert-resolved': {
      const alert = await store.deltas.alert(event.alertId ?? 0);
      const scan = alert === undefined ? undefined : await store.scans.byId(event.scanId ?? alert.scanId);
      if (alert === undefined || scan === undefined) return undefined;
      const about = { alert, scan: eventScan(scan), subject: await subjectOf(store, event, name) };
      return { ...head, ...about, type: event.type, deltas: await deltasOf(store, event) };
    }
    case 'delta-answered': {
      const alert = event.alertId === undefined ? undefined : await store.deltas.alert(event.alertId);
      const about = { deltas: await deltasOf(store, event), answer: event.answer ?? { type: 'open' as const } };
      const subject = await subjectOf(store, event, name);
      return { ...head, type: event.type, ...about, subject, ...defined({ alert }) };
    }
    case 'delta-released': {
      const about = { deltas: await deltasOf(store, event), subject: await subjectOf(store, event, name) };
      return { ...head, type: event.type, ...about, reason: event.reason ?? '' };
    }
    case 'scan-done':
    case 'scan-failed': {
      const scan = await store.scans.byId(event.scanId ?? 0);
      return scan === undefined ? undefined : { ...head, type: event.type, scan: eventScan(scan) };
    }
    case 'digest': {
      const events: SinkEvent[] = [];
      for (const number of event.events ?? []) {
        const recorded = await store.events.byId(number);
        const one = recorded === undefined ? undefined : await sinkEvent(store, instance, recorded);
        if (one !== undefined) events.push(one);
      }
      return { ...head, type: event.type, since: event.since ?? event.at, events };
    }
    case 'report': {
      const { format = 'png', since: from = event.at } = event;
      const about = { title: reportTitle(group), groups: [group], from, to: event.at };
      return { ...head, type: event.type, format, report: await countReport(store, about) };
    }
    case 'events-lost':
      return { ...head, type: event.type, lost: event.lost ?? 0 };
    case 'test':
      return { ...head, type: event.type, by: event.by ?? '' };
    default:
      return unreachable(event.type);
  }
}

/** Of a report on all groups, in place of one of them. */
const ALL_GROUPS: EventGroup = { id: 0, name: 'all groups', site: 'all sites' };

/** Of a report that a schedule sends to a sink of its own. */
export async function reportEvent(
  store: Store,
  instance: string,
  { subject, groups }: { subject: Extract<MessageSubject, { type: 'report' }>; groups: readonly Group[] },
): Promise<SinkEvent> {
  const { group: id, schedule, format, from, to } = subject;
  const group = groups.find((one) => one.id === id);
  const about = { title: reportTitle(group), groups, from, to };
  const head = { version: EVENT_VERSION as typeof EVENT_VERSION, id: `${instance}-report-${schedule}-${to}`, instance };
  const report = await countReport(store, about);
  return {
    ...head,
    at: to,
    group: group === undefined ? ALL_GROUPS : eventGroup(group),
    type: 'report',
    format,
    report,
  };
}

function eventGroup({ id, name, site, description, owner, tags }: Group): EventGroup {
  return { ...{ id, name, site }, ...defined({ description, owner, tags }) };
}

/** The deltas as they were when it happened: a later answer is an event of its own. */
async function deltasOf(store: Store, event: RecordedEvent): Promise<Delta[]> {
  if (event.deltaIds.length === 0) return [];
  const deltas = await allDeltas(store, { ids: event.deltaIds });
  return deltas.map((delta) => ({ ...delta, acknowledgement: event.answer ?? { type: 'open' } }));
}

/** `lab: 2 services added`: the changes that the alert was opened with. */
async function subjectOf(store: Store, event: RecordedEvent, groupName: string): Promise<string> {
  const opening = event.alertId === undefined ? undefined : await store.events.opening(event.alertId);
  return `${groupName}: ${kindsWords(await deltasOf(store, opening ?? event))}`;
}

function eventScan(scan: Scan): EventScan {
  const { id, number, kind, status, site, hostsTotal, hostsUp, startedAt, finishedAt, error, notes } = scan;
  return {
    ...{ id, number, kind, status, site, hostsTotal, hostsUp, notes },
    ...defined({ startedAt, finishedAt, error }),
  };
}
