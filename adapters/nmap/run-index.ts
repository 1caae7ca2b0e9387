import { statSync } from 'node:fs';
import { createHostTable, type HostTable } from '../../src/core/compare/host-table.ts';
import { mergeHosts } from '../../src/core/compare/merge-hosts.ts';
import type { HostObservation, RunHeader } from '../../src/core/model/observation.ts';
import { createFragmentParser } from '../../src/core/nmap-xml/fragment.ts';
import { createHostPieces } from '../../src/core/nmap-xml/host-pieces.ts';
import { isRegular, wasNamed } from '../../src/core/nmap-xml/host-slice.ts';
import { createUnusable } from '../../src/core/nmap-xml/unusable.ts';
import type { RunIndexer } from '../../src/ports/run-indexer.ts';
import { compareWith } from './compare-runs.ts';
import { hostPrint } from './host-print.ts';
import { createStatusReader, type Place, plainAddress } from './places.ts';
import { codeOf, readSource } from './read-source.ts';
import { type SliceSource, sliceSource } from './slice-source.ts';
import { unreadable } from './unreadable.ts';

/** Reads a run and keeps the position of each host, with a fingerprint of its bytes; a host is parsed on request. */
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
        // A second host with the same address is parsed, and so is the first one.
        if (markAsked(address) || parsed.has(address)) return false;
        // A host that was scanned by name is looked up by name, too.
        if (wasNamed(bytes)) return false;
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

/** The entries of some addresses in the last run of a file; none for a pipe, whose content is gone. */
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

/** Hosts that were kept as positions are parsed on request; the others are in the table. */
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
