import { unreachable } from '../../core/errors.ts';
import type { Delta } from '../../core/model/alert.ts';
import { EVENT_VERSION, type EventScan, type SinkEvent } from '../../core/model/event.ts';
import type { Scan } from '../../core/model/scan.ts';
import type { RecordedEvent, Store } from '../../ports/store.ts';
import { allDeltas } from '../answers/all-deltas.ts';

/** Undefined when what it was about is gone. `instance` tells this bot's events from another's. */
export async function sinkEvent(store: Store, instance: string, event: RecordedEvent): Promise<SinkEvent | undefined> {
  const group = await store.groups.byId(event.groupId);
  if (group === undefined) return undefined;
  const { id, name, site, description } = group;
  const head = {
    version: EVENT_VERSION as typeof EVENT_VERSION,
    id: `${instance}-${event.id}`,
    at: event.at,
    group: { id, name, site, ...(description === undefined ? {} : { description }) },
  };
  switch (event.type) {
    case 'alert-opened':
    case 'alert-changed':
    case 'alert-resolved': {
      const alert = await store.deltas.alert(event.alertId ?? 0);
      const scan = alert === undefined ? undefined : await store.scans.byId(event.scanId ?? alert.scanId);
      if (alert === undefined || scan === undefined) return undefined;
      return { ...head, type: event.type, alert, scan: eventScan(scan), deltas: await deltasOf(store, event) };
    }
    case 'delta-answered': {
      const alert = event.alertId === undefined ? undefined : await store.deltas.alert(event.alertId);
      const about = { deltas: await deltasOf(store, event), answer: event.answer ?? { type: 'open' as const } };
      return { ...head, type: event.type, ...about, ...(alert === undefined ? {} : { alert }) };
    }
    case 'scan-done':
    case 'scan-failed': {
      const scan = await store.scans.byId(event.scanId ?? 0);
      return scan === undefined ? undefined : { ...head, type: event.type, scan: eventScan(scan) };
    }
    case 'test':
      return { ...head, type: event.type, by: event.by ?? '' };
    default:
      return unreachable(event.type);
  }
}

/** As they were when it happened: an answer that came later is an event of its own. */
async function deltasOf(store: Store, event: RecordedEvent): Promise<Delta[]> {
  if (event.deltaIds.length === 0) return [];
  const deltas = await allDeltas(store, { ids: event.deltaIds });
  return deltas.map((delta) => ({ ...delta, acknowledgement: event.answer ?? { type: 'open' } }));
}

function eventScan(scan: Scan): EventScan {
  const { id, number, kind, status, site, hostsTotal, hostsUp, startedAt, finishedAt, error, notes } = scan;
  return {
    ...{ id, number, kind, status, site, hostsTotal, hostsUp, notes },
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
    ...(error === undefined ? {} : { error }),
  };
}
