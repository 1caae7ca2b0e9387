import { counted } from '../../cards/words.ts';
import { mergedHosts } from '../../core/compare/merge-hosts.ts';
import { readBudget } from '../../core/model/budget.ts';
import type { ScanEvidence } from '../../core/model/judgement.ts';
import type { AddressRange, HostObservation, RunEnd, RunHeader } from '../../core/model/observation.ts';
import type { ChunkRequest, Scan } from '../../core/model/scan.ts';
import { fromAddressRanges, rangesContain, rangesOf, toAddressRanges } from '../../core/network/address-ranges.ts';
import type { StagedChunk } from '../../ports/store.ts';
import type { XmlReader, XmlSink } from '../../ports/xml-reader.ts';

export type ReadChunk = {
  header: RunHeader;
  end: RunEnd;
  hosts: readonly HostObservation[];
  covered: AddressRange[];
  strangers: number;
  /** Hosts with several entries. */
  doubled: ReadonlySet<string>;
};

/** Called for hosts that answer, before they are parsed, each address once: true if the content is known. */
export type PassOver = NonNullable<XmlSink['isKnown']>;

/** `doubled`: hosts with several entries in a chunk. */
export type Gathered = { evidence: ScanEvidence[]; doubled: ReadonlySet<string>; notes: string[] };

/**
 * The evidence of a scan's chunks. A scan is one piece of evidence; a confirmation is one per chunk, because its chunks
 * differ in their ports. Chunks without a result are left out: what they should have covered is not covered. A silent,
 * unknown address is only counted as covered, because a large group has millions of them.
 */
export async function gatherEvidence(
  scan: Scan,
  chunks: readonly ChunkRequest[],
  staged: readonly (StagedChunk & { chunk: number })[],
  reader: XmlReader,
  at: number,
  isKnown: (address: string) => boolean,
  passOver: PassOver | undefined,
): Promise<Gathered> {
  const keep = (host: HostObservation) => host.status === 'up' || isKnown(host.address);
  const read = await readChunks(chunks, staged, reader, keep, passOver);
  const pieces = scan.kind === 'scan' ? together(read) : read;
  const evidence = pieces.map(
    (piece): ScanEvidence => ({
      number: scan.number,
      at,
      kind: scan.origin.type === 'baseline' ? 'baseline' : scan.kind,
      nmapVersion: piece.header.nmapVersion,
      scanTypes: piece.header.scanTypes,
      coverage: { addresses: piece.covered, ports: piece.header.ports },
      hosts: mergedHosts(piece.hosts),
    }),
  );
  const doubled = new Set(read.flatMap((chunk) => [...chunk.doubled]));
  return { evidence, doubled, notes: strangerNotes(read) };
}

export function strangerNotes(read: readonly ReadChunk[]): string[] {
  const strangers = read.reduce((sum, chunk) => sum + chunk.strangers, 0);
  return strangers > 0 ? [`${counted(strangers, 'host')} in the results had not been asked for: left out`] : [];
}

/**
 * The staged results that can be read, in the order of their chunks; of their hosts those that `keep` selects. It is
 * called for each host that is read, and was asked for.
 */
export async function readChunks(
  chunks: readonly ChunkRequest[],
  staged: readonly (StagedChunk & { chunk: number })[],
  reader: XmlReader,
  keep: (host: HostObservation) => boolean = () => true,
  passOver?: PassOver,
): Promise<ReadChunk[]> {
  const read: ReadChunk[] = [];
  for (const result of staged) {
    const request = chunks[result.chunk];
    if (request === undefined || result.outcome === 'failed') continue;
    const chunk = await readChunk(request, result, reader, keep, passOver);
    if (chunk !== undefined) read.push(chunk);
  }
  return read;
}

async function readChunk(
  request: ChunkRequest,
  staged: StagedChunk,
  reader: XmlReader,
  keep: (host: HostObservation) => boolean,
  passOver?: PassOver,
): Promise<ReadChunk | undefined> {
  let header: RunHeader | undefined;
  const hosts: HostObservation[] = [];
  const told = new Set<string>();
  const ranges = fromAddressRanges(request.ranges);
  const doubled = new Set<string>();
  let strangers = 0;
  const end: RunEnd = await reader.read(
    { data: staged.xml },
    {
      onHeader: (value) => {
        header = value;
      },
      ...(passOver === undefined
        ? {}
        : { isKnown: onceEach(passOver, told, (address) => rangesContain(ranges, address)) }),
      onHosts: (batch) => {
        for (const host of batch) {
          // A result is untrusted: it may only contain what was scanned.
          if (!rangesContain(ranges, host.address)) strangers += 1;
          else {
            if (told.has(host.address)) doubled.add(host.address);
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
  return covered.length === 0 ? undefined : { header, end, hosts: mergedHosts(hosts), covered, strangers, doubled };
}

/** A host that is passed over counts as met; a second entry of an address never is passed over. */
function onceEach(passOver: PassOver, told: Set<string>, wasAsked: (address: string) => boolean): PassOver {
  const met = new Set<string>();
  return (host, header) => {
    const { address } = host;
    if (met.has(address) || told.has(address) || !wasAsked(address)) return false;
    met.add(address);
    const known = passOver(host, header);
    if (known) told.add(address);
    return known;
  };
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
  return [{ header: first.header, end: first.end, hosts, covered, strangers: 0, doubled: new Set() }];
}
