import { addressIn, statusIn } from '../../src/core/nmap-xml/host-slice.ts';

/** A host as nmap writes it; attributes contain no `<` or `>`. */
export const HOST = /<host [^>]*>[\s\S]*?<\/host>/g;
const TIMED_OUT = /^<host [^>]*timedout="true"/;

export const hostsOf = (xml: string): readonly string[] => xml.match(HOST) ?? [];
export const isTimedOut = (host: string): boolean => TIMED_OUT.test(host);
export const addressOf = (host: string): string | undefined => addressIn(Buffer.from(host, 'latin1'));
export const statusOf = (host: string): string => statusIn(Buffer.from(host, 'latin1'));

/** The hosts of a document that were in time, by address. */
export function answeredIn(xml: string): Map<string, string> {
  const answered = new Map<string, string>();
  for (const host of hostsOf(xml)) {
    const address = addressOf(host);
    if (address !== undefined && !isTimedOut(host)) answered.set(address, host);
  }
  return answered;
}
