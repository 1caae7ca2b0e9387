import { addressOf, answeredIn, HOST } from './host-text.ts';

/** A port as nmap writes it: its tag, its state, and then its service and scripts. */
const PORT = /(<port protocol="(\w+)" portid="(\d+)">)(<state [^>]*\/>)([\s\S]*?)(<\/port>)/g;
const OPEN = /^<state state="open"/;

/**
 * The same document with the identities of another one, which asked only some ports of some hosts. Whether a port is
 * open, and how that was found out, remains what the first one says.
 */
export function withIdentities(xml: string, again: string): string {
  const answered = answeredIn(again);
  return xml.replace(HOST, (host) => {
    const answer = answered.get(addressOf(host) ?? '');
    return answer === undefined ? host : withServices(host, servicesIn(answer));
  });
}

/** What follows the state of each open port. */
function servicesIn(host: string): Map<string, string> {
  const services = new Map<string, string>();
  for (const [, , protocol, port, state = '', service = ''] of host.matchAll(PORT)) {
    if (OPEN.test(state)) services.set(`${protocol}/${port}`, service);
  }
  return services;
}

function withServices(host: string, services: ReadonlyMap<string, string>): string {
  return host.replace(PORT, (whole, tag: string, protocol: string, port: string, state: string, ...rest: string[]) => {
    const service = OPEN.test(state) ? services.get(`${protocol}/${port}`) : undefined;
    return service === undefined ? whole : `${tag}${state}${service}${rest[1] ?? ''}`;
  });
}
