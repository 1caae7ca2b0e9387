import { setFlagsFromString } from 'node:v8';
import { type Comparer, compareRepeated, createComparer } from '../core/compare/compare.ts';
import { defined } from '../core/defined.ts';
import { UserError } from '../core/errors.ts';
import type { RunHeader } from '../core/model/observation.ts';
import { cleanText } from '../core/text.ts';
import type { IndexedRun, RunIndexer } from '../ports/run-indexer.ts';
import { type DiffPrinter, jsonPrinter, type ReadRun, textPrinter } from './diff-output.ts';
import { EXIT, type Io } from './io.ts';

const USAGE = 'Use: netdelta diff OLD.xml NEW.xml [--json]';

/**
 * V8 lets a heap grow to a multiple of what is in use before it collects. This program is short-lived and should stay
 * small on a shared machine. Measured on 150 MB of XML with no two services alike: 205 MB without, 140 MB with.
 */
const COLLECT_EARLY = '--heap-growing-percent=30';

/** Compares two nmap XML files as evidence, without a history. 0: no delta, 1: deltas, 2: error, as in ndiff. */
export async function runDiff(argv: readonly string[], io: Io, indexRun: RunIndexer): Promise<number> {
  const [older, newer, ...more] = argv.filter((word) => word !== '--json');
  if (older === undefined || newer === undefined || more.length > 0) {
    io.stderr('Two files are compared, the older one first.');
    io.stderr(USAGE);
    return EXIT.wrongUse;
  }
  setFlagsFromString(COLLECT_EARLY);
  try {
    const printer = argv.includes('--json') ? jsonPrinter(io) : textPrinter(io);
    return (await diff(older, newer, io, indexRun, printer)) === 0 ? EXIT.ok : EXIT.different;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    io.stderr(error.message);
    io.stderr(error.hint ?? USAGE);
    return EXIT.wrongUse;
  }
}

/** Prints every delta as soon as it is known, so that only the older run's hosts are held in memory. */
async function diff(
  olderPath: string,
  newerPath: string,
  io: Io,
  indexRun: RunIndexer,
  printer: DiffPrinter,
): Promise<number> {
  const index = await indexRun(olderPath);
  try {
    const older = whole(olderPath, index);
    warn(older, index.runs, io);
    let count = 0;
    const print = (deltas: Parameters<DiffPrinter['deltas']>[0]): void => {
      count += deltas.length;
      printer.deltas(deltas);
    };
    let header: RunHeader | undefined;
    let comparer: Comparer | undefined;
    let hostsUp = 0;
    const { end, runs } = await index.compareWith(newerPath, {
      onHeader(value) {
        header = value;
        comparer = createComparer({ ...older, hosts: index.hosts }, value);
      },
      onHosts(hosts) {
        for (const host of hosts) {
          if (host.status === 'up') hostsUp++;
          if (comparer !== undefined) print(comparer.add(host));
        }
      },
      onSame(host) {
        if (host.status === 'up') hostsUp++;
        comparer?.same(host);
      },
    });
    const newer = whole(newerPath, { ...defined({ header }), end, hostsUp });
    warn(newer, runs, io);
    if (comparer === undefined) throw new Error('a run without a header');
    print(comparer.finish(end));
    const repeated = comparer.repeated();
    const [was, is] = repeated.size === 0 ? [[], []] : await index.again(newerPath, repeated);
    const once = compareRepeated({ ...older, hosts: was }, { ...newer, hosts: is });
    print(once.deltas);
    const untold = comparer.untold().filter(({ host }) => is.length === 0 || !repeated.has(host));
    printer.end(older, newer, [...untold, ...once.untold]);
    return count;
  } finally {
    index.close();
  }
}

function whole(path: string, { header, end, hostsUp }: Pick<IndexedRun, 'header' | 'end' | 'hostsUp'>): ReadRun {
  if (header !== undefined) return { path, header, end, hostsUp };
  throw new UserError(`${path} can’t be read as nmap’s XML: ${end.error ?? 'it has no header'}.`, {
    hint: 'Give two files that nmap wrote with -oX, plain or gzip.',
  });
}

function warn({ path, end, hostsUp }: ReadRun, runs: number, io: Io): void {
  if (runs > 1) io.stderr(`${path} holds ${runs} runs of nmap: the last one is compared.`);
  if (end.error !== undefined) io.stderr(`${path} is not whole: ${end.error}.`);
  if (!end.complete) io.stderr(`Its ${hostsUp} complete hosts are compared; what is not in it counts as not covered.`);
  for (const remark of end.remarks ?? []) io.stderr(`${path}: ${cleanText(remark, 500)}.`);
}
