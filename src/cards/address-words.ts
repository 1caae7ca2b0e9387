import { formatAddress, parseAddress } from '../core/network/addresses.ts';
import { rangesOf } from '../core/network/addresses-as-ranges.ts';
import type { IpRange } from '../core/network/ranges.ts';
import { thousands } from '../core/network/targets.ts';

/** `10.2.0.1-40, 10.2.1.7`; after `most` ranges `and 12 more` addresses. What is no address (a subnet) stands first, as it is. */
export function addressWords(addresses: readonly string[], most = 4): string {
  const ranges = rangesOf(addresses);
  const others = [...new Set(addresses.filter((text) => parseAddress(text) === undefined))];
  const parts = [...others, ...ranges.map(rangeWords)];
  if (parts.length <= most) return parts.join(', ');
  const rest = ranges.slice(Math.max(0, most - others.length)).reduce((sum, range) => sum + sizeOf(range), 0n);
  const left = rest + BigInt(Math.max(0, others.length - most));
  return `${parts.slice(0, most).join(', ')} and ${thousands(left)} more`;
}

const sizeOf = ({ first, last }: IpRange): bigint => last - first + 1n;

/** Of two IPv4 addresses that differ in their last number only, just that number is said twice. */
function rangeWords({ family, first, last }: IpRange): string {
  const from = formatAddress({ family, value: first });
  if (first === last) return from;
  const to = formatAddress({ family, value: last });
  const shared = family === 4 && first >> 8n === last >> 8n;
  return `${from}-${shared ? to.slice(to.lastIndexOf('.') + 1) : to}`;
}
