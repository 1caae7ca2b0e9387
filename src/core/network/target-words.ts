import { UserError } from '../errors.ts';
import { cleanText } from '../text.ts';
import { type IpRange, type IpRanges, ipRange } from './address-ranges.ts';
import { type Address, addressBits, type Family, formatAddress, parseAddress } from './addresses.ts';
import { mergeRanges } from './range-set.ts';

/** `text` is the canonical spelling. Names are resolved and checked when a scan starts. */
export type TargetSpec =
  | { type: 'range'; text: string; family: Family; ranges: IpRanges }
  | { type: 'name'; text: string; name: string };

/** RFC 1123 2.1 and RFC 1035 2.3.4: labels of letters, digits and inner hyphens, at most 63 each and 253 in all. */
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
const MAX_WORD = 512;
/** `10.0-255.0-255.1` is 65,536 ranges: CIDRs are a better way to write such a target. */
const MAX_OCTET_RANGES = 4096;
const EXPECTED = 'Expected a CIDR (10.0.0.0/24), a range (10.0.0.1-50), an address or a host name.';

/** One word of a list of targets; throws a UserError that names it. */
export function parseTarget(word: string): TargetSpec {
  const text = word.toLowerCase();
  if (word.length > MAX_WORD || !/^[a-z0-9.:%/*_-]+$/.test(text) || text.startsWith('-')) {
    throw wrong(word, 'is not a target');
  }
  if (text.includes('%')) {
    throw wrong(
      word,
      'has a zone',
      'Leave out what follows the %; scan a link-local address from a site with one interface.',
    );
  }
  if (text.includes('/')) return parseCidr(word, text);
  const address = parseAddress(text);
  if (address !== undefined) return target(formatAddress(address), address.family, address.value, address.value);
  if (text.includes(':')) return parseSpan(word, text) ?? refuse(word, 'is not an IPv6 address or range');
  if (/^[\d.*-]+$/.test(text)) return parseNumbers(word, text);
  return parseSpan(word, text) ?? parseName(word, text);
}

function refuse(word: string, problem: string): never {
  throw wrong(word, problem);
}

function wrong(word: string, problem: string, hint: string = EXPECTED): UserError {
  const shown = cleanText(word, 60);
  return new UserError(`“${shown}” ${problem}.`, { word: shown, hint });
}

function target(text: string, family: Family, first: bigint, last: bigint): TargetSpec {
  return { type: 'range', text, family, ranges: [ipRange({ family, value: first }, { family, value: last })] };
}

/** Host bits are accepted and cleared: 10.0.0.5/24 is 10.0.0.0/24. */
function parseCidr(word: string, text: string): TargetSpec {
  const [base = '', prefix = '', ...rest] = text.split('/');
  const address = parseAddress(base);
  if (address === undefined || rest.length > 0) throw wrong(word, 'is not a network');
  if (base.includes(':') && address.family === 4) throw wrong(word, 'is IPv4 written as IPv6', 'Write it as IPv4.');
  const bits = addressBits(address.family);
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bits) {
    throw wrong(
      word,
      `has no valid prefix length`,
      `For IPv${address.family} it is 0 to ${bits}, for example ${base}/${bits - 8}.`,
    );
  }
  const host = BigInt(bits - Number(prefix));
  const first = (address.value >> host) << host;
  const network = formatAddress({ family: address.family, value: first });
  return target(
    host === 0n ? network : `${network}/${Number(prefix)}`,
    address.family,
    first,
    first + (1n << host) - 1n,
  );
}

/** `10.0.0.1-50`, `10.0.0.1-10.0.1.20`, `10.0.0-3.1-50`, `10.0.0.*`. */
function parseNumbers(word: string, text: string): TargetSpec {
  const span = parseSpan(word, text);
  if (span !== undefined) return span;
  const octets = text.split('.').map((octet) => parseOctet(octet));
  const [a, b, c, d, ...rest] = octets;
  if (!a || !b || !c || !d || rest.length > 0) throw wrong(word, 'is not an address or a range');
  const backwards = octets.some((octet) => octet && octet.from > octet.to);
  if (backwards) throw wrong(word, 'ends before it begins', 'Write the lower number first, for example 10.0.0.3-5.');
  return octetRanges(word, [a, b, c, d]);
}

type Octet = { from: number; to: number };

function parseOctet(text: string): Octet | undefined {
  if (text === '*') return { from: 0, to: 255 };
  const match = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(text);
  if (match === null) return undefined;
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  return from > 255 || to > 255 || /(?:^|-)0\d/.test(text) ? undefined : { from, to };
}

function octetRanges(word: string, octets: readonly [Octet, Octet, Octet, Octet]): TargetSpec {
  const [a, b, c, d] = octets;
  const rows = [a, b, c].reduce((product, { from, to }) => product * (to - from + 1), 1);
  if (rows > MAX_OCTET_RANGES) {
    throw wrong(word, 'is too many ranges at once', 'Write it as CIDRs, for example 10.0.0.0/16.');
  }
  const ranges: IpRange[] = [];
  for (let i = a.from; i <= a.to; i++) {
    for (let j = b.from; j <= b.to; j++) {
      for (let k = c.from; k <= c.to; k++) {
        const base = BigInt(((i * 256 + j) * 256 + k) * 256);
        ranges.push([base + BigInt(d.from), base + BigInt(d.to)]);
      }
    }
  }
  const text = octets.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join('.');
  return { type: 'range', text, family: 4, ranges: mergeRanges(ranges) };
}

/** `FIRST-LAST`, where LAST is an address or the last part of one. Undefined when FIRST is no address. */
function parseSpan(word: string, text: string): TargetSpec | undefined {
  const dash = text.indexOf('-');
  const first = dash < 0 ? undefined : parseAddress(text.slice(0, dash));
  if (first === undefined) return undefined;
  const last = parseEnd(first, text.slice(dash + 1));
  if (last === undefined || last.family !== first.family) {
    throw wrong(
      word,
      'is not a range',
      'Expected two addresses of one family, or a last number, for example 10.0.0.1-50.',
    );
  }
  if (last.value < first.value) {
    throw wrong(word, 'ends before it begins', `Write the lower address first, for example ${spanText(last, first)}.`);
  }
  return target(spanText(first, last), first.family, first.value, last.value);
}

function parseEnd(first: Address, text: string): Address | undefined {
  if (first.family === 4 && /^(?:0|[1-9]\d{0,2})$/.test(text)) {
    return Number(text) > 255 ? undefined : { family: 4, value: ((first.value >> 8n) << 8n) + BigInt(text) };
  }
  if (first.family === 6 && /^[0-9a-f]{1,4}$/.test(text)) {
    return { family: 6, value: ((first.value >> 16n) << 16n) + BigInt(`0x${text}`) };
  }
  return parseAddress(text);
}

function spanText(first: Address, last: Address): string {
  if (first.value === last.value) return formatAddress(first);
  const short = first.family === 4 && first.value >> 8n === last.value >> 8n;
  return `${formatAddress(first)}-${short ? last.value & 255n : formatAddress(last)}`;
}

function parseName(word: string, text: string): TargetSpec {
  const name = text.replace(/\.$/, '');
  const lastLabel = name.slice(name.lastIndexOf('.') + 1);
  if (!HOST_NAME.test(name) || /^\d+$/.test(lastLabel)) throw wrong(word, 'is not a valid host name');
  return { type: 'name', text: name, name };
}
