import { addressIn, statusIn } from '../../src/core/nmap-xml/host-slice.ts';

/** A host as nmap writes it; attributes hold no `<` or `>` of their own. */
const HOST = /<host [^>]*>[\s\S]*?<\/host>/g;
const TIMED_OUT = /^<host [^>]*timedout="true"/;

const MARK = 'timedout="true"';

/** Notices, while the XML is written, that some host timed out. */
export function timeOutWatch(): { push(chunk: Buffer): void; seen(): boolean } {
  let [seen, tail] = [false, ''];
  return {
    push(chunk) {
      const text = tail + chunk.toString('latin1');
      seen ||= text.includes(MARK);
      tail = text.slice(-MARK.length);
    },
    seen: () => seen,
  };
}

/** Addresses of the hosts that took longer than the host time-out. */
export function timedOutIn(xml: string): string[] {
  return hostsOf(xml).flatMap((host) => (TIMED_OUT.test(host) ? (addressOf(host) ?? []) : []));
}

/** The same document, where the hosts that timed out say what they answered to a second, shorter question. */
export function withAnswers(xml: string, again: string): string {
  const answered = new Map<string, string>();
  for (const host of hostsOf(again)) {
    const address = addressOf(host);
    if (address !== undefined && !TIMED_OUT.test(host)) answered.set(address, host);
  }
  return xml.replace(HOST, (host) => {
    const answer = TIMED_OUT.test(host) ? answered.get(addressOf(host) ?? '') : undefined;
    return answer === undefined ? host : answer.replace(statusOf(answer), () => statusOf(host));
  });
}

const hostsOf = (xml: string): readonly string[] => xml.match(HOST) ?? [];
const addressOf = (host: string): string | undefined => addressIn(Buffer.from(host, 'latin1'));
/** The second question takes the host for up; how it was found stands in the first. */
const statusOf = (host: string): string => statusIn(Buffer.from(host, 'latin1'));
