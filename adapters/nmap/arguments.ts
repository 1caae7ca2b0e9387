import { UserError } from '../../src/core/errors.ts';
import type { PortRange } from '../../src/core/model/observation.ts';
import { type ChunkRequest, IDENTITY_SCRIPTS, type ScanSettings } from '../../src/core/model/scan.ts';
import { familyOf, fromAddressRanges, toCidrs } from '../../src/core/network/address-ranges.ts';
import { addressBits } from '../../src/core/network/addresses.ts';
import { portSet } from '../../src/core/network/port-sets.ts';
import { portExpression } from '../../src/core/network/ports.ts';
import { DAY_MS } from '../../src/core/time/units.ts';

export const NO_RAW_SOCKETS = 'connect scan: no raw sockets';
const RAW_HINT =
  'Run NetDelta as root, or allow it: setcap cap_net_raw,cap_net_admin,cap_net_bind_service+eip on nmap.';

export type NmapCall = { args: readonly string[]; notes: readonly string[] };

/**
 * The arguments for one nmap. A closed list: every option is written here, and every value of an option is a number or
 * a port list that was parsed and rewritten, so no setting can smuggle an option in. Targets come on standard input.
 * `-v` makes nmap list the silent hosts, so that a scan that is cut off still shows what it covered.
 */
export function nmapCall(
  { settings, family }: Pick<ChunkRequest, 'settings' | 'family'>,
  rawSockets: boolean,
): NmapCall {
  const udp = settings.udp && rawSockets;
  if (settings.udp && !settings.tcp && !rawSockets) {
    throw new UserError('A UDP scan needs raw sockets, which NetDelta does not have here.', { hint: RAW_HINT });
  }
  const notes = rawSockets ? [] : [NO_RAW_SOCKETS, ...(settings.udp ? ['UDP was left out: it needs raw sockets'] : [])];
  const probes = settings.tcp || udp;
  const args = [
    rawSockets ? '--privileged' : '--unprivileged',
    ...(family === 6 ? ['-6'] : []),
    '-v',
    ...(settings.resolveNames ? [] : ['-n']),
    ...(settings.tcp ? [rawSockets ? '-sS' : '-sT'] : []),
    ...(udp ? ['-sU'] : []),
    ...(probes ? portArguments(settings, udp) : ['-sn']),
    ...(settings.skipDiscovery ? ['-Pn'] : []),
    ...paceArguments(settings),
    '--stats-every',
    '2s',
    '-oX',
    '-',
    '-iL',
    '-',
  ];
  return { args, notes };
}

function portArguments(settings: ScanSettings, udp: boolean): string[] {
  const scripts = (settings.scripts ?? []).map(knownScript);
  const named = scripts.length === 0 ? [] : ['--script', scripts.join(','), '--script-timeout', SCRIPT_TIMEOUT];
  const version = settings.versionDetection ? ['-sV', ...named] : [];
  if (settings.ports !== undefined) return ['-p', rewritten(settings.ports, { tcp: settings.tcp, udp }), ...version];
  if (settings.topPorts === undefined) return version;
  return ['--top-ports', whole('number of ports', settings.topPorts, 1, 65_535), ...version];
}

/** For one script on one port; without it a service that accepts and stays silent holds up its host for minutes. */
const SCRIPT_TIMEOUT = '30s';

function knownScript(name: string): string {
  const known = IDENTITY_SCRIPTS.find((script) => script === name);
  if (known === undefined) throw new UserError('This script is not one of those that NetDelta runs.', { word: name });
  return known;
}

const PORT_WORD = /^(?:([TU]):)?(\d{1,5})(?:-(\d{1,5}))?$/;

/**
 * The port list as ranges of numbers, for the protocols that are scanned; as in nmap, a prefix applies until the next
 * one.
 */
function rewritten(text: string, wanted: { tcp: boolean; udp: boolean }): string {
  const ranges: Record<'tcp' | 'udp', PortRange[]> = { tcp: [], udp: [] };
  let prefix: string | undefined;
  for (const word of text.split(',')) {
    const match = PORT_WORD.exec(word);
    const first = whole('port', Number(match?.[2] ?? Number.NaN), 0, 65_535, word);
    const last = whole('port', Number(match?.[3] ?? first), Number(first), 65_535, word);
    prefix = match?.[1] ?? prefix;
    if (wanted.tcp && prefix !== 'U') ranges.tcp.push([Number(first), Number(last)]);
    if (wanted.udp && prefix !== 'T') ranges.udp.push([Number(first), Number(last)]);
  }
  const expression = portExpression(portSet(ranges));
  if (expression === '') throw new UserError('None of these ports can be scanned this way.', { word: text });
  return expression;
}

function paceArguments(settings: ScanSettings): string[] {
  const { maxRetries, hostTimeoutMs, scanDelayMs, maxRate } = settings;
  return [
    `-T${whole('timing', settings.timing, 1, 5)}`,
    ...(maxRetries === undefined ? [] : ['--max-retries', whole('number of retries', maxRetries, 0, 50)]),
    ...(hostTimeoutMs === undefined
      ? []
      : ['--host-timeout', `${whole('host time-out', hostTimeoutMs, 1, 7 * DAY_MS)}ms`]),
    ...(scanDelayMs === undefined ? [] : ['--scan-delay', `${whole('scan delay', scanDelayMs, 0, 600_000)}ms`]),
    ...(maxRate === undefined ? [] : ['--max-rate', whole('rate', maxRate, 1, 1_000_000)]),
  ];
}

function whole(name: string, value: number, least: number, most: number, word = String(value)): string {
  if (Number.isInteger(value) && value >= least && value <= most) return String(value);
  throw new UserError(`The ${name} must be a whole number from ${least} to ${most}.`, { word });
}

/** The input for `-iL -`: one CIDR or address per line, written from numbers. */
export function targetLines({ ranges, family }: Pick<ChunkRequest, 'ranges' | 'family'>): string {
  const set = fromAddressRanges(ranges);
  if (set.length === 0) throw new UserError('There is no address to scan.');
  if (set.some((range) => familyOf(range) !== family)) {
    throw new UserError(`Not all addresses are IPv${family} (${addressBits(family)} bits): one nmap scans one family.`);
  }
  return `${toCidrs(set).join('\n')}\n`;
}
