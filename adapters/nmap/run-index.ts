import { statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { hostEvidence } from '../../src/core/compare/evidence.ts';
import { createHostTable, type HostTable } from '../../src/core/compare/host-table.ts';
import { mergeHosts } from '../../src/core/compare/merge-hosts.ts';
import type { HostObservation, RunEnd, RunHeader } from '../../src/core/model/observation.ts';
import { canonicalAddress } from '../../src/core/network/addresses.ts';
import { attribute, child, createFragmentParser } from '../../src/core/nmap-xml/fragment.ts';
import { createHostPieces } from '../../src/core/nmap-xml/host-pieces.ts';
import { addressIn, isRegular, statusIn } from '../../src/core/nmap-xml/host-slice.ts';
import type { ReaderOptions } from '../../src/core/nmap-xml/reader.ts';
import { createUnusable } from '../../src/core/nmap-xml/unusable.ts';
import type { IndexedRun, RunIndexer } from '../../src/ports/run-indexer.ts';
import type { XmlSink } from '../../src/ports/xml-reader.ts';
import { countRuns } from './count-runs.ts';
import { hostPrint } from './host-print.ts';
import { codeOf, isOfTheSystem, readSource } from './read-source.ts';
import { type SliceSource, sliceSource } from './slice-source.ts';
import { unreadable } from './unreadable.ts';

type Status = HostObservation['status'];
/** A host of the older run; `asked` when its bytes alone don't say what it said, or the newer run has had its address. */
type Place = { at: number; length: number; print: string; asked: boolean; taken: boolean };

/** Reads a run and keeps where each host stands, with a fingerprint of its bytes; a host is parsed when it is asked for. */
export const indexRun: RunIndexer = async (path) => {
  const source = await sliceSource(path).catch((error: unknown) => {
    throw unreadable(codeOf(error), { path });
  });
  const places = new Map<string, Place>();
  const parsed = new Set<string>();
  const markAsked = (address: string): boolean => {
    const place = places.get(address);
    if (place !== undefined) place.asked = true;
    return place !== undefined;
  };
  const statusOf = createStatusReader();
  let header: RunHeader | undefined;
  let table = createHostTable({});
  let hostsUp = 0;
  let runs = 0;
  const end = await readSource(
    { path },
    {
      onHeader(value) {
        runs++;
        header = value;
        table = createHostTable(value.ports);
      },
      onNextRun() {
        places.clear();
        parsed.clear();
        hostsUp = 0;
      },
      onHosts(hosts) {
        for (const host of hosts) {
          if (host.status === 'up') hostsUp++;
          table.add(host);
          parsed.add(host.address);
          markAsked(host.address);
        }
      },
    },
    {
      isKnown({ bytes, offset }) {
        const address = plainAddress(bytes);
        const status = address === undefined ? undefined : statusOf(bytes);
        if (address === undefined || status === undefined || !isRegular(bytes)) return false;
        // A second host of one address is parsed, beside the first one.
        if (markAsked(address) || parsed.has(address)) return false;
        // Who was asked by name is looked for by name, too.
        if (bytes.includes('type="user"')) return false;
        const place = { at: source.keep({ bytes, offset }), length: bytes.length, print: hostPrint(bytes) };
        places.set(address, { ...place, asked: false, taken: false });
        if (status === 'up') hostsUp++;
        return true;
      },
    },
  );
  const hosts = hostsOf(source, places, header, table);
  return {
    ...(header === undefined ? {} : { header }),
    end,
    hosts,
    hostsUp,
    runs,
    compareWith: compareWith(places, header, statusOf),
    again: async (newer, addresses) => [await only(path, addresses), await only(newer, addresses)],
    close: source.close,
  };
};

function compareWith(
  places: ReadonlyMap<string, Place>,
  older: RunHeader | undefined,
  statusOf: (bytes: Buffer) => Status | undefined,
): IndexedRun['compareWith'] {
  /** `last`: which run of the file is the last one. */
  async function read(path: string, sink: NewerSink, last: number): Promise<{ end: RunEnd; runs: number }> {
    let alike: boolean | undefined;
    let ended = 0;
    let told = false;
    // Hosts that are known come before the reader passes its header on.
    const tell = (header: RunHeader): void => {
      if (told || ended + 1 < last) return;
      told = true;
      sink.onHeader(header);
    };
    const lastOnly: XmlSink = {
      onHeader: tell,
      onHosts: (hosts) => (ended + 1 < last ? undefined : sink.onHosts(hosts)),
      ...(last > 1 ? { onNextRun: () => void ended++ } : {}),
    };
    const isKnown: ReaderOptions['isKnown'] = ({ bytes }, header) => {
      if (ended + 1 < last) return true;
      tell(header);
      alike ??= older !== undefined && readAlike(older, header);
      const address = alike ? plainAddress(bytes) : undefined;
      const place = address === undefined ? undefined : places.get(address);
      if (address === undefined || place === undefined) return false;
      const first = !place.asked;
      place.asked = true;
      const status = statusOf(bytes);
      if (!first || status === undefined || place.print !== hostPrint(bytes)) return false;
      place.taken = true;
      sink.onSame({ address, status });
      return true;
    };
    const end = await readSource({ path }, lastOnly, { isKnown });
    // What looked like the beginning of one more run was none.
    return told || ended + 1 >= last ? { end, runs: last } : read(path, sink, ended + 1);
  }
  return async (path, sink) => {
    try {
      return await read(path, sink, await countRuns(path));
    } catch (error) {
      throw isOfTheSystem(error) ? unreadable(codeOf(error), { path }) : error;
    }
  };
}

/** The entries of some addresses in the last run of a file; none of what came through a pipe and is gone. */
async function only(path: string, addresses: ReadonlySet<string>): Promise<HostObservation[]> {
  if (!statSync(path).isFile()) return [];
  let found: HostObservation[] = [];
  await readSource(
    { path },
    {
      onHeader: () => {
        found = [];
      },
      onHosts: (hosts) => {
        for (const host of hosts) if (addresses.has(host.address)) found.push(host);
      },
      onNextRun: () => undefined,
    },
  );
  return found;
}

type NewerSink = Parameters<IndexedRun['compareWith']>[1];

/** The same text says the same only where the same was asked. */
function readAlike(older: RunHeader, newer: RunHeader): boolean {
  return isDeepStrictEqual([older.ports, older.scanTypes], [newer.ports, newer.scanTypes]);
}

/** An address as NetDelta writes it too; others are found by parsing. */
function plainAddress(bytes: Buffer): string | undefined {
  const address = addressIn(bytes);
  return address !== undefined && canonicalAddress(address) === address ? address : undefined;
}

/** Few hosts differ in their status. Undefined where only the ports can say whether it is up. */
function createStatusReader(): (bytes: Buffer) => Status | undefined {
  const parse = createFragmentParser();
  const known = new Map<string, Status | undefined>();
  function read(text: string): Status | undefined {
    const node = child(parse(text), 'status') ?? {};
    const status = attribute(node, 'state');
    if (status !== 'up' && status !== 'down') return undefined;
    const reason = attribute(node, 'reason') ?? 'unknown';
    const { strength } = hostEvidence({
      address: '',
      hostnames: [],
      status,
      reason,
      timedOut: false,
      ports: [],
      extra: [],
    });
    return strength === (status === 'up' ? 'strong-present' : 'weak-absent') ? status : undefined;
  }
  return (bytes) => {
    const text = statusIn(bytes);
    if (!known.has(text)) known.set(text, known.size < 1000 ? read(text) : undefined);
    return known.get(text);
  };
}

/** Those that were kept as places are parsed when they are asked for; the others stand in the table. */
function hostsOf(
  source: SliceSource,
  places: Map<string, Place>,
  header: RunHeader | undefined,
  table: HostTable,
): HostTable {
  const pieces = createHostPieces(createFragmentParser());
  function parse({ at, length }: Place): HostObservation | undefined {
    return header === undefined ? undefined : pieces.read(source.read(at, length))?.build(header, createUnusable());
  }
  return {
    add: table.add,
    wasAsked: (name) => table.wasAsked(name),
    take(address) {
      const place = places.get(address);
      const other = table.take(address);
      if (place === undefined) return other;
      const host = place.taken ? undefined : parse(place);
      const seen = place.taken;
      place.taken = true;
      if (host === undefined) return seen ? 'seen' : 'none';
      return typeof other === 'string' ? host : mergeHosts(host, other);
    },
    *rest() {
      const others = new Map([...table.rest()].map((host) => [host.address, host]));
      for (const [address, place] of places) {
        const host = place.taken ? undefined : parse(place);
        const other = others.get(address);
        if (host !== undefined) yield other === undefined ? host : mergeHosts(host, other);
      }
      for (const host of others.values()) if (!places.has(host.address)) yield host;
    },
  };
}
