import type { RunEnd, RunHeader } from '../model/observation.ts';
import { unionPorts } from '../network/port-sets.ts';
import { parsePortRanges } from '../network/ports.ts';
import { cleanText } from '../text.ts';
import { attribute, child, type XmlNode } from './fragment.ts';
import { protocolOf } from './port.ts';

/** The header after `<nmaprun …>`; scaninfo elements add to it. */
export function headerOf(run: XmlNode): RunHeader {
  const scanner = attribute(run, 'scanner') ?? 'nmap';
  const version = attribute(run, 'version') ?? '';
  return {
    nmapVersion: scanner === 'nmap' ? version : cleanText(`${scanner} ${version}`, 60),
    args: attribute(run, 'args') ?? '',
    scanTypes: [],
    ports: {},
    startedAt: seconds(attribute(run, 'start')) ?? 0,
  };
}

/** One `<scaninfo>`: a scan type with the ports that it covers. */
export function withScanInfo(header: RunHeader, info: XmlNode): RunHeader {
  const type = attribute(info, 'type');
  const protocol = protocolOf(attribute(info, 'protocol'));
  const ports = parsePortRanges(attribute(info, 'services') ?? '');
  return {
    ...header,
    scanTypes: type === undefined || header.scanTypes.includes(type) ? header.scanTypes : [...header.scanTypes, type],
    ports:
      protocol === undefined || ports.length === 0 ? header.ports : unionPorts(header.ports, { [protocol]: ports }),
  };
}

/** `<runstats>`; nmap before 5 wrote no `exit`, and wrote this element only after a good end. */
export function endOf(stats: XmlNode): RunEnd {
  const finished = child(stats, 'finished');
  const hosts = child(stats, 'hosts');
  if (finished === undefined) return { complete: false, error: 'nmap wrote no end time' };
  const complete = (attribute(finished, 'exit') ?? 'success') === 'success';
  const finishedAt = defined('finishedAt', seconds(attribute(finished, 'time')));
  // Its counts are wrong then: `down="4294967295"`.
  if (!complete)
    return { complete, ...finishedAt, error: attribute(finished, 'errormsg') ?? 'nmap ended with an error' };
  return {
    complete,
    ...finishedAt,
    ...defined('hostsUp', count(hosts, 'up')),
    ...defined('hostsDown', count(hosts, 'down')),
    ...defined('hostsTotal', count(hosts, 'total')),
  };
}

function count(hosts: XmlNode | undefined, name: string): number | undefined {
  const text = hosts === undefined ? undefined : attribute(hosts, name);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Seconds since 1970 as epoch ms. */
function seconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) * 1000 : undefined;
}

function defined<K extends string>(key: K, value: number | undefined): { [P in K]?: number } {
  const found: { [P in K]?: number } = {};
  if (value !== undefined) found[key] = value;
  return found;
}
