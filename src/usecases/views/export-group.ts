import { toCsv } from '../../cards/csv.ts';
import { identityWords } from '../../cards/words.ts';
import { defined } from '../../core/defined.ts';
import { unreachable } from '../../core/errors.ts';
import type { Group } from '../../core/model/group.ts';
import { type Approval, type HostRecords, portKey } from '../../core/model/record.ts';
import { type HostState, hostCodeNumber } from '../../core/model/state.ts';
import type { Store } from '../../ports/store.ts';
import type { XmlReader } from '../../ports/xml-reader.ts';
import { allDeltas } from '../answers/all-deltas.ts';
import { hostRecords } from '../records/host-records.ts';
import { exportXml } from './export-xml.ts';

export const EXPORT_FORMATS = ['json', 'csv', 'xml'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
export type ExportedFile = {
  name: string;
  mimeType: 'application/json' | 'text/csv' | 'application/xml';
  content: string;
};

/** `adapters/schemas/export-1.json` describes it. */
const EXPORT_VERSION = 1;
const PAGE = 5_000;

/** The belief about a group, as a file. */
export async function exportGroup(
  deps: { store: Store; reader: XmlReader },
  group: Group,
  format: ExportFormat,
  now: number,
): Promise<{ file: ExportedFile; hosts: number }> {
  const hosts = await allHosts(deps.store, group.id);
  const name = `${group.name.replace(/[^\w.-]+/g, '_')}-${new Date(now).toISOString().slice(0, 10)}.${format}`;
  const file = async (): Promise<ExportedFile> => {
    switch (format) {
      case 'json':
        return { name, mimeType: 'application/json', content: await exportJson(deps.store, group, hosts, now) };
      case 'csv':
        return { name, mimeType: 'text/csv', content: exportCsv(hosts, await hostRecords(deps.store, group, hosts)) };
      case 'xml':
        return { name, mimeType: 'application/xml', content: await exportXml(deps, group, hosts, now) };
      default:
        return unreachable(format);
    }
  };
  return { file: await file(), hosts: hosts.length };
}

export async function allHosts(store: Store, groupId: number): Promise<HostState[]> {
  const hosts: HostState[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const { items } = await store.states.listHosts(groupId, {}, { limit: PAGE, offset });
    hosts.push(...items);
    if (items.length < PAGE) return hosts;
  }
}

async function exportJson(store: Store, group: Group, hosts: readonly HostState[], now: number): Promise<string> {
  const open = await allDeltas(store, { groupId: group.id, states: ['confirmed'], acknowledgement: 'open' });
  const { id, name, site, targets, exclude, description, owner, tags } = group;
  const recordsOf = await hostRecords(store, group, hosts);
  const baseline = (await store.records.baselines(group.id)).at(-1);
  const document = {
    version: EXPORT_VERSION,
    exportedAt: new Date(now).toISOString(),
    group: {
      ...{ id, name, site, targets, exclude },
      ...defined({ description, owner, tags, baseline }),
    },
    hosts: hosts.map((host) => exportedHost(host, recordsOf(host))),
    openDeltas: open,
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

function exportedHost(host: HostState, records: HostRecords) {
  const { address, code, present, firstSeen, lastSeen, hostnames, mac, vendor, services } = host;
  const { ownership, approval, approvals, notes = [] } = records;
  return {
    ...{ address, code, codeNumber: hostCodeNumber(code), present, firstSeen, hostnames },
    ...defined({ lastSeen, mac, vendor }),
    ...ownership,
    ...defined({ approval }),
    ...(notes.length === 0 ? {} : { notes }),
    services: services.map(({ memory: _memory, ...service }) => {
      const approved = approvals?.get(portKey(service));
      return { ...service, ...defined({ approval: approved }) };
    }),
  };
}

const CSV_HEAD = [
  ...['address', 'code', 'status', 'present', 'first seen', 'last seen', 'hostnames', 'mac', 'vendor'],
  ...['protocol', 'port', 'service', 'open', 'since', 'until'],
  ...['owner', 'tags', 'notes', 'approved by', 'approved at', 'approval'],
];

/** One row per service; a host without services has a row of its own. */
function exportCsv(hosts: readonly HostState[], recordsOf: (host: HostState) => HostRecords): string {
  const rows = hosts.flatMap((host) => {
    const { address, code, present, firstSeen, lastSeen, hostnames, mac = '', vendor = '' } = host;
    const head = [address, String(hostCodeNumber(code)), code, present ? 'yes' : 'no', iso(firstSeen), iso(lastSeen)];
    const start = [...head, hostnames.join(' '), mac, vendor];
    const { ownership, approval, approvals, notes = [] } = recordsOf(host);
    const words = notes.map((note) => note.text ?? '').join('; ');
    const owned = [ownership?.owner ?? '', (ownership?.tags ?? []).join(' '), words];
    if (host.services.length === 0) return [[...start, '', '', '', '', '', '', ...owned, ...approvalCells(approval)]];
    return host.services.map(({ protocol, port, identity, present: open, since, until }) => [
      ...[...start, protocol, String(port), identityWords(identity), open ? 'yes' : 'no', iso(since), iso(until)],
      ...[...owned, ...approvalCells(approvals?.get(portKey({ protocol, port })))],
    ]);
  });
  return toCsv([CSV_HEAD, ...rows]);
}

function approvalCells(approval: Approval | undefined): string[] {
  if (approval === undefined) return ['', '', ''];
  return [
    approval.byName,
    iso(approval.at),
    [approval.how, approval.note].filter((part) => part !== undefined).join(': '),
  ];
}

function iso(at: number | undefined): string {
  return at === undefined ? '' : new Date(at).toISOString();
}
