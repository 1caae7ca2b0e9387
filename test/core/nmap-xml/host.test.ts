import { describe, expect, it } from 'vitest';
import type { HostObservation } from '../../../src/core/model/observation.ts';
import { hostXml, readPieces, readText, runXml } from './documents.ts';

const port = (inner: string, number = 22): string => `<port protocol="tcp" portid="${number}">${inner}</port>`;
const OPEN = '<state state="open" reason="syn-ack"/>';

function only(host: string, services = '22,80,443'): HostObservation | undefined {
  const { hosts } = readText(runXml(host, { services }));
  expect(hosts.length).toBeLessThanOrEqual(1);
  return hosts[0];
}

describe('a host', () => {
  it('has its addresses in canonical spelling, MAC and names', () => {
    const host = only(`<host><status state="up" reason="nd-response"/>
<address addr="2001:DB8:0:0:0:0:0:1" addrtype="ipv6"/><address addr="4e:23:6c:6b:db:eb" addrtype="mac" vendor="A &amp; B"/>
<hostnames><hostname name="a.example" type="user"/><hostname name="a.example" type="PTR"/></hostnames></host>`);
    expect(host).toEqual({
      address: '2001:db8::1',
      mac: '4E:23:6C:6B:DB:EB',
      vendor: 'A & B',
      hostnames: ['a.example'],
      askedAs: ['a.example'],
      status: 'up',
      reason: 'nd-response',
      timedOut: false,
      ports: [],
      extra: [],
    });
  });

  it('that nmap did not scan, or that has no address, is left out', () => {
    expect(only(hostXml('10.0.0.1', '', 'state="unknown" reason="user-set"'))).toBeUndefined();
    expect(only(hostXml('nonsense', ''))).toBeUndefined();
    expect(only(hostXml('10.0.0.1', '', 'state="down" reason="no-response"'))).toMatchObject({ status: 'down' });
  });

  it('leaves out ports of other protocols and invalid ports', () => {
    const wrong = '<port protocol="ddp" portid="1"><state state="open" reason="x"/></port>';
    const host = only(
      hostXml('10.0.0.1', wrong + port(OPEN, 99_999) + port('<state state="odd" reason="x"/>') + port('')),
    );
    expect(host?.ports).toEqual([]);
  });

  it('has a certificate whose name has a part that every object inherits', () => {
    const tls = `<script id="ssl-cert" output="long"><table key="subject"><elem key="constructor">x</elem>
<elem key="__proto__">y</elem></table><elem key="sha1">aa bb</elem></script>`;
    const host = only(hostXml('10.0.0.1', port(OPEN + tls, 443)));
    expect(host?.ports[0]?.service?.certificate?.subject).toBe('constructor=x, __proto__=y');
  });

  it('keeps one entry per port', () => {
    expect(only(hostXml('10.0.0.1', port(OPEN) + port(OPEN)))?.ports).toHaveLength(1);
  });
});

describe('a service', () => {
  it('has its identity, and its key where scripts collected it', () => {
    const tls = `<script id="ssl-cert" output="long"><table key="subject"><elem key="commonName">x</elem></table>
<elem key="md5">00</elem><elem key="sha1">aa bb</elem></script>`;
    const ssh = `<script id="ssh-hostkey" output="x"><table><elem key="type">ssh-rsa</elem><elem key="fingerprint">ff</elem></table>
<table><elem key="fingerprint">ee</elem></table></script>`;
    const service =
      '<service name="https" product="nginx" version="1.18.0" extrainfo="Ubuntu" tunnel="ssl" method="probed" conf="10"><cpe>cpe:/a</cpe></service>';
    const host = only(hostXml('10.0.0.1', port(OPEN + service + tls, 443) + port(OPEN + ssh)));
    expect(host?.ports[0]?.service).toEqual({
      name: 'https',
      product: 'nginx',
      version: '1.18.0',
      extrainfo: 'Ubuntu',
      tunnel: 'ssl',
      method: 'probed',
      confidence: 10,
      certificate: { fingerprint: 'aabb', subject: 'CN=x' },
    });
    expect(host?.ports[1]?.service).toMatchObject({
      hostKeys: [{ type: 'ssh-rsa', fingerprint: 'ff' }, { fingerprint: 'ee' }],
      method: 'table',
    });
  });
});

