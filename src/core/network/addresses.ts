import ipaddr from 'ipaddr.js';

export type Family = 4 | 6;

/** An address as a number: what ranges are computed with. */
export type Address = { family: Family; value: bigint };

export const addressBits = (family: Family): number => (family === 4 ? 32 : 128);

const [DOT, ZERO, NINE] = [0x2e, 0x30, 0x39];

/**
 * Undefined unless the text is four numbers up to 255 without leading zeros. Called several times for each host of a
 * scan.
 */
function ipv4Number(text: string): number | undefined {
  if (text.length < 7 || text.length > 15) return undefined;
  let [value, octet, digits, dots] = [0, 0, 0, 0];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === DOT) {
      if (digits === 0) return undefined;
      value = value * 256 + octet;
      dots += 1;
      octet = 0;
      digits = 0;
    } else {
      if (code < ZERO || code > NINE || (digits > 0 && octet === 0)) return undefined;
      octet = octet * 10 + code - ZERO;
      digits += 1;
      if (octet > 255) return undefined;
    }
  }
  return dots === 3 && digits > 0 ? value * 256 + octet : undefined;
}

/**
 * Dotted quads without leading zeros (which some tools read as octal) and IPv6 without a zone.
 * Undefined for anything else; IPv4-mapped IPv6 (`::ffff:10.0.0.1`) is its IPv4 address.
 */
export function parseAddress(text: string): Address | undefined {
  const quad = ipv4Number(text);
  if (quad !== undefined) return { family: 4, value: BigInt(quad) };
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  const parsed = ipaddr.IPv6.parse(text);
  if (parsed.isIPv4MappedAddress()) return parseAddress(parsed.toIPv4Address().toString());
  return { family: 6, value: parsed.parts.reduce((sum, part) => (sum << 16n) | BigInt(part), 0n) };
}

/** RFC 5952 for IPv6, dotted quad for IPv4. */
export function formatAddress({ family, value }: Address): string {
  if (family === 4) {
    const number = Number(value);
    return [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255].join('.');
  }
  const parts = Array.from({ length: 8 }, (_, index) => Number((value >> BigInt(112 - 16 * index)) & 0xffffn));
  return new ipaddr.IPv6(parts).toRFC5952String();
}

/** The one spelling in which addresses are compared and stored; undefined for an invalid address. */
export function canonicalAddress(text: string): string | undefined {
  if (ipv4Number(text) !== undefined) return text;
  const address = parseAddress(text);
  return address === undefined ? undefined : formatAddress(address);
}

const IPV6_BEGINS = 1n << 33n;

/** Its position on one line of numbers that holds both families: IPv4, a gap so that they never touch, then IPv6. */
export const placeOf = ({ family, value }: Address): bigint => (family === 4 ? value : value + IPV6_BEGINS);

export const addressAt = (place: bigint): Address =>
  place < IPV6_BEGINS ? { family: 4, value: place } : { family: 6, value: place - IPV6_BEGINS };

/** For sorting a few: IPv4 before IPv6, by number; invalid addresses come last, by their text. */
export function compareAddresses(a: string, b: string): number {
  return compareKeys(sortKey(a), sortKey(b));
}

/** Sorts like `compareAddresses`, but parses each address once. */
export function sortAddresses(addresses: Iterable<string>): string[] {
  return Array.from(addresses, sortKey)
    .sort(compareKeys)
    .map(({ text }) => text);
}

type SortKey = { text: string; place: bigint | undefined };

function sortKey(text: string): SortKey {
  const address = parseAddress(text);
  return { text, place: address === undefined ? undefined : placeOf(address) };
}

function compareKeys(a: SortKey, b: SortKey): number {
  if (a.place === b.place) return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
  if (a.place === undefined || b.place === undefined) return a.place === undefined ? 1 : -1;
  return a.place < b.place ? -1 : 1;
}

/**
 * The network whose hosts usually share a path: `10.1.2.0/24`, or the /64 of an IPv6 address. Returns the text itself
 * when it is no address.
 */
export function subnetOf(text: string): string {
  if (ipv4Number(text) !== undefined) return `${text.slice(0, text.lastIndexOf('.'))}.0/24`;
  const address = parseAddress(text);
  if (address === undefined) return text;
  const prefix = address.family === 4 ? 24 : 64;
  const host = BigInt(addressBits(address.family) - prefix);
  return `${formatAddress({ family: address.family, value: (address.value >> host) << host })}/${prefix}`;
}

/**
 * True for an address or subnet that the public internet routes. Of IPv6 that is 2000::/3 alone; what stands for an IPv4
 * address (`::ffff:7f00:1` is counted as that, NAT64, 6to4, Teredo, `::7f00:1`) is none.
 */
export function isGlobalAddress(text: string): boolean {
  const address = text.split('/')[0]?.split('%')[0] ?? '';
  const read = parseAddress(address);
  if (read === undefined || ipaddr.process(address).range() !== 'unicast') return false;
  return read.family === 4 || read.value >> 125n === 1n;
}
