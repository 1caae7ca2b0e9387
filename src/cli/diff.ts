import { setFlagsFromString } from 'node:v8';
import { createComparer, type OlderRun } from '../core/compare/compare.ts';
import { createHostTable } from '../core/compare/host-table.ts';
import { UserError } from '../core/errors.ts';
import type { HostObservation, RunEnd, RunHeader } from '../core/model/observation.ts';
import type { XmlReader } from '../ports/xml-reader.ts';
import { type DiffPrinter, jsonPrinter, type ReadRun, textPrinter } from './diff-output.ts';
import { EXIT, type Io } from './io.ts';

const USAGE = 'Use: netdelta diff OLD.xml NEW.xml [--json]';

/**
 * V8 lets a heap grow to a multiple of what is in use before it collects; this program is short-lived and is to stay
 * small beside what else runs on the machine. Measured on 150 MB of XML with every service unlike the others: 205 MB without, 140 MB with.
 */
const COLLECT_EARLY = '--heap-growing-percent=30';

/** Compares two nmap XML files as evidence, without a history. 0: no delta, 1: deltas, 2: error, as ndiff. */
export async function runDiff(argv: readonly string[], io: Io, reader: XmlReader): Promise<number> {
  const [older, newer, ...more] = argv.filter((word) => word !== '--json');
  if (older === undefined || newer === undefined || more.length > 0) {
    io.stderr('Two files are compared, the older one first.');
    io.stderr(USAGE);
    return EXIT.wrongUse;
  }
  setFlagsFromString(COLLECT_EARLY);
  try {
    const printer = argv.includes('--json') ? jsonPrinter(io) : textPrinter(io);
    return (await diff(older, newer, io, reader, printer)) === 0 ? EXIT.ok : EXIT.different;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    io.stderr(error.message);
    io.stderr(error.hint ?? USAGE);
    return EXIT.wrongUse;
  }
}

/** Tells every delta as soon as it is known, so that memory holds the older run only; returns how many there were. */
async function diff(
  olderPath: string,
  newerPath: string,
  io: Io,
  reader: XmlReader,
  printer: DiffPrinter,
): Promise<number> {
  let hosts = createHostTable({});
  const older = await readRun(olderPath, reader, (header) => {
    hosts = createHostTable(header.ports);
    return hosts.add;
  });
  warnOfBreak(older, io);
  const known: OlderRun = { header: older.header, end: older.end, hosts };
  let told = 0;
  const tell = (deltas: Parameters<DiffPrinter['deltas']>[0]): void => {
    told += deltas.length;
    printer.deltas(deltas);
  };
  let comparer: ReturnType<typeof createComparer> | undefined;
  const newer = await readRun(newerPath, reader, (header) => {
    const comparing = createComparer(known, header);
    comparer = comparing;
    return (host) => tell(comparing.add(host));
  });
  warnOfBreak(newer, io);
  if (comparer === undefined) throw new Error('a run without a header');
  tell(comparer.finish(newer.end));
  printer.end(older, newer, comparer.untold());
  return told;
}

async function readRun(
  path: string,
  reader: XmlReader,
  start: (header: RunHeader) => (host: HostObservation) => void,
): Promise<ReadRun> {
  let header: RunHeader | undefined;
  let onHost: ((host: HostObservation) => void) | undefined;
  let up = 0;
  const end: RunEnd = await reader.read(
    { path },
    {
      onHeader(value) {
        header = value;
        onHost = start(value);
      },
      onHosts(batch) {
        for (const host of batch) {
          if (host.status === 'up') up++;
          onHost?.(host);
        }
      },
    },
  );
  if (header === undefined) {
    throw new UserError(`${path} can’t be read as nmap’s XML: ${end.error ?? 'it has no header'}.`, {
      hint: 'Give two files that nmap wrote with -oX, plain or gzip.',
    });
  }
  return { path, header, end, hostsUp: up };
}

function warnOfBreak({ path, end, hostsUp }: ReadRun, io: Io): void {
  if (end.error === undefined) return;
  io.stderr(`${path} is not whole: ${end.error}.`);
  if (!end.complete) io.stderr(`Its ${hostsUp} complete hosts are compared; what is not in it counts as not covered.`);
}