describe('extra ports', () => {
  it('are expanded through their reasons', () => {
    const extra = `<extraports state="filtered" count="3"><extrareasons reason="no-response" count="2" proto="tcp" ports="22,80"/>
<extrareasons reason="admin-prohibited" count="1" proto="tcp" ports="443"/></extraports>
<extraports state="closed" count="2"><extrareasons reason="port-unreach" count="2" proto="udp" ports="53,100-101"/></extraports>`;
    expect(only(hostXml('10.0.0.1', extra))?.extra).toEqual([
      {
        state: 'filtered',
        reason: 'no-response',
        protocol: 'tcp',
        ports: [
          [22, 22],
          [80, 80],
        ],
      },
      { state: 'filtered', reason: 'admin-prohibited', protocol: 'tcp', ports: [[443, 443]] },
      {
        state: 'closed',
        reason: 'port-unreach',
        protocol: 'udp',
        ports: [
          [53, 53],
          [100, 101],
        ],
      },
    ]);
  });

  it('of an old nmap without ranges are the covered ports that are not listed', () => {
    const extra = '<extraports state="closed" count="99"><extrareasons reason="resets" count="99"/></extraports>';
    expect(only(hostXml('10.0.0.1', extra + port(OPEN, 50)), '1-100')?.extra).toEqual([
      {
        state: 'closed',
        reason: 'reset',
        protocol: 'tcp',
        ports: [
          [1, 49],
          [51, 100],
        ],
      },
    ]);
  });

  it('of an old nmap in several states are certainly not open, and how many were closed is kept', () => {
    const extra = `<extraports state="closed" count="50"><extrareasons reason="resets" count="50"/></extraports>
<extraports state="filtered" count="49"><extrareasons reason="no-responses" count="49"/></extraports>`;
    expect(only(hostXml('10.0.0.1', extra + port(OPEN, 50)), '1-100')?.extra).toEqual([
      {
        state: 'closed|filtered',
        reason: 'not-listed',
        protocol: 'tcp',
        closed: 50,
        ports: [
          [1, 49],
          [51, 100],
        ],
      },
    ]);
  });

  it('of an old nmap that don’t add up to the ports of the scan count as not covered', () => {
    const extra = '<extraports state="closed" count="90"><extrareasons reason="resets" count="90"/></extraports>';
    expect(only(hostXml('10.0.0.1', extra + port(OPEN, 50)), '1-100')?.extra).toEqual([]);
  });

  it('of an old nmap with an unknown state count as not covered', () => {
    const extra = `<extraports state="closed" count="90"><extrareasons reason="resets" count="90"/></extraports>
<extraports state="unknown" count="9"><extrareasons reason="no-responses" count="9"/></extraports>`;
    expect(only(hostXml('10.0.0.1', extra + port(OPEN, 50)), '1-100')?.extra).toEqual([]);
  });
});

describe('text', () => {
  it('may be UTF-16, as a Windows console writes it', () => {
    const text = runXml(hostXml('10.0.0.1', port(OPEN)));
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    expect(readPieces([utf16.subarray(0, 1), utf16.subarray(1, 500), utf16.subarray(500)])).toEqual(readText(text));
  });

  it('that is not UTF-8 is replaced, not refused', () => {
    const bytes = Buffer.from(
      runXml(hostXml('10.0.0.1', port(`${OPEN}<service name="A~B" method="probed" conf="10"/>`))),
    );
    bytes[bytes.indexOf('A~B') + 1] = 0xff;
    expect(readPieces([bytes]).hosts[0]?.ports[0]?.service?.name).toBe('A\uFFFDB');
  });
});
