import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type CommandResult, mustRun, runCommand } from './command.ts';
import { baseRules, DEVICE, hostRules, type LabState, type Weather, weatherRules } from './rules.ts';

const SCANNER_ADDRESS = '172.31.255.1';
const LISTENER_ADDRESS = '172.31.255.2';
const PREFIX = 'netdelta-lab';

export type Lab = {
  name: string;
  /** The CIDR of the hosts. */
  network: string;
  /** Sets what is up and what is open from now on; replaces all hosts at once. */
  set(state: LabState): Promise<void>;
  /** Changes the path between scanner and hosts. */
  weather(change: Partial<Weather>): Promise<void>;
  /** Runs a program in the scanner's namespace. */
  scannerExec(argv: readonly string[], options?: { signal?: AbortSignal; cwd?: string }): Promise<CommandResult>;
  /** The same for one's own `spawn`, e.g. of a whole bot: `spawn(command, args)`. */
  scannerCommand(argv: readonly string[]): { command: string; args: string[] };
  /** Removes everything. Safe to call twice. */
  close(): Promise<void>;
};

/** Why no lab can be made here; undefined when one can. */
export function labObstacle(): string | undefined {
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  for (const [tool, args] of [
    ['ip', ['-V']],
    ['nft', ['-v']],
    ['nmap', ['-V']],
  ] as const) {
    if (spawnSync(tool, args).status !== 0) return `${tool} is not installed`;
  }
  const probe = `${PREFIX}-${process.pid}-probe`;
  if (spawnSync('ip', ['netns', 'add', probe]).status !== 0) return 'network namespaces are not allowed here';
  spawnSync('ip', ['netns', 'del', probe]);
  return undefined;
}

/**
 * A network of any number of hosts on this machine: a namespace for the scanner, one for the hosts, joined by a pair of
 * virtual devices. The kernel answers for the whole range; nftables decide which addresses are up, what is open, and
 * what is lost. Names contain this process's id, so that several labs run side by side and those of dead processes can
 * be recognised.
 */
export async function createLab(
  options: { name?: string; network?: string; state?: LabState; weather?: Partial<Weather> } = {},
): Promise<Lab> {
  await removeStaleLabs();
  const name = `${PREFIX}-${process.pid}-${options.name ?? randomBytes(3).toString('hex')}`;
  const network = options.network ?? '10.71.0.0/25';
  const spaces = { scanner: `${name}-s`, hosts: `${name}-h` };
  const weather: Weather = { loss: 0, gone: [], ...options.weather };
  const removeNow = () => removeSpaces(Object.values(spaces));
  process.once('exit', removeNow);
  let banners: ChildProcess | undefined;
  const close = async () => {
    process.off('exit', removeNow);
    banners?.kill('SIGKILL');
    removeNow();
  };
  try {
    await connect(spaces, network);
    await loadRules(spaces.hosts, baseRules(LISTENER_ADDRESS) + hostRules(options.state ?? {}) + weatherRules(weather));
    banners = await startBanners(spaces.hosts);
  } catch (error) {
    await close();
    throw error;
  }
  return { name, network, ...controls(spaces, weather), close };
}

type Spaces = { scanner: string; hosts: string };

function controls(spaces: Spaces, start: Weather): Omit<Lab, 'name' | 'network' | 'close'> {
  let weather = start;
  const scannerCommand = (argv: readonly string[]) => ({
    command: 'ip',
    args: ['netns', 'exec', spaces.scanner, ...argv],
  });
  return {
    set: (state) => loadRules(spaces.hosts, hostRules(state)),
    weather: (change) => {
      weather = { ...weather, ...change };
      return loadRules(spaces.hosts, weatherRules(weather));
    },
    scannerExec: (argv, options) => {
      const { command, args } = scannerCommand(argv);
      return runCommand(command, args, options);
    },
    scannerCommand,
  };
}

async function loadRules(space: string, rules: string): Promise<void> {
  await mustRun('ip', ['netns', 'exec', space, 'nft', '-f', '-'], rules);
}

async function connect(spaces: Spaces, network: string): Promise<void> {
  const ip = (...args: string[]) => mustRun('ip', args);
  await ip('netns', 'add', spaces.scanner);
  await ip('netns', 'add', spaces.hosts);
  const peer = ['peer', 'name', DEVICE, 'netns', spaces.hosts];
  await ip('link', 'add', DEVICE, 'netns', spaces.scanner, 'type', 'veth', ...peer);
  for (const [space, address] of [
    [spaces.scanner, SCANNER_ADDRESS],
    [spaces.hosts, LISTENER_ADDRESS],
  ] as const) {
    await ip('-n', space, 'addr', 'add', `${address}/30`, 'dev', DEVICE);
    await ip('-n', space, 'link', 'set', DEVICE, 'up');
    await ip('-n', space, 'link', 'set', 'lo', 'up');
  }
  await ip('-n', spaces.scanner, 'route', 'add', 'default', 'via', LISTENER_ADDRESS);
  await ip('-n', spaces.hosts, 'route', 'add', 'local', network, 'dev', 'lo');
}

function startBanners(space: string): Promise<ChildProcess> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const script = fileURLToPath(new URL('./banner-server.ts', import.meta.url));
  const node = [process.execPath, '--import', loader, script, LISTENER_ADDRESS];
  const child = spawn('ip', ['netns', 'exec', space, ...node], { stdio: ['pipe', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the banner server ended (${code})`)));
    child.stdout.once('data', () => resolve(child));
  });
}

/** Removes labs whose process is gone: killed before it could clean up. */
export async function removeStaleLabs(): Promise<void> {
  const listed = await runCommand('ip', ['netns', 'list']);
  const stale = listed.stdout
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .filter((space) => {
      const owner = new RegExp(`^${PREFIX}-(\\d+)-`).exec(space)?.[1];
      return owner !== undefined && !existsSync(`/proc/${owner}`);
    });
  removeSpaces(stale);
}

/** Synchronous, so that it also works while the process exits. */
function removeSpaces(spaces: readonly string[]): void {
  for (const space of spaces) spawnSync('ip', ['netns', 'del', space]);
}
