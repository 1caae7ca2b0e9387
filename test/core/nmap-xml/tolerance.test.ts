import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { portEvidence } from '../../../src/core/compare/evidence.ts';
import type { HostObservation } from '../../../src/core/model/observation.ts';
import { createNmapReader } from '../../../src/core/nmap-xml/reader.ts';
import { hostXml, readPieces, readText, runXml } from './documents.ts';

const OPEN = '<port protocol="tcp" portid="22"><state state="open" reason="syn-ack"/></port>';
const field = (name: string): Buffer => readFileSync(new URL(`../../fixtures/field/${name}.xml`, import.meta.url));
const byByte = (bytes: Uint8Array) => Array.from(bytes, (byte) => Uint8Array.of(byte));

type Run = { startedAt: number | undefined; addresses: string[]; complete: boolean };

function readRuns(pieces: Iterable<Uint8Array>): Run[] {
  const reader = createNmapReader();
  const runs: Run[] = [];
  let hosts: HostObservation[] = [];
  const close = (): void => {
    const end = reader.end();
    const addresses = hosts.map((host) => host.address);
    runs.push({ startedAt: reader.header()?.startedAt, addresses, complete: end.complete });
  };
  for (const piece of pieces) {
    hosts.push(...reader.push(piece));
    while (reader.follows()) {
      close();
      hosts = reader.next();
    }
  }
  close();
  return runs;
}

describe('output of other writers and old versions is read', () => {
  it('a declared ISO-8859-1 gives the same names as UTF-8', () => {
    const [latin] = readPieces([field('latin_a')]).hosts;
    expect(latin?.hostnames).toEqual(['büro.lan']);
    expect(latin).toEqual(readPieces(byByte(field('utf8_a'))).hosts[0]);
  });

  it('UTF-16 is read without a byte order mark too', () => {
    const text = runXml(hostXml('10.0.0.1', OPEN)).replace('UTF-8', 'UTF-16');
    expect(readPieces([Buffer.from(text, 'utf16le')]).hosts).toHaveLength(1);
  });

  it('an encoding that does not exist is named', () => {
    const text = runXml('').replace('UTF-8', 'x-klingon');
    expect(readText(text).end.error).toContain('x-klingon');
  });

  it('Windows line ends change nothing', () => {
    const text = runXml(hostXml('10.0.0.1', OPEN));
    expect(readText(text.replaceAll('\n', '\r\n'))).toEqual(readText(text));
  });

  it('a document type with a public identifier is read', () => {
    expect(readPieces(byByte(field('dtd_b'))).hosts).toHaveLength(1);
  });

  it('text before and after the document is skipped, and reported', () => {
    const text = `Starting Nmap 7.93 ( https://nmap.org )\nOpen 10.0.0.1:22 <-- look\n${runXml(hostXml('10.0.0.1', OPEN))}\nbye <b>`;
    const read = readPieces(byByte(Buffer.from(text)));
    expect(read).toEqual(readText(text));
    expect(read.hosts).toHaveLength(1);
    expect(read.end).toMatchObject({ complete: true, remarks: ['text around the document was passed over'] });
  });

  it('hosts without a status are up when a port answered, as masscan writes them', () => {
    const masscan = `<?xml version="1.0"?><nmaprun scanner="masscan" start="1700000000" version="1.3.2" xmloutputversion="1.03">
<scaninfo type="syn" protocol="tcp" />
<host endtime="1700000001"><address addr="10.0.0.1" addrtype="ipv4"/><ports><port protocol="tcp" portid="80"><state state="open" reason="syn-ack" reason_ttl="64"/></port></ports></host>
<host endtime="1700000001"><address addr="10.0.0.2" addrtype="ipv4"/><ports><port protocol="tcp" portid="80"><state state="closed" reason="rst-ack" reason_ttl="64"/></port></ports></host>
<runstats><finished time="1700000002" timestr="x" elapsed="2" /><hosts up="2" down="0" total="2" /></runstats></nmaprun>`;
    const { header, hosts, end } = readText(masscan);
    expect(header?.nmapVersion).toBe('masscan 1.3.2');
    expect(end.complete).toBe(true);
    expect(hosts.map(({ address, status, reason }) => [address, status, reason])).toEqual([
      ['10.0.0.1', 'up', 'syn-ack'],
      ['10.0.0.2', 'up', 'rst-ack'],
    ]);
    const [first, second] = hosts;
    expect(first && portEvidence(first, 'tcp', 443).strength).toBe('none');
    expect(second && portEvidence(second, 'tcp', 80).strength).toBe('strong-absent');
  });

  it('results of an IP protocol scan are read', () => {
    const body = hostXml(
      '10.0.0.1',
      '<port protocol="ip" portid="1"><state state="open" reason="proto-response"/></port>',
    );
    const [host] = readText(runXml(body)).hosts;
    expect(host && portEvidence(host, 'ip', 1).strength).toBe('strong-present');
  });

  it('names that were targets are distinguished from names of the DNS', () => {
    expect(readPieces([field('nm_a')]).hosts[0]?.askedAs).toEqual(['web1.lan']);
    expect(readPieces([field('il_a')]).hosts[0]?.askedAs).toBeUndefined();
  });
});

