import type { HostObservation } from '../../src/core/model/observation.ts';
import type { ChunkRequest, HostPorts, IdentifiedHost } from '../../src/core/model/scan.ts';
import { formatRanges, intersectRanges, readRanges } from '../../src/core/network/range-set.ts';
import { parseRun } from '../../src/core/nmap-xml/parse-run.ts';
import type { ChunkResult, ScanProgress } from '../../src/ports/scanner.ts';
import { dueOf, identifiedOf, identityRuns, openTcp } from './identity-runs.ts';
import { createProgress } from './progress.ts';
import { complaintOf, hostsTotal, pack, resultOf, type ScannerRun, unpack } from './scanner-run.ts';
import { timedOutIn } from './timed-out.ts';
import { withIdentities } from './with-identities.ts';

/** Without anything that is known, one nmap asks for everything faster than two. */
export const hasKnown = ({ known, settings }: ChunkRequest): boolean =>
  settings.versionDetection && known !== undefined && known.length > 0;

/** The first pass is all of the work if nothing is due, and most of it otherwise: its part in the progress, percent. */
const FIRST_PART = 80;

/**
 * First the ports of all targets, then the identity of what is open and not known. Whatever becomes of the second pass,
 * the first one is the whole evidence on which hosts and services are there.
 */
export async function inTwoPasses(run: ScannerRun): Promise<ChunkResult> {
  const { request, ask, signal, notes } = run;
  const { scripts: _, ...settings } = request.settings;
  const told = progressOf(run);
  const first = createProgress({ hostsTotal: hostsTotal(request), onProgress: told.first });
  const exit = await ask({ ...request, settings: { ...settings, versionDetection: false } }, first.push);
  const ports = resultOf(exit, signal, notes);
  // An interrupted scan has not looked everywhere: what it has seen stays due.
  if (ports.outcome !== 'complete') return { ...ports, identified: [] };
  const xml = await unpack(ports.xml);
  const { hosts } = parseRun(xml);
  const due = dueOf(hosts, request.known ?? []);
  const read = await readIdentities(run, due, told);
  return {
    ...ports,
    ...(signal.aborted && due.length > 0 ? { outcome: 'interrupted' as const } : {}),
    xml: read.documents.length === 0 ? ports.xml : await pack(merged(xml, read.documents)),
    notes: [...notes, ...read.notes],
    identified: alsoOpenIn(hosts, read.identified),
  };
}

function merged(xml: Buffer, documents: readonly string[]): Buffer {
  return Buffer.from(documents.reduce(withIdentities, xml.toString('latin1')), 'latin1');
}

type Read = { documents: string[]; identified: IdentifiedHost[]; notes: readonly string[] };

/** One nmap after the other: the site's limits count this task as one. */
async function readIdentities(
  { request, ask, signal }: ScannerRun,
  due: readonly HostPorts[],
  told: ReturnType<typeof progressOf>,
): Promise<Read> {
  const documents: string[] = [];
  const identified: IdentifiedHost[] = [];
  let [done, late, failed] = [0, 0, 0];
  let why = '';
  for (const asked of identityRuns(request, due)) {
    if (signal.aborted) break;
    const hosts = hostsTotal(asked);
    const before = done;
    const progress = createProgress({
      hostsTotal: hosts,
      onProgress: (now) => told.second(now, (before + (hosts * now.percent) / 100) / due.length),
    });
    const exit = await ask(asked, progress.push).catch(asError);
    done += hosts;
    if (exit instanceof Error || exit.code !== 0) {
      failed += hosts;
      why = exit instanceof Error ? exit.message : complaintOf(exit);
      continue;
    }
    const xml = await unpack(exit.xml);
    const text = xml.toString('latin1');
    documents.push(text);
    late += timedOutIn(text).length;
    identified.push(...identifiedOf(parseRun(xml).hosts));
  }
  const notes = signal.aborted ? [] : [...tooLong(late), ...unread(failed, why)];
  return { documents, identified, notes };
}

/** This nmap does not even start. */
const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** Hosts that go together are asked for more than is due, and a port may have opened since the first pass. */
function alsoOpenIn(hosts: readonly HostObservation[], identified: readonly IdentifiedHost[]): IdentifiedHost[] {
  const open = new Map(openTcp(hosts).map(({ address, tcp }) => [address, readRanges(tcp)]));
  return identified.flatMap((read) => {
    const both = intersectRanges(open.get(read.address) ?? [], readRanges(read.tcp));
    return both.length === 0 ? [] : [{ ...read, tcp: formatRanges(both) }];
  });
}

const whom = (hosts: number): string => (hosts === 1 ? 'one host' : `${hosts} hosts`);
const again = 'they are read in the next scan';

function tooLong(hosts: number): string[] {
  return hosts === 0 ? [] : [`reading versions took too long on ${whom(hosts)}: ${again}`];
}

function unread(hosts: number, why: string): string[] {
  return hosts === 0 ? [] : [`versions of ${whom(hosts)} were not read: ${why}; ${again}`];
}

/** The progress of both passes as one, which never goes back. */
function progressOf({ onProgress }: ScannerRun) {
  let counts = { hostsDone: 0, hostsUp: 0 };
  return {
    first({ hostsDone, hostsUp, upDone, percent, phase, step }: ScanProgress): void {
      counts = { hostsDone, hostsUp };
      onProgress({ ...counts, upDone, phase, step, percent: Math.floor((percent * FIRST_PART) / 100) });
    },
    second({ step, phase }: ScanProgress, share: number): void {
      const percent = Math.min(99, FIRST_PART + Math.floor(share * (100 - FIRST_PART)));
      onProgress({
        ...counts,
        upDone: counts.hostsUp,
        phase: 'versions',
        ...(phase === 'versions' ? { step } : {}),
        percent,
      });
    },
  };
}
