import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRun } from '../../../src/core/nmap-xml/parse-run.ts';
import { amount } from '../../thorough.ts';
import { fixture, hostXml, readPieces, readText, runXml } from './documents.ts';

const OPEN =
  '<port protocol="tcp" portid="22"><state state="open" reason="syn-ack"/><service name="ssh" method="table" conf="3"/></port>';

describe('a real scan', () => {
  it('is read with its header, hosts and end', () => {
    const run = parseRun(fixture('privileged.xml'));
    expect(run.header).toMatchObject({
      nmapVersion: '7.93',
      args: 'nmap -n -T4 -F -oX scan.xml 10.76.0.0/29',
      scanTypes: ['syn'],
      startedAt: 1795518873000,
    });
    expect(run.header.ports.tcp?.slice(0, 4)).toEqual([
      [7, 7],
      [9, 9],
      [13, 13],
      [21, 23],
    ]);
    expect(run.hosts.map((host) => host.address)).toEqual([
      '10.76.0.1',
      '10.76.0.2',
      '10.76.0.3',
      '10.76.0.4',
      '10.76.0.5',
    ]);
    expect(run.end).toEqual({ complete: true, finishedAt: 1795518875000, hostsUp: 5, hostsDown: 3, hostsTotal: 8 });
    const [first] = run.hosts;
    expect(first?.ports.map((port) => `${port.port} ${port.state} ${port.reason}`)).toEqual([
      '22 open syn-ack',
      '80 open syn-ack',
      '443 filtered no-response',
    ]);
    expect(first?.extra).toMatchObject([{ state: 'closed', reason: 'reset', protocol: 'tcp' }]);
  });

  it('as root and unprivileged differs in reasons only', () => {
    const states = (name: string): string[] =>
      parseRun(fixture(name)).hosts.flatMap((host) =>
        host.ports.map(({ port, state }) => `${host.address} ${port} ${state}`),
      );
    expect(states('unprivileged.xml')).toEqual(states('privileged.xml'));
  });

  it('decodes dashes that nmap writes as references', () => {
    expect(parseRun(fixture('timedout.xml')).header.args).toContain('--host-timeout 3s');
  });

  it('with a timed-out host says so', () => {
    expect(parseRun(fixture('timedout.xml')).hosts).toMatchObject([{ address: '10.8.0.2', timedOut: true, ports: [] }]);
    const hosts = parseRun(fixture('all_hosts_timedout.xml')).hosts;
    expect(hosts).toHaveLength(40);
    expect(hosts.filter((host) => host.timedOut).length).toBeGreaterThan(30);
  });

  it('that was interrupted before its first host has a header, no host, and is not complete', () => {
    const run = parseRun(fixture('interrupted.xml'));
    expect(run.hosts).toEqual([]);
    expect(run.end).toMatchObject({ complete: false });
    expect(run.end.error).toContain('ends early');
  });

  it('truncated anywhere keeps exactly the hosts that are complete', () => {
    const whole = fixture('static_truth_sV.xml');
    const hosts = parseRun(whole).hosts;
    const ends: number[] = [];
    for (let at = whole.indexOf('</host>'); at !== -1; at = whole.indexOf('</host>', at + 1)) ends.push(at + 7);
    expect(whole.length).toBeGreaterThan(100_000);
    expect(ends).toHaveLength(hosts.length);
    const headerEnds = whole.indexOf('<scaninfo');
    const step = amount(4_001, 1_009);
    const everywhere = Array.from({ length: Math.floor(whole.length / step) }, (_, index) => index * step);
    for (const length of [...everywhere, ...ends.flatMap((end) => [end - 1, end, end + 1])]) {
      const read = readPieces([whole.subarray(0, length)]);
      const complete = ends.filter((end) => end <= length).length;
      expect(read.hosts, `${length}`).toEqual(hosts.slice(0, complete));
      expect(read.end.complete).toBe(length > whole.indexOf('</runstats>'));
      if (!read.end.complete) expect(read.end.error).toBeTypeOf('string');
      if (length > headerEnds) expect(read.header?.nmapVersion).toBe('7.93');
    }
  });

  it('gives the same whatever the borders of its chunks', () => {
    const whole = fixture('base.xml');
    const expected = readPieces([whole]);
    expect(readPieces(Array.from(whole, (byte) => Uint8Array.of(byte)))).toEqual(expected);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: whole.length }), { maxLength: 30 }), (cuts) => {
        const borders = [0, ...cuts.sort((a, b) => a - b), whole.length];
        const pieces = borders.slice(1).map((border, index) => whole.subarray(borders[index], border));
        expect(readPieces(pieces)).toEqual(expected);
      }),
      { numRuns: amount(50, 400) },
    );
  });
});

