import { countAddresses, type IpRange, rangesOf } from '../core/network/address-ranges.ts';
import { addressAt, formatAddress, parseAddress } from '../core/network/addresses.ts';
import { thousands } from '../core/network/targets.ts';

/** `10.2.0.1-40, 10.2.1.7`; after `most` ranges `and 12 more` addresses. A subnet comes first, unchanged. */
export function addressWords(addresses: readonly string[], most = 4): string {
  const ranges = rangesOf(addresses);
  const others = [...new Set(addresses.filter((text) => parseAddress(text) === undefined))];
  const parts = [...others, ...ranges.map(rangeWords)];
  if (parts.length <= most) return parts.join(', ');
  const rest = countAddresses(ranges.slice(Math.max(0, most - others.length)));
  const left = rest + BigInt(Math.max(0, others.length - most));
  return `${parts.slice(0, most).join(', ')} and ${thousands(left)} more`;
}

/** For two IPv4 addresses that differ only in their last number, the range repeats just that number. */
function rangeWords([first, last]: IpRange): string {
  const from = formatAddress(addressAt(first));
  if (first === last) return from;
  const to = formatAddress(addressAt(last));
  const shared = !to.includes(':') && first >> 8n === last >> 8n;
  return `${from}-${shared ? to.slice(to.lastIndexOf('.') + 1) : to}`;
}
