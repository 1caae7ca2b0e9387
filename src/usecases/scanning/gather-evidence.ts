import { counted } from '../../cards/words.ts';
import { mergedHosts } from '../../core/compare/merge-hosts.ts';
import { readBudget } from '../../core/model/budget.ts';
import type { ScanEvidence } from '../../core/model/judgement.ts';
import type { AddressRange, HostObservation, RunEnd, RunHeader } from '../../core/model/observation.ts';
import type { ChunkRequest, Scan } from '../../core/model/scan.ts';
import { fromAddressRanges, rangesContain, rangesOf, toAddressRanges } from '../../core/network/address-ranges.ts';
import type { StagedChunk } from '../../ports/store.ts';
import type { XmlReader } from '../../ports/xml-reader.ts';

export type ReadChunk = {
  header: RunHeader;
  end: RunEnd;
  hosts: readonly HostObservation[];
  covered: AddressRange[];
  strangers: number;
};

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
  note: (text: string) => void = () => undefined,
): Promise<ScanEvidence[]> {
  const read = await readChunks(chunks, staged, reader, (host) => host.status === 'up' || isKnown(host.address));
  const strangers = read.reduce((sum, chunk) => sum + chunk.strangers, 0);
  if (strangers > 0) note(`${counted(strangers, 'host')} in the results had not been asked for: left out`);
  const pieces = scan.kind === 'scan' ? together(read) : read;
  return pieces.map((piece) => ({
    number: scan.number,
    at,
    kind: scan.origin.type === 'baseline' ? 'baseline' : scan.kind,
    nmapVersion: piece.header.nmapVersion,
    scanTypes: piece.header.scanTypes,
    coverage: { addresses: piece.covered, ports: piece.header.ports },
    hosts: mergedHosts(piece.hosts),
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
  const told = new Set<string>();
  const ranges = fromAddressRanges(request.ranges);
  let strangers = 0;
  const end: RunEnd = await reader.read(
    { data: staged.xml },
    {
      onHeader: (value) => {
        header = value;
      },
      onHosts: (batch) => {
        for (const host of batch) {
          // A result is a stranger's: it answers for what was asked.
          if (!rangesContain(ranges, host.address)) strangers += 1;
          else {
            told.add(host.address);
            if (keep(host)) hosts.push(host);
          }
        }
      },
    },
    readBudget(request),
  );
  if (header === undefined) return undefined;
  const whole = end.complete && staged.outcome === 'complete';
  const covered = whole ? [...request.ranges] : toAddressRanges(rangesOf([...told]));
  return covered.length === 0 ? undefined : { header, end, hosts: mergedHosts(hosts), covered, strangers };
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
  return [{ header: first.header, end: first.end, hosts, covered, strangers: 0 }];
}
