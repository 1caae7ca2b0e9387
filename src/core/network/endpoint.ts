import { UserError } from '../errors.ts';
import { PROTOCOLS, type Protocol } from '../model/observation.ts';
import { cleanText } from '../text.ts';
import { canonicalAddress } from './addresses.ts';

export type Endpoint = { address: string; protocol: Protocol; port: number };

const HINT = 'Expected ADDRESS:PORT, for example `10.0.0.5:443`, `10.0.0.5:53/udp` or `[2001:db8::1]:22`.';

/** `10.0.0.5:443`, `10.0.0.5:53/udp`, `[2001:db8::1]:22`. Throws UserError. */
export function parseEndpoint(text: string): Endpoint {
  const found = parseWhere(text);
  if (found?.port !== undefined) return { address: found.address, protocol: found.protocol ?? 'tcp', port: found.port };
  const word = cleanText(text, 60);
  throw new UserError(found === undefined ? `“${word}” is not an address with a port.` : `“${word}” has no port.`, {
    word,
    hint: HINT,
  });
}

/** An address with or without a port; undefined for any other text. */
export function parseWhere(text: string): { address: string; protocol?: Protocol; port?: number } | undefined {
  const bare = canonicalAddress(text.replace(/^\[([^\]]*)\]$/, '$1'));
  if (bare !== undefined) return { address: bare };
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})(?:\/(tcp|udp|sctp|ip))?$/i.exec(text);
  const address = canonicalAddress(match?.[1] ?? match?.[2] ?? '');
  const port = Number(match?.[3]);
  if (match === null || address === undefined || port < 1 || port > 65_535) return undefined;
  return { address, port, protocol: protocolOf(match[4]) };
}

function protocolOf(text: string | undefined): Protocol {
  const name = text?.toLowerCase();
  return PROTOCOLS.find((protocol) => protocol === name) ?? 'tcp';
}

/** `10.0.0.5:443/tcp`, `[2001:db8::1]:53/udp`. */
export function formatEndpoint({ address, protocol, port }: Endpoint): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}/${protocol}`;
}
