import { isDeepStrictEqual } from 'node:util';
import type { RunEnd, RunHeader } from '../../src/core/model/observation.ts';
import type { ReaderOptions } from '../../src/core/nmap-xml/reader.ts';
import type { IndexedRun } from '../../src/ports/run-indexer.ts';
import type { XmlSink } from '../../src/ports/xml-reader.ts';
import { countRuns } from './count-runs.ts';
import { hostPrint } from './host-print.ts';
import { type Place, plainAddress, type Status } from './places.ts';
import { codeOf, isOfTheSystem, readSource } from './read-source.ts';
import { unreadable } from './unreadable.ts';

type NewerSink = Parameters<IndexedRun['compareWith']>[1];

/** Reads the newer run; a host with the same bytes as in the older run is known without being parsed. */
export function compareWith(
  places: ReadonlyMap<string, Place>,
  older: RunHeader | undefined,
  statusOf: (bytes: Buffer) => Status | undefined,
): IndexedRun['compareWith'] {
  /** `last`: which run of the file is the last one. */
  async function read(path: string, sink: NewerSink, last: number): Promise<{ end: RunEnd; runs: number }> {
    let alike: boolean | undefined;
    let ended = 0;
    let told = false;
    // Known hosts come before the reader passes its header on.
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
    // What looked like the beginning of another run was none.
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

/** Equal text means equal results only if both runs scanned the same. */
function readAlike(older: RunHeader, newer: RunHeader): boolean {
  return isDeepStrictEqual([older.ports, older.scanTypes], [newer.ports, newer.scanTypes]);
}
