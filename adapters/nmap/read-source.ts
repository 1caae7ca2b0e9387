import type { ReadBudget } from '../../src/core/model/budget.ts';
import type { HostObservation, RunEnd } from '../../src/core/model/observation.ts';
import { createNmapReader, type NmapReader, type ReaderOptions } from '../../src/core/nmap-xml/reader.ts';
import type { XmlReader, XmlSink } from '../../src/ports/xml-reader.ts';
import { atSight } from './at-sight.ts';
import { unreadable } from './unreadable.ts';
import { xmlBytes } from './xml-bytes.ts';
import type { XmlSource } from './xml-messages.ts';

const TOO_LARGE = 'it unpacks to more than such a scan can say';
const SECOND_RUN = 'a second document follows; only the first run was read';

/** Reads one source in the calling thread. Rejects, with the system's code, when it can't be read at all. */
export async function readSource(
  source: XmlSource,
  sink: XmlSink,
  options: ReaderOptions & Partial<ReadBudget> = {},
): Promise<RunEnd> {
  const { bytes: most = Number.POSITIVE_INFINITY } = options;
  const reader = createNmapReader(
    sink.isKnown === undefined ? options : { ...options, isKnown: atSight(sink.isKnown) },
  );
  const runs = createRuns(reader, sink);
  let size = 0;
  try {
    for await (const bytes of xmlBytes(source)) {
      size += bytes.length;
      if (size > most) break;
      await runs.take(reader.push(bytes));
      if (reader.failed() || (reader.follows() && sink.onNextRun === undefined)) break;
    }
  } catch (error) {
    if (!codeOf(error).startsWith('Z_')) throw error;
    const end = { ...reader.end(), complete: false, error: 'its gzip is damaged' };
    runs.tellHeader();
    return end;
  }
  const end = reader.end();
  runs.tellHeader();
  if (size > most) return { ...end, complete: false, error: TOO_LARGE };
  return reader.follows() && end.error === undefined ? { ...end, error: SECOND_RUN } : end;
}

/** Passes on the reader's results, run by run. */
function createRuns(reader: NmapReader, sink: XmlSink) {
  let headerTold = false;
  function tellHeader(): void {
    const header = reader.header();
    if (header === undefined || headerTold) return;
    headerTold = true;
    sink.onHeader(header);
  }
  return {
    tellHeader,
    async take(first: readonly HostObservation[]): Promise<void> {
      let hosts = first;
      for (;;) {
        tellHeader();
        if (hosts.length > 0) await sink.onHosts(hosts);
        if (!reader.follows() || sink.onNextRun === undefined) return;
        sink.onNextRun(reader.end());
        headerTold = false;
        hosts = reader.next();
      }
    },
  };
}

/** For a thread that may be busy: one that was started for this purpose, or a command's own. */
export function createInlineReader(): XmlReader {
  return {
    read: (source, sink, budget) =>
      readSource(source, sink, budget ?? {}).catch((error: unknown) => {
        throw isOfTheSystem(error) ? unreadable(codeOf(error), source) : error;
      }),
  };
}

/** The file itself could not be opened or read. */
export function isOfTheSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
