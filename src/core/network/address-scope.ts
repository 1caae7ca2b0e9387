import ipaddr from 'ipaddr.js';

/** True for an address or subnet that the public internet routes. */
export function isGlobalAddress(text: string): boolean {
  const address = text.split('/')[0]?.split('%')[0] ?? '';
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}
