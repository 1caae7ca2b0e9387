import type {
  ExtraPorts,
  HostObservation,
  PortObservation,
  Protocol,
  RunHeader,
  ServiceIdentity,
} from '../model/observation.ts';
import { PROTOCOLS } from '../model/observation.ts';
import { countPorts, portSet } from '../network/port-sets.ts';
import { formatRanges } from '../network/range-set.ts';

const SCAN_TYPE: Readonly<Record<Protocol, string>> = { tcp: 'syn', udp: 'udp', sctp: 'sctpinit', ip: 'ipproto' };

/** Hosts as a document of nmap's XML (https://nmap.org/book/nmap-dtd.html), complete and well-formed. */
export function writeRun(
  header: RunHeader,
  hosts: Iterable<HostObservation>,
  totals: { hostsTotal: number; finishedAt: number },
): string {
  const written = [...hosts];
  const up = written.filter((host) => host.status === 'up').length;
  const { startedAt, nmapVersion, args, scanTypes, ports } = header;
  const start = Math.floor(startedAt / 1000);
  const finish = Math.floor(totals.finishedAt / 1000);
  const run = {
    scanner: 'nmap',
    args,
    start,
    startstr: stamp(startedAt),
    version: nmapVersion,
    xmloutputversion: '1.05',
  };
  const stats = { time: finish, timestr: stamp(totals.finishedAt), elapsed: finish - start, exit: 'success' };
  const counts = { up, down: Math.max(0, totals.hostsTotal - up), total: Math.max(totals.hostsTotal, up) };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE nmaprun>',
    `<nmaprun${attributes(run)}>`,
    ...PROTOCOLS.filter((protocol) => (ports[protocol]?.length ?? 0) > 0).map((protocol) => {
      const own = portSet({ [protocol]: ports[protocol] ?? [] });
      const type = protocol === 'tcp' && scanTypes.includes('connect') ? 'connect' : SCAN_TYPE[protocol];
      return `<scaninfo${attributes({ type, protocol, numservices: countPorts(own), services: formatRanges(ports[protocol] ?? []) })}/>`;
    }),
    ...written.map(writeHost),
    `<runstats><finished${attributes(stats)}/><hosts${attributes(counts)}/></runstats>`,
    '</nmaprun>',
    '',
  ].join('\n');
}

function writeHost(host: HostObservation): string {
  const type = host.address.includes(':') ? 'ipv6' : 'ipv4';
  const mac =
    host.mac === undefined ? '' : `<address${attributes({ addr: host.mac, addrtype: 'mac', vendor: host.vendor })}/>\n`;
  const names = host.hostnames.map((name) => `<hostname${attributes({ name, type: nameType(host, name) })}/>`).join('');
  return [
    `<host><status${attributes({ state: host.status, reason: host.reason, reason_ttl: 0 })}/>`,
    `<address${attributes({ addr: host.address, addrtype: type })}/>\n${mac}<hostnames>${names}</hostnames>`,
    `<ports>${host.extra.map(writeExtra).join('')}${host.ports.map(writePort).join('\n')}</ports>`,
    '</host>',
  ].join('\n');
}

function nameType(host: HostObservation, name: string): string {
  return host.askedAs?.includes(name) === true ? 'user' : 'PTR';
}

function writeExtra({ state, reason, protocol, ports }: ExtraPorts): string {
  const count = countPorts(portSet({ [protocol]: ports }));
  const reasons = attributes({ reason, count, proto: protocol, ports: formatRanges(ports) });
  return `<extraports${attributes({ state, count })}>\n<extrareasons${reasons}/>\n</extraports>\n`;
}

function writePort({ protocol, port, state, reason, service }: PortObservation): string {
  const status = `<state${attributes({ state, reason, reason_ttl: 0 })}/>`;
  return `<port${attributes({ protocol, portid: port })}>${status}${service === undefined ? '' : writeService(service)}</port>`;
}

function writeService({ name, product, version, extrainfo, tunnel, method, confidence }: ServiceIdentity): string {
  return `<service${attributes({ name, product, version, extrainfo, tunnel, method, conf: confidence })}/>`;
}

/** nmap's format: `Tue Nov 24 12:00:00 2026`, here in UTC. */
function stamp(at: number): string {
  const [day = '', date = '', month = '', year = '', time = ''] = new Date(at).toUTCString().split(' ');
  return `${day.replace(',', '')} ${month} ${date} ${time} ${year}`;
}

function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Removes characters that XML 1.0 can't contain; line ends are kept as references. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"]/g, (special) => ENTITIES[special] ?? special)
    .replace(/[\t\n\r]/g, (blank) => `&#${blank.charCodeAt(0)};`);
}
