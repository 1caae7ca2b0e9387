import type { HostState, ServiceState } from '../core/model/state.ts';
import type { Text } from './card.ts';
import { code, identityWords, portWords, rich } from './words.ts';

const SERVICES_SHOWN = 12;

/** `10.0.0.5 (gw.lan): 22/tcp ssh, 80/tcp http`. */
export function hostLine(host: HostState): Text {
  const names = host.hostnames.length === 0 ? '' : ` (${host.hostnames.slice(0, 2).join(', ')})`;
  const services = openServices(host);
  const shown = services.slice(0, SERVICES_SHOWN).map((service) => {
    const identity = identityWords(service.identity);
    return identity === '' ? portWords(service) : `${portWords(service)} ${identity}`;
  });
  const more = services.length > SERVICES_SHOWN ? ` and ${services.length - SERVICES_SHOWN} more` : '';
  return rich(code(host.address), `${names}: ${shown.length === 0 ? 'no open port' : shown.join(' · ')}${more}`);
}

export function openServices(host: HostState): ServiceState[] {
  return host.services.filter((service) => service.present);
}
