import type { ChunkRequest } from '../../src/core/model/scan.ts';
import { fromAddressRanges, rangesContain } from '../../src/core/network/address-ranges.ts';
import { hasPort } from '../../src/core/network/port-sets.ts';
import { parsePorts } from '../../src/core/network/ports.ts';

/** An open port answers with the product of that version; every other one of a host that is up resets. */
export type NetworkHost = { up: boolean; open: Map<number, number> };
/** The truth. */
export type Network = Map<string, NetworkHost>;

/** nmap's XML for this request. */
export function nmapXml(network: Network, { ranges, settings }: ChunkRequest, at: number): string {
  const ports = parsePorts(settings.ports ?? '', 'tcp');
  const seconds = Math.floor(at / 1000);
  const asked = fromAddressRanges(ranges);
  const covered = [...network].filter(([address]) => rangesContain(asked, address));
  const shown = covered.filter(([, host]) => host.up || settings.skipDiscovery);
  const services = (ports.tcp ?? []).map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
  const hosts = shown.map(([address, host]) => hostXml(address, host, { ports, settings }));
  const args = `nmap -oX - ${settings.skipDiscovery ? '-Pn ' : ''}-p ${settings.ports}`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" args="${args}" start="${seconds}" version="7.93" xmloutputversion="1.05">
<scaninfo type="syn" protocol="tcp" numservices="${services.length}" services="${services.join(',')}"/>
${hosts.join('\n')}
<runstats><finished time="${seconds + 1}" exit="success"/><hosts up="${shown.length}" down="0" total="${shown.length}"/></runstats>
</nmaprun>
`;
}

type Asked = { ports: ReturnType<typeof parsePorts>; settings: ChunkRequest['settings'] };

function hostXml(address: string, host: NetworkHost, { ports, settings }: Asked): string {
  const status = settings.skipDiscovery ? 'reason="user-set"' : 'reason="echo-reply"';
  const answers = [1, 2, 3, 4, 5].flatMap((port) =>
    hasPort(ports, 'tcp', port) ? [portXml(port, host, settings.versionDetection)] : [],
  );
  return `<host><status state="up" ${status} reason_ttl="64"/><address addr="${address}" addrtype="ipv4"/>
<hostnames></hostnames><ports>${answers.join('')}</ports></host>`;
}

function portXml(port: number, { up, open }: NetworkHost, versions: boolean): string {
  const version = open.get(port);
  const state = !up
    ? 'state="filtered" reason="no-response"'
    : version === undefined
      ? 'state="closed" reason="reset"'
      : 'state="open" reason="syn-ack"';
  const probed = `<service name="http" product="nginx" version="1.${version}" method="probed" conf="10"/>`;
  const service =
    !up || version === undefined ? '' : versions ? probed : '<service name="http" method="table" conf="3"/>';
  return `<port protocol="tcp" portid="${port}"><state ${state} reason_ttl="64"/>${service}</port>`;
}
