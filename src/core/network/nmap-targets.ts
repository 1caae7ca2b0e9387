import type { IpRange, IpRanges } from './address-ranges.ts';
import { parseAddress } from './addresses.ts';
import { mergeRanges, subtractRanges } from './range-set.ts';
import { parseTarget } from './target-words.ts';

/** The targets in an nmap command line. */
export type NmapTargets = {
  /** Addresses that it certainly scanned, minus exclusions. */
  known: IpRanges;
  /** Where more targets came from: `-iL list.txt`, or host names as typed. */
  elsewhere: { lists: readonly string[]; names: readonly string[] };
  /** True when hosts may be missing from the output although they answer (`--open`), or were excluded by a file. */
  partial: boolean;
};

/** Options whose value is a separate word (nmap.cc, 7.93), without dashes; nmap takes long ones with one dash too. */
const WITH_VALUE: ReadonlySet<string> = new Set(
  `oN oX oG oA oS oM oH p e S D g b iL iR sI T M m i servicedb versiondb script script-args script-args-file
script-timeout script-help dns-servers exclude exclude-ports excludefile port-ratio top-ports max-os-tries max-parallelism
min-parallelism timing max-rtt-timeout min-rtt-timeout initial-rtt-timeout max-scan-delay scan-delay max-retries host-timeout
max-hostgroup min-hostgroup scanflags datadir ip-options stylesheet data data-string data-length spoof-mac source-port ttl mtu
proxies proxy version-intensity stats-every min-rate max-rate nsock-engine resume route-dst`.split(/\s+/),
);

/** Long options without a value. The word after any other option may be its value, so it is not taken for a target. */
const WITHOUT_VALUE: ReadonlySet<string> = new Set(
  `open packet-trace reason privileged unprivileged send-eth send-ip badsum adler32 traceroute system-dns resolve-all unique
osscan-limit osscan-guess fuzzy version-light version-all version-trace webxml no-stylesheet append-output iflist script-trace
script-updatedb allports randomize-hosts rH log-errors disable-arp-ping noninteractive nogcc thc ff defeat-rst-ratelimit
defeat-icmp-ratelimit discovery-ignore-rst release-memory deprecated-xml-osclass vv`.split(/\s+/),
);

/** Reads `args` of nmap's XML: the words of its command line, joined by blanks. */
export function nmapTargets(args: string): NmapTargets {
  const words = args.split(/\s+/).map((word) => word.replace(/^["']|["']$/g, ''));
  const lists: string[] = [];
  const names: string[] = [];
  const known: IpRange[] = [];
  const excluded: IpRange[] = [];
  let partial = false;
  for (let index = 1; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '' || word === '--') continue;
    if (!word.startsWith('-')) {
      const ranges = known.length > MAX_RANGES ? undefined : targetWord(word);
      if (ranges === undefined) names.push(word);
      else for (const range of ranges) known.push(range);
      continue;
    }
    const option = readOption(word, words[index + 1] ?? '');
    if (option.value === 'next') index++;
    if (option.name === 'open' || option.name === 'excludefile' || option.name === 'resume') partial = true;
    if (option.name === 'iL' || option.name === 'iR') lists.push(`-${option.name} ${option.text}`);
    if (option.name !== 'exclude') continue;
    for (const text of option.text.split(',')) {
      const ranges = excluded.length > MAX_RANGES ? undefined : targetWord(text);
      if (ranges === undefined) partial = true;
      else for (const range of ranges) excluded.push(range);
    }
  }
  // A set that is too large is dropped completely: a part of it would pass for all.
  if (known.length > MAX_RANGES || excluded.length > MAX_RANGES)
    return { known: [], elsewhere: { lists, names }, partial: true };
  return { known: subtractRanges(mergeRanges(known), mergeRanges(excluded)), elsewhere: { lists, names }, partial };
}

function readOption(word: string, next: string): { name: string; value: 'next' | 'inside' | 'none'; text: string } {
  const long = /^--?([A-Za-z0-9][\w-]+)(?:=(.*))?$/.exec(word);
  const name = (long?.[1] ?? '').replaceAll('_', '-');
  if (long !== null && (WITH_VALUE.has(name) || WITHOUT_VALUE.has(name) || word.startsWith('--'))) {
    if (long[2] !== undefined) return { name, value: 'inside', text: long[2] };
    if (WITH_VALUE.has(name)) return { name, value: 'next', text: next };
    const unknown = !WITHOUT_VALUE.has(name) && !next.startsWith('-');
    return { name, value: unknown ? 'next' : 'none', text: '' };
  }
  const [short = '', attached = ''] = [word.slice(1, 2), word.slice(2)];
  const two = /^-(iL|iR)(.+)$/.exec(word);
  if (two !== null) return { name: two[1] ?? '', value: 'inside', text: two[2] ?? '' };
  return WITH_VALUE.has(short) && attached === ''
    ? { name: short, value: 'next', text: next }
    : { name: short, value: 'none', text: '' };
}

/** One target as nmap reads it; undefined for a host name. */
function targetWord(word: string): IpRanges | undefined {
  const octets = word.split('.').map(octetRanges);
  if (octets.length === 4 && octets.every((octet) => octet.length > 0)) return octetProduct(octets);
  if (!word.includes('/') && parseAddress(word) === undefined) return undefined;
  try {
    const target = parseTarget(word);
    return target.type === 'range' ? target.ranges : undefined;
  } catch {
    return undefined;
  }
}

/** `5`, `1-40`, `1,3,7-9`, `*`, `-`, `10-`; empty for any other text. */
function octetRanges(text: string): (readonly [number, number])[] {
  const ranges = text.split(',').map((part) => {
    const match = /^(?:(\d{1,3})|(\d{0,3})-(\d{0,3})|(\*))$/.exec(part);
    if (match === null) return undefined;
    const first = Number(match[1] ?? (match[2] || 0));
    const last = match[1] === undefined ? Number(match[3] || 255) : first;
    return first <= last && last <= 255 ? ([first, last] as const) : undefined;
  });
  const valid = ranges.filter((range) => range !== undefined);
  return valid.length === ranges.length ? valid : [];
}

/** More separate ranges than this are not worth their memory; such a target then counts as unknown. */
const MAX_RANGES = 65_536;

/** Starts at the last octet, so that `10.*.*.*` stays one range. An IPv4 address's place is its number. */
function octetProduct(octets: readonly (readonly (readonly [number, number])[])[]): IpRanges | undefined {
  let size = 1n;
  let behind: IpRanges = [[0n, 0n]];
  for (const octet of [...octets].reverse()) {
    const [only, ...others] = behind;
    const whole = only !== undefined && others.length === 0 && only[0] === 0n && only[1] === size - 1n;
    const values = octet.reduce((sum, [first, last]) => sum + last - first + 1, 0);
    if ((whole ? octet.length : values * behind.length) > MAX_RANGES) return undefined;
    behind = octet.flatMap(([first, last]): IpRanges => {
      if (!whole) return repeated(first, last, size, behind);
      return [[BigInt(first) * size, (BigInt(last) + 1n) * size - 1n]];
    });
    size *= 256n;
  }
  return mergeRanges(behind);
}

function repeated(first: number, last: number, size: bigint, behind: IpRanges): IpRanges {
  const octets = Array.from({ length: last - first + 1 }, (_, index) => BigInt(first + index) * size);
  return octets.flatMap((start) => behind.map(([from, to]): IpRange => [start + from, start + to]));
}