describe('the boundary finder', () => {
  it('is not confused by markup in comments, attributes, CDATA and processing instructions', () => {
    const tricky = `<!-- <host><status state="up"/> --> <?note </host> <host> ?>
<host comment="a > b </host> <host>"><!-- </host> --><status state="up" reason="syn-ack"/>
<address addr="10.0.0.1" addrtype="ipv4"/><hostnames/>
<ports><![CDATA[</ports></host><host>]]>${OPEN}</ports><?pi </host> ?></host>`;
    const text = runXml(tricky);
    const read = readText(text);
    expect(read.end.complete).toBe(true);
    expect(read.hosts).toHaveLength(1);
    expect(read.hosts[0]).toMatchObject({ address: '10.0.0.1', ports: [{ port: 22, state: 'open' }] });
    const bytes = Buffer.from(text);
    expect(readPieces(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(read);
  });

  it('ignores the order of attributes and the kind of quotes', () => {
    const one = readText(runXml(hostXml('10.0.0.1', OPEN)));
    const other = readText(
      runXml(
        `<host endtime='2' starttime='1'><status reason='syn-ack' reason_ttl="0" state='up' />
<address addrtype='ipv4' addr='10.0.0.1' /><hostnames></hostnames>
<ports><port portid='22' protocol='tcp'><state reason_ttl="0" reason='syn-ack' state='open'></state>
<service conf='3' method='table' name='ssh' /></port></ports></host>`,
      ),
    );
    expect(other).toEqual(one);
    expect(one.hosts).toHaveLength(1);
  });

  it('tolerates progress reports anywhere, even inside another tag', () => {
    const progress = '<taskprogress task="SYN Stealth Scan" time="1" percent="5.00" remaining="9" etc="10"/>\n';
    const plain = readText(runXml(hostXml('10.0.0.1', OPEN)));
    const text = runXml(hostXml('10.0.0.1', OPEN));
    for (const place of [
      '<host starttime',
      '<status',
      '<ports>',
      '</port>',
      'reason="syn-ack"/>',
      '="ssh"',
      'ssh" method',
      '<times',
    ]) {
      const at = text.indexOf(place);
      expect(at).toBeGreaterThan(0);
      for (const inside of [0, 2]) {
        const mixed = text.slice(0, at + inside) + progress + text.slice(at + inside);
        if (inside === 2 && text[at] === '<') continue;
        expect(readText(mixed), `${place} + ${inside}`).toEqual(plain);
      }
    }
  });

  it('ignores host hints', () => {
    const hint =
      '<hosthint><status state="up" reason="arp-response"/><address addr="10.0.0.9" addrtype="ipv4"/></hosthint>';
    expect(readText(runXml(hint + hostXml('10.0.0.1', OPEN))).hosts.map((host) => host.address)).toEqual(['10.0.0.1']);
  });

  it('parses a host of 65,535 ports in pieces, with nothing lost', () => {
    const ports = Array.from({ length: 65_535 }, (_, index) => OPEN.replace('"22"', `"${index + 1}"`)).join('\n');
    const read = readText(runXml(hostXml('10.0.0.1', ports)));
    const numbers = read.hosts[0]?.ports.map((port) => port.port);
    expect(numbers).toEqual(Array.from({ length: 65_535 }, (_, index) => index + 1));
  });

  it('skips traces and the details of scripts, and keeps the beginning of their output', () => {
    const script = `<hostscript><script id="x" output="${'y'.repeat(1000)}"><elem>&lt;host></elem></script></hostscript>`;
    const host = hostXml(
      '10.0.0.1',
      OPEN.replace('</port>', '<script id="banner" output="z"><elem>q</elem></script></port>'),
    );
    const read = readText(runXml(host.replace('<times', `${script}<trace><hop ttl="1"/></trace><times`)));
    const [{ scripts, ...rest } = {}] = read.hosts;
    const plain = readText(runXml(hostXml('10.0.0.1', OPEN)));
    expect({ ...read, hosts: [rest] }).toEqual(plain);
    expect(scripts?.map(({ id, output }) => [id, output.length])).toEqual([
      ['x', 300],
      ['banner', 1],
    ]);
  });
});
