import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { SCAN_STATUSES, type Scan } from '../../core/model/scan.ts';
import { DELTA } from './delta-data.ts';
import { MOMENT, moment } from './fields.ts';

export const SCAN = z.object({
  id: z.number().int(),
  group: z.string(),
  number: z.number().int().describe('counts the scans of the group'),
  kind: z.enum(['scan', 'confirmation']),
  confirms: z.number().int().optional(),
  status: z.enum(SCAN_STATUSES),
  profile: z.string(),
  site: z.string(),
  addresses: z.number().describe('to be scanned'),
  addressesDone: z.number(),
  hostsUp: z.number().describe('that answered in this scan'),
  parts: z.object({ all: z.number().int(), whole: z.number().int() }),
  queuedAt: MOMENT,
  startedAt: MOMENT.optional(),
  finishedAt: MOMENT.optional(),
  error: z.string().optional(),
  notes: z.array(z.string()),
});

export const SCAN_REPORT = SCAN.extend({ deltas: z.array(DELTA).describe('what it alerted') });

export function scanData(scan: Scan, group: string): z.infer<typeof SCAN> {
  return {
    ...{ id: scan.id, group, number: scan.number, kind: scan.kind, status: scan.status },
    ...{ profile: scan.settings.profile, site: scan.site },
    ...{ addresses: scan.hostsTotal, addressesDone: scan.hostsDone, hostsUp: scan.hostsUp },
    parts: { all: scan.chunkCount, whole: scan.chunksDone },
    queuedAt: moment(scan.queuedAt),
    notes: [...scan.notes],
    ...defined({ confirms: scan.parentId }),
    ...(scan.startedAt === undefined ? {} : { startedAt: moment(scan.startedAt) }),
    ...(scan.finishedAt === undefined ? {} : { finishedAt: moment(scan.finishedAt) }),
    ...defined({ error: scan.error }),
  };
}
