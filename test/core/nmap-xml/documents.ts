import { readFileSync } from 'node:fs';
import type { HostObservation, RunEnd, RunHeader } from '../../../src/core/model/observation.ts';
import { createNmapReader } from '../../../src/core/nmap-xml/reader.ts';

export function fixture(name: string): Buffer {
  return readFileSync(new URL(`../../fixtures/nmap/${name}`, import.meta.url));
}

/** A complete small run; `body` goes between scaninfo and the statistics. */
export function runXml(body: string, options: { services?: string; args?: string; prolog?: string } = {}): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
${options.prolog ?? '<!DOCTYPE nmaprun>'}
<!-- Nmap 7.93 scan initiated as: nmap <host> -->
<nmaprun scanner="nmap" args="${options.args ?? 'nmap -oX - 10.0.0.0/24'}" start="1700000000" version="7.93" xmloutputversion="1.05">
<scaninfo type="syn" protocol="tcp" numservices="3" services="${options.services ?? '22,80,443'}"/>
<verbose level="0"/>
${body}
<runstats><finished time="1700000060" exit="success"/><hosts up="1" down="255" total="256"/></runstats>
</nmaprun>
`;
}

export function hostXml(address: string, ports: string, status = 'state="up" reason="syn-ack"'): string {
  return `<host starttime="1" endtime="2"><status ${status} reason_ttl="0"/>
<address addr="${address}" addrtype="ipv4"/>
<hostnames>
</hostnames>
<ports>${ports}</ports>
<times srtt="1" rttvar="1" to="100000"/>
</host>`;
}

export type Read = { header: RunHeader | undefined; hosts: HostObservation[]; end: RunEnd };

/** Reads the pieces one after the other, as a stream would deliver them. */
export function readPieces(pieces: Iterable<Uint8Array>): Read {
  const reader = createNmapReader();
  const hosts: HostObservation[] = [];
  for (const piece of pieces) hosts.push(...reader.push(piece));
  const end = reader.end();
  return { header: reader.header(), hosts, end };
}

export function readText(text: string): Read {
  return readPieces([Buffer.from(text)]);
}
