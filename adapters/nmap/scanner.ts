import { promisify } from 'node:util';
import { gunzip, gunzipSync, gzip, gzipSync } from 'node:zlib';
import { UserError } from '../../src/core/errors.ts';
import type { AddressRange } from '../../src/core/model/observation.ts';
import type { ChunkRequest } from '../../src/core/model/scan.ts';
import { countAddresses, fromAddressRanges } from '../../src/core/network/address-ranges.ts';
import { createNmapReader } from '../../src/core/nmap-xml/reader.ts';
import type { ChunkResult, Scanner, ScannerCapabilities } from '../../src/ports/scanner.ts';
import { nmapCall, targetLines } from './arguments.ts';
import { createKeeper } from './keeper.ts';
import { noteRun, runsDirectory } from './orphans.ts';
import { firstComplaint, type NmapExit, type NmapProcess, runNmap } from './process.ts';
import { createProgress } from './progress.ts';
import { firstStartable } from './startable.ts';
import { timedOutIn, timeOutWatch, withAnswers } from './timed-out.ts';

/** Where packages and Homebrew put nmap. */
const SEARCH_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/homebrew/bin:/snap/bin';

export type ScannerOptions = {
  command?: string;
  searchPath?: string;
  /** Where running nmaps are noted, so that the next start finds those that a crash left. */
  dataDir?: string;
};

export function createScanner(options: ScannerOptions = {}): Scanner {
  const { command = 'nmap', searchPath = SEARCH_PATH } = options;
  const onStarted = watchOver(options.dataDir);
  let chosen = command;
  const startAs = (one: string) => (call: Omit<NmapProcess, 'command' | 'searchPath' | 'onStarted'>) =>
    runNmap({ ...call, command: one, searchPath, onStarted });
  let known: Promise<ScannerCapabilities> | undefined;

  async function capabilities(): Promise<ScannerCapabilities> {
    known ??= choose();
    try {
      return await known;
    } catch (error) {
      // Asked again, it is tried again: nmap may have been installed meanwhile.
      known = undefined;
      throw explained(error, command);
    }
  }

  async function choose(): Promise<ScannerCapabilities> {
    const found = await firstStartable(command, searchPath, (one) => probe(startAs(one)));
    chosen = found.command;
    return found.result;
  }

  return {
    capabilities,
    async run(request, { signal, onProgress }) {
      try {
        const { rawSockets } = await capabilities();
        if (signal.aborted) return { xml: gzipSync(''), outcome: 'interrupted', notes: [] };
        const { args, notes } = nmapCall(request, rawSockets);
        const progress = createProgress({ ...expectation(request), onProgress });
        const watch = timeOutWatch();
        const onXml = (chunk: Buffer): void => {
          progress.push(chunk);
          watch.push(chunk);
        };
        const exit = await startAs(chosen)({ args, input: targetLines(request), signal, onXml });
        const first = result(exit, signal, notes);
        if (!watch.seen()) return first;
        return await askedForPorts(first, request, (again) => {
          const { args: shorter } = nmapCall(again, rawSockets);
          return startAs(chosen)({ args: shorter, input: targetLines(again), signal });
        });
      } catch (error) {
        return { xml: gzipSync(''), outcome: 'failed', error: inWords(explained(error, command)), notes: [] };
      }
    },
  };
}

/** However this process ends, its nmaps end with it, or at the next start. */
function watchOver(dataDir: string | undefined): (pid: number) => () => void {
  const keeper = createKeeper();
  return (pid) => {
    keeper.keep(pid);
    const forget = dataDir === undefined ? undefined : noteRun(runsDirectory(dataDir), pid);
    return () => {
      keeper.letGo(pid);
      forget?.();
    };
  };
}

/**
 * Tries for real: a raw scan of one closed port of this very host. Neither being root nor a capability on the file
 * proves it (containers drop capabilities; a file's are ignored on a nosuid mount).
 */
async function probe(start: (call: Omit<NmapProcess, 'command' | 'searchPath'>) => Promise<NmapExit>) {
  const args = [
    '--privileged',
    '-n',
    '-Pn',
    '-sS',
    '-p',
    '9',
    '--max-retries',
    '0',
    '--host-timeout',
    '5s',
    '-oX',
    '-',
  ];
  const { xml, stderr, code } = await start({ args: [...args, '127.0.0.1'], input: '' });
  const reader = createNmapReader();
  reader.push(gunzipSync(xml));
  const end = reader.end();
  const header = reader.header();
  if (header === undefined) {
    throw new UserError(`nmap does not work here: ${firstComplaint(stderr) ?? end.error}`, {
      hint: 'Run `nmap --version` and `nmap 127.0.0.1` by hand to see what it misses.',
    });
  }
  const rawSockets = code === 0 && end.complete && header.scanTypes.includes('syn');
  return { nmapVersion: header.nmapVersion, rawSockets };
}

function expectation({ ranges }: ChunkRequest): { hostsTotal: number } {
  return { hostsTotal: Number(countAddresses(fromAddressRanges(ranges))) };
}

function result(exit: NmapExit, signal: AbortSignal, notes: readonly string[]): ChunkResult {
  const { xml, code, stderr } = exit;
  if (code === 0) return { xml, outcome: 'complete', notes };
  if (signal.aborted) return { xml, outcome: 'interrupted', notes };
  if (code === undefined) return { xml, outcome: 'failed', error: 'nmap was killed', killed: true, notes };
  return { xml, outcome: 'failed', error: firstComplaint(stderr) ?? `nmap ended with code ${code}`, notes };
}

const unzip = promisify(gunzip);
const zip = promisify(gzip);

/** Reading identities may take longer than a host is given: what it has open is asked again by itself, at once. */
async function askedForPorts(
  first: ChunkResult,
  request: ChunkRequest,
  ask: (request: ChunkRequest) => Promise<NmapExit>,
): Promise<ChunkResult> {
  if (first.outcome !== 'complete' || !request.settings.versionDetection) return first;
  const xml = (await unzip(first.xml)).toString('latin1');
  const late = timedOutIn(xml);
  if (late.length === 0) return first;
  const ranges = late.map((address): AddressRange => [address, address]);
  const settings = { ...request.settings, versionDetection: false, skipDiscovery: true };
  const again = await ask({ ...request, ranges, settings });
  if (again.code !== 0) return first;
  const whole = withAnswers(xml, (await unzip(again.xml)).toString('latin1'));
  const whom = late.length === 1 ? 'one host: it was' : `${late.length} hosts: they were`;
  const note = `reading versions took too long on ${whom} asked again for ports only`;
  return { ...first, xml: await zip(Buffer.from(whole, 'latin1')), notes: [...first.notes, note] };
}

function explained(error: unknown, command: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') {
    return new UserError(`${command} is not installed here, or not in the search path.`, {
      hint: 'Install it, for example with `apt-get install nmap`; then try again.',
    });
  }
  if (code === 'EPERM') {
    return new UserError(
      `${command} may not be started here: its file has capabilities that this process can't have.`,
      {
        hint: 'Grant NET_RAW (Docker: --cap-add NET_RAW), or put an nmap without file capabilities on the search path.',
      },
    );
  }
  if (code === 'EACCES') return new UserError(`${command} may not be run by this user.`);
  return error;
}

function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const hint = error instanceof UserError ? error.hint : undefined;
  return hint === undefined ? error.message : `${error.message} ${hint}`;
}
