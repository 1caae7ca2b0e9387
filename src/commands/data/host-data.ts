import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { traitsOf } from '../../core/judge/traits.ts';
import { type Approval, type HostRecords, portKey } from '../../core/model/record.ts';
import { HOST_CODES, type HostState } from '../../core/model/state.ts';
import type { ServiceMatch } from '../../ports/store.ts';
import { MOMENT, moment, PROTOCOL, SERVICE, serviceData } from './fields.ts';
import { APPROVAL, approvalData, NOTE, noteData } from './record-data.ts';

export const OPEN_PORT = z.object({
  group: z.string(),
  address: z.string(),
  protocol: PROTOCOL,
  port: z.number().int(),
  since: MOMENT,
  scanned: z.boolean().describe('false: the scans of its group do not ask it any more'),
  service: SERVICE.optional(),
  approval: APPROVAL.optional(),
});

/** One open port as it is believed now. */
export function openPortData(
  match: ServiceMatch,
  group: string,
  { approval, unasked }: { approval?: Approval; unasked: boolean },
): z.infer<typeof OPEN_PORT> {
  const { address, protocol, port, since, identity } = match;
  const plain = {
    ...{ group, address, protocol, port, since: moment(since), scanned: !unasked },
    ...(approval === undefined ? {} : { approval: approvalData(approval) }),
  };
  return identity === undefined ? plain : { ...plain, service: serviceData(identity) };
}

export const HOST = z.object({
  group: z.string(),
  address: z.string(),
  names: z.array(z.string()),
  mac: z.string().optional(),
  vendor: z.string().optional(),
  system: z.object({ name: z.string(), accuracy: z.number() }).optional().describe('as nmap guesses, in per cent'),
  scripts: z.array(z.object({ name: z.string(), output: z.string() })).optional(),
  status: z.enum(HOST_CODES),
  up: z.boolean(),
  firstSeen: MOMENT,
  lastSeen: MOMENT.optional().describe('absent while it answers'),
  owner: z.string().optional(),
  tags: z.array(z.string()).optional(),
  approval: APPROVAL.optional(),
  notes: z.array(NOTE).optional(),
  ports: z.array(OPEN_PORT.omit({ group: true, address: true, scanned: true })),
});

/** One host as it is believed now, with its open ports. */
export function hostData(host: HostState, group: string, records: HostRecords = {}): z.infer<typeof HOST> {
  const { ownership, approval, approvals, notes } = records;
  const { os, scripts } = traitsOf(host.memory);
  const open = host.services.filter((service) => service.present);
  return {
    ...{ group, address: host.address, names: [...host.hostnames], status: host.code, up: host.present },
    firstSeen: moment(host.firstSeen),
    ...(host.lastSeen === undefined ? {} : { lastSeen: moment(host.lastSeen) }),
    ...defined({
      mac: host.mac,
      vendor: host.vendor,
      system: os,
      scripts: scripts.length === 0 ? undefined : scripts,
      owner: ownership?.owner,
      tags: ownership === undefined ? undefined : [...ownership.tags],
      approval: approval === undefined ? undefined : approvalData(approval),
      notes: notes?.map((note) => noteData(note)),
    }),
    ports: open.map(({ protocol, port, since, identity }) => ({
      ...{ protocol, port, since: moment(since) },
      ...(identity === undefined ? {} : { service: serviceData(identity) }),
      ...approvalField(approvals?.get(portKey({ protocol, port }))),
    })),
  };
}

const approvalField = (approval: Approval | undefined) =>
  approval === undefined ? {} : { approval: approvalData(approval) };
