import { constants, gunzipSync, gzipSync } from 'node:zlib';
import type { ScanFindings } from '../../cards/scan-lists.ts';
import { hasAnswered, seenHost } from '../../core/compare/seen.ts';
import type { HostObservation } from '../../core/model/observation.ts';
import type { Scan, SeenHost } from '../../core/model/scan.ts';
import type { StagedChunk, Store } from '../../ports/store.ts';
import type { XmlReader } from '../../ports/xml-reader.ts';
import { readChunks } from './gather-evidence.ts';
import { mergeXml } from './merge-xml.ts';

const HOSTS_SHOWN = 60;
/** Both platforms accept 10 MB without a paid plan. */
const MAX_ATTACHED_BYTES = 8 * 1024 * 1024;
/** The XML of several chunks is unpacked in memory to be joined. */
const MAX_JOINED_BYTES = 2 * 1024 * 1024;
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

/** What a scan found, read from the XML that is kept. */
export async function readScan(deps: { store: Store; reader: XmlReader }, scan: Scan): Promise<ScanFindings> {
  const staged = await deps.store.scans.staged(scan.id);
  const findings = { hosts: [] as SeenHost[], hostsUp: 0, openPorts: 0 };
  for (const { hosts } of await readChunks(await deps.store.scans.chunks(scan.id), staged, deps.reader, hasAnswered)) {
    for (const host of hosts) count(findings, host);
  }
  if (staged.length === 0) return { ...findings, note: missing(scan) };
  const bytes = staged.reduce((sum, chunk) => sum + chunk.xml.length, 0);
  if (bytes > (staged.length === 1 ? MAX_ATTACHED_BYTES : MAX_JOINED_BYTES))
    return { ...findings, note: 'Its XML is too large to be sent here.' };
  return { ...findings, xml: { name: `scan-${scan.id}.xml.gz`, data: wholeXml(staged) } };
}

function count(findings: { hosts: SeenHost[]; hostsUp: number; openPorts: number }, host: HostObservation): void {
  const seen = seenHost(host);
  findings.hostsUp++;
  findings.openPorts += seen.ports.length;
  if (findings.hosts.length < HOSTS_SHOWN) findings.hosts.push(seen);
}

function wholeXml(staged: readonly StagedChunk[]): Uint8Array {
  const [only, second] = staged;
  if (only !== undefined && second === undefined) return only.xml;
  return gzipSync(mergeXml(staged.map(unpack)));
}

/** A truncated document yields what it contains. */
function unpack({ xml }: StagedChunk): string {
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MAX_UNPACKED_BYTES };
  return gunzipSync(xml, options).toString('utf8');
}

function missing(scan: Scan): string {
  return scan.status === 'queued' || scan.status === 'running'
    ? 'It has no result yet.'
    : 'Its detail is pruned (retention: of the group); its deltas and the state of the hosts are kept.';
}
