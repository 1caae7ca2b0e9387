import { scanCard } from '../cards/scan.ts';
import type { Group } from '../core/model/group.ts';
import type { Scan } from '../core/model/scan.ts';
import type { Store } from '../ports/store.ts';
import { scanSummary } from '../usecases/delivery/message-card.ts';
import { deltaData } from './data/delta-data.ts';
import { scanData } from './data/scan-data.ts';
import type { ScanReport } from './dispatcher.ts';

/** The progress of a scan, or its result. */
export async function reportScan(store: Store, scan: Scan, group: Group, now: number): Promise<ScanReport> {
  const summary = await scanSummary(store, scan);
  const deltas = (summary?.deltas ?? []).map((delta) => deltaData(delta, group.name));
  return {
    card: scanCard({ scan, group, now, summary }),
    data: { type: 'scan', scan: { ...scanData(scan, group.name), deltas } },
  };
}

/** The same for the scan with this id; undefined when it is gone. */
export async function reportScanById(store: Store, id: number, now: number): Promise<ScanReport | undefined> {
  const scan = await store.scans.byId(id);
  const group = scan === undefined ? undefined : await store.groups.byId(scan.groupId);
  return scan === undefined || group === undefined ? undefined : await reportScan(store, scan, group, now);
}
