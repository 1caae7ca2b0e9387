import { addressOf, answeredIn, HOST, hostsOf, isTimedOut, statusOf } from './host-text.ts';

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
  return hostsOf(xml).flatMap((host) => (isTimedOut(host) ? (addressOf(host) ?? []) : []));
}

/** The same document, in which the hosts that timed out have their answers to a second, shorter scan. */
export function withAnswers(xml: string, again: string): string {
  const answered = answeredIn(again);
  return xml.replace(HOST, (host) => {
    const answer = isTimedOut(host) ? answered.get(addressOf(host) ?? '') : undefined;
    // The second scan assumes that the host is up; the first one has how it was found.
    return answer === undefined ? host : answer.replace(statusOf(answer), () => statusOf(host));
  });
}
