import { gunzipSync, gzipSync } from 'node:zlib';
import { defined } from '../../src/core/defined.ts';
import { UserError } from '../../src/core/errors.ts';
import { createNmapReader } from '../../src/core/nmap-xml/reader.ts';
import type { Scanner, ScannerCapabilities } from '../../src/ports/scanner.ts';
import { nmapCall, targetLines } from './arguments.ts';
import { createKeeper } from './keeper.ts';
import { inOnePass } from './one-pass.ts';
import { noteRun, runsDirectory } from './orphans.ts';
import { firstComplaint, type NmapExit, type NmapProcess, runNmap } from './process.ts';
import type { Ask } from './scanner-run.ts';
import { firstStartable } from './startable.ts';
import { hasKnown, inTwoPasses } from './two-passes.ts';

/** Where packages and Homebrew put nmap. */
const SEARCH_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/homebrew/bin:/snap/bin';

export type ScannerOptions = {
  command?: string;
  searchPath?: string;
  /** Where running nmaps are recorded, so that the next start finds those that a crash left. */
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
      // The next call tries again: nmap may have been installed meanwhile.
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
        const { notes } = nmapCall(request, rawSockets);
        const ask: Ask = async (one, onXml) => {
          const { args } = nmapCall(one, rawSockets);
          const call = { args, input: targetLines(one), signal, ...defined({ onXml }) };
          try {
            return await startAs(chosen)(call);
          } catch (error) {
            throw explained(error, command);
          }
        };
        const run = { request, ask, signal, onProgress, notes };
        return await (hasKnown(request) ? inTwoPasses(run) : inOnePass(run));
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
 * Tries a real raw scan of one closed port of this host. Neither being root nor a capability on the file proves that it
 * works (containers drop capabilities; a file's are ignored on a nosuid mount).
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
