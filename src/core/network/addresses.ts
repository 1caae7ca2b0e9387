import ipaddr from 'ipaddr.js';

export type Family = 4 | 6;

/** An address as a number: what ranges are reckoned with. */
export type Address = { family: Family; value: bigint };

export const addressBits = (family: Family): number => (family === 4 ? 32 : 128);

const IPV4 = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;

/**
 * Dotted quads without leading zeros (which some tools read as octal) and IPv6 without a zone.
 * Undefined for anything else; IPv4-mapped IPv6 (`::ffff:10.0.0.1`) is its IPv4 address.
 */
export function parseAddress(text: string): Address | undefined {
  const quad = IPV4.exec(text);
  if (quad !== null) {
    const octets = quad.slice(1).map(Number);
    if (octets.some((octet) => octet > 255)) return undefined;
    return { family: 4, value: BigInt(octets.reduce((sum, octet) => sum * 256 + octet, 0)) };
  }
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

/** The one spelling that addresses are compared and stored in; undefined when it is none. */
export function canonicalAddress(text: string): string | undefined {
  const address = parseAddress(text);
  return address === undefined ? undefined : formatAddress(address);
}

const IPV6_BEGINS = 1n << 33n;

/** Its place on one line of numbers that holds both families: IPv4, a gap so that they never touch, then IPv6. */
export const placeOf = ({ family, value }: Address): bigint => (family === 4 ? value : value + IPV6_BEGINS);

export const addressAt = (place: bigint): Address =>
  place < IPV6_BEGINS ? { family: 4, value: place } : { family: 6, value: place - IPV6_BEGINS };

/** For sorting a few: IPv4 before IPv6, by number; what is no address comes last, by its text. */
export function compareAddresses(a: string, b: string): number {
  return compareKeys(sortKey(a), sortKey(b));
}

/** As `compareAddresses`; each is parsed once. */
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

/** The network whose hosts usually share a path: `10.1.2.0/24`, or the /64 of an IPv6 address. The text itself when it is no address. */
export function subnetOf(text: string): string {
  const address = parseAddress(text);
  if (address === undefined) return text;
  const prefix = address.family === 4 ? 24 : 64;
  const host = BigInt(addressBits(address.family) - prefix);
  return `${formatAddress({ family: address.family, value: (address.value >> host) << host })}/${prefix}`;
}
