import type { ScanEvidence } from '../../core/model/judgement.ts';
import type { AddressRange, HostObservation, RunEnd, RunHeader } from '../../core/model/observation.ts';
import type { ChunkRequest, Scan } from '../../core/model/scan.ts';
import { fromAddressRanges, toAddressRanges } from '../../core/network/ranges.ts';
import type { StagedChunk } from '../../ports/store.ts';
import type { XmlReader } from '../../ports/xml-reader.ts';

export type ReadChunk = { header: RunHeader; end: RunEnd; hosts: HostObservation[]; covered: AddressRange[] };

/**
 * What a scan's chunks have to say. A scan is one piece of evidence; a confirmation is one per chunk, because its
 * chunks differ in their ports. Chunks that gave nothing are left out: what they should have covered is not covered.
 * A silent address of which nothing is known is only counted as covered: a large group is millions of them.
 */
export async function gatherEvidence(
  scan: Scan,
  chunks: readonly ChunkRequest[],
  staged: readonly (StagedChunk & { chunk: number })[],
  reader: XmlReader,
  at: number,
  isKnown: (address: string) => boolean,
): Promise<ScanEvidence[]> {
  const read = await readChunks(chunks, staged, reader, (host) => host.status === 'up' || isKnown(host.address));
  const pieces = scan.kind === 'scan' ? together(read) : read;
  return pieces.map((piece) => ({
    number: scan.number,
    at,
    kind: scan.kind,
    nmapVersion: piece.header.nmapVersion,
    scanTypes: piece.header.scanTypes,
    coverage: { addresses: piece.covered, ports: piece.header.ports },
    hosts: piece.hosts,
  }));
}

/** The staged results that can be read, in the order of their chunks; of their hosts those to `keep`. */
export async function readChunks(
  chunks: readonly ChunkRequest[],
  staged: readonly (StagedChunk & { chunk: number })[],
  reader: XmlReader,
  keep: (host: HostObservation) => boolean = () => true,
): Promise<ReadChunk[]> {
  const read: ReadChunk[] = [];
  for (const result of staged) {
    const request = chunks[result.chunk];
    if (request === undefined || result.outcome === 'failed') continue;
    const chunk = await readChunk(request, result, reader, keep);
    if (chunk !== undefined) read.push(chunk);
  }
  return read;
}

async function readChunk(
  request: ChunkRequest,
  staged: StagedChunk,
  reader: XmlReader,
  keep: (host: HostObservation) => boolean,
): Promise<ReadChunk | undefined> {
  let header: RunHeader | undefined;
  const hosts: HostObservation[] = [];
  const asked: AddressRange[] = [];
  const end: RunEnd = await reader.read(
    { data: staged.xml },
    {
      onHeader: (value) => {
        header = value;
      },
      onHosts: (batch) => {
        for (const host of batch) {
          asked.push([host.address, host.address]);
          if (keep(host)) hosts.push(host);
        }
      },
    },
  );
  if (header === undefined) return undefined;
  const whole = end.complete && staged.outcome === 'complete';
  const covered = whole ? [...request.ranges] : toAddressRanges(fromAddressRanges(asked));
  return covered.length === 0 ? undefined : { header, end, hosts, covered };
}

function together(read: readonly ReadChunk[]): ReadChunk[] {
  const [first] = read;
  if (first === undefined) return [];
  const hosts: HostObservation[] = [];
  const covered: AddressRange[] = [];
  for (const chunk of read) {
    for (const host of chunk.hosts) hosts.push(host);
    for (const range of chunk.covered) covered.push(range);
  }
  return [{ header: first.header, end: first.end, hosts, covered }];
}
