import { UserError } from '../errors.ts';
import { countPorts } from '../network/port-sets.ts';
import { parsePorts, portExpression } from '../network/ports.ts';
import { thousands } from '../network/targets.ts';
import { cleanText, nearest } from '../text.ts';
import { describeDuration } from '../time/duration.ts';
import { IDENTITY_SCRIPTS, type ScanSettings } from './scan.ts';

export type Profile = {
  name: string;
  /** One line for lists and completion. */
  summary: string;
  settings: Omit<ScanSettings, 'profile'>;
};

/**
 * Retries: on a link that loses a share p of packets each way, r retries leave about (2p)^(r+1) of the open ports
 * unseen: at 5 % and three retries one in ten thousand, which the judge then catches with a handful of probes. nmap's
 * own default at -T4 is 6, which makes a scan of a network behind a dropping firewall take twice as long for nothing.
 * Host time-outs only stop hosts that hang: a host that hits one is undetermined, so they are far above what a scan
 * takes.
 */
const COMMON = { udp: false, tcp: true, timing: 4, maxRetries: 3, resolveNames: false, skipDiscovery: false } as const;
const MINUTE = 60_000;

export const PROFILES: readonly Profile[] = [
  {
    name: 'quick',
    summary: 'the 100 most common TCP ports, without versions',
    settings: { ...COMMON, topPorts: 100, versionDetection: false, hostTimeoutMs: 10 * MINUTE },
  },
  {
    name: 'standard',
    summary: 'the 1,000 most common TCP ports, with versions, certificates and SSH keys of what is open',
    settings: {
      ...COMMON,
      topPorts: 1000,
      versionDetection: true,
      scripts: IDENTITY_SCRIPTS,
      hostTimeoutMs: 30 * MINUTE,
    },
  },
  {
    name: 'full',
    summary: 'all 65,535 TCP ports, with versions, certificates and SSH keys of what is open',
    settings: {
      ...COMMON,
      ports: '1-65535',
      versionDetection: true,
      scripts: IDENTITY_SCRIPTS,
      hostTimeoutMs: 240 * MINUTE,
    },
  },
  {
    // Hosts answer about one closed UDP port a second (RFC 1812 4.3.2.8), so 100 ports take minutes.
    name: 'udp',
    summary: 'the 100 most common UDP ports (slow; needs raw sockets)',
    settings: { ...COMMON, tcp: false, udp: true, topPorts: 100, versionDetection: false, hostTimeoutMs: 30 * MINUTE },
  },
];

/** Throws UserError with the nearest name. */
export function findProfile(name: string): Profile {
  const wanted = name.trim().toLowerCase();
  const found = PROFILES.find((profile) => profile.name === wanted);
  if (found !== undefined) return found;
  const word = cleanText(name, 40);
  const meant = nearest(
    word,
    PROFILES.map((profile) => profile.name),
  );
  throw new UserError(`There is no profile “${word}”.`, {
    word,
    hint: `${meant === undefined ? '' : `Did you mean \`${meant}\`? `}There are ${PROFILES.map((profile) => profile.name).join(', ')}.`,
  });
}

type SettingsOptions = { ports?: string; maxRate?: number; versionEveryMs?: number };

/** nmap's settings for a profile; `ports` replaces the profile's own list, and decides what is TCP and UDP. */
export function profileSettings(profileName: string, options: SettingsOptions = {}): ScanSettings {
  const { versionEveryMs, ...others } = options;
  const settings = withPorts(profileName, others);
  // nmap's version detection is what finds a UDP service that answers no empty datagram, so no scan may leave it out.
  const mayWait = settings.versionDetection && !settings.udp;
  return versionEveryMs === undefined || !mayWait ? settings : { ...settings, versionEveryMs };
}

function withPorts(profileName: string, options: Omit<SettingsOptions, 'versionEveryMs'>): ScanSettings {
  const profile = findProfile(profileName);
  const settings: ScanSettings = { profile: profile.name, ...profile.settings };
  if (options.maxRate !== undefined) settings.maxRate = options.maxRate;
  if (options.ports === undefined) return settings;
  const ports = parsePorts(options.ports, settings.tcp ? 'tcp' : 'udp');
  const { topPorts: _replaced, ...rest } = settings;
  return { ...rest, ports: portExpression(ports), tcp: ports.tcp !== undefined, udp: ports.udp !== undefined };
}

/** As text: `standard: 3 ports (22,80,443), with versions, at most 500 packets a second`. */
export function describeSettings(settings: ScanSettings): string {
  const parts = [describePorts(settings), describeVersions(settings)];
  if (settings.maxRate !== undefined) parts.push(`at most ${thousands(settings.maxRate)} packets a second`);
  if (settings.skipDiscovery) parts.push('every address taken for up');
  if (settings.scanDelayMs !== undefined) parts.push(`${settings.scanDelayMs} ms between probes`);
  if (settings.hostTimeoutMs !== undefined) {
    parts.push(`a host is given up after ${describeDuration(settings.hostTimeoutMs)}`);
  }
  return `${settings.profile}: ${parts.join(', ')}`;
}

function describeVersions({ versionDetection, versionEveryMs }: ScanSettings): string {
  if (!versionDetection) return 'without versions';
  return versionEveryMs === undefined || versionEveryMs === 0
    ? 'with versions'
    : `with versions of what is new, and of all every ${describeDuration(versionEveryMs)}`;
}

function describePorts(settings: ScanSettings): string {
  const protocols = [...(settings.tcp ? ['TCP'] : []), ...(settings.udp ? ['UDP'] : [])].join(' and ');
  if (settings.ports === undefined) return `the ${thousands(settings.topPorts ?? 1000)} most common ${protocols} ports`;
  const count = countPorts(parsePorts(settings.ports));
  if (count === 65_535 && protocols === 'TCP') return 'all 65,535 TCP ports';
  const shown = cleanText(settings.ports, 60);
  return `${thousands(count)} ${protocols} port${count === 1 ? '' : 's'} (${shown})`;
}