describe('unusable content is counted, with examples', () => {
  it.each([
    ['a host without an address', '<host><status state="up" reason="x"/></host>', 'without an IP address: 1'],
    ['a host that nmap skipped', hostXml('10.0.0.9', '', 'state="skipped"'), 'status “skipped”'],
    ['a host without status and answer', '<host><address addr="10.0.0.9" addrtype="ipv4"/></host>', '10.0.0.9'],
    ['a state', hostXml('10.0.0.1', OPEN.replace('open', 'unknown')), 'the state “unknown”: 1 (10.0.0.1 22/tcp)'],
    ['a protocol', hostXml('10.0.0.1', OPEN.replace('tcp', 'ddp')), 'the protocol “ddp”: 1 (10.0.0.1 22/ddp)'],
  ])('%s', (_, body, remark) => {
    expect(readText(runXml(body)).end.remarks?.join()).toContain(remark);
  });
});

describe('a file that nmap appended to', () => {
  const runs = [1700000000000, 1700086400000];

  it('holds several runs, whatever the borders of its chunks', () => {
    const expected = runs.map((startedAt) => ({ startedAt, addresses: ['10.9.0.1'], complete: true }));
    expect(readRuns([field('append')])).toEqual(expected);
    expect(readRuns(byByte(field('append')))).toEqual(expected);
  });

  it('after a run that was truncated anywhere holds the run that follows', () => {
    const whole = field('append');
    const second = whole.lastIndexOf('<?xml');
    for (let cut = whole.indexOf('<scaninfo'); cut < second; cut += 7) {
      const read = readRuns([Buffer.concat([whole.subarray(0, cut), whole.subarray(second)])]);
      expect(read.at(-1), `${cut}`).toEqual({ startedAt: runs[1], addresses: ['10.9.0.1'], complete: true });
      expect(read).toHaveLength(2);
    }
  });
});

describe('a hostile document costs no more than its length', () => {
  const script = (output: string): string =>
    hostXml('10.0.0.1', OPEN.replace('</port>', `<script id="x" output="${output}"/></port>`));

  // Quadratic work took minutes here: the test would not end.
  it.each([
    ['beginnings of progress reports', '<task'.repeat(1_000_000)],
    ['long beginnings of progress reports', `<taskend ${'a'.repeat(900)}`.repeat(5_500)],
    ['beginnings of declarations', '<?xm'.repeat(1_250_000)],
    ['one long line', 'y'.repeat(5_000_000)],
  ])('%s in a script’s result', (_, output) => {
    const read = readText(runXml(script(output)));
    expect(read.end.complete).toBe(true);
    expect(read.hosts).toHaveLength(1);
  });

  it('more kinds of scans than there are is refused', () => {
    const info = '<scaninfo type="syn" protocol="tcp" numservices="1" services="1"/>';
    const read = readText(runXml(info.repeat(60_000)));
    expect(read.end.error).toContain('refused');
  });

  it('a tag of megabytes is refused, except for the command line', () => {
    expect(readText(runXml(`<host x="${'y'.repeat(2_000_000)}"></host>`)).end.error).toContain('refused');
    const args = `nmap ${'10.0.0.1 '.repeat(200_000)}`;
    expect(readText(runXml('', { args })).end.complete).toBe(true);
  });
});
