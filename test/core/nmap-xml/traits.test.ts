import { describe, expect, it } from 'vitest';
import { hostXml, readPieces, readText, runXml } from './documents.ts';

const port = (inside: string) =>
  `<port protocol="tcp" portid="80"><state state="open" reason="syn-ack"/><service name="http" method="table" conf="3"/>${inside}</port>`;
const OS = `<os><portused state="open" proto="tcp" portid="80"/><osmatch name="Linux 5.0 - 5.14" accuracy="98" line="1"><osclass type="general purpose" vendor="Linux" osfamily="Linux" osgen="5.X" accuracy="98"><cpe>cpe:/o:linux:linux_kernel:5</cpe></osclass></osmatch>
<osmatch name="Linux 4.15" accuracy="94" line="2"></osmatch></os>`;
const HOST_SCRIPT =
  '<hostscript><script id="smb-os-discovery" output="&#xa;  OS: Windows 10 &lt;b&gt;"><elem key="os">Windows 10</elem></script></hostscript>';

/** The same host, with more after its ports. */
function withTail(inside: string, tail: string): string {
  return runXml(hostXml('10.0.0.1', port(inside)).replace('</host>', `${tail}</host>`));
}

describe('guesses and scripts', () => {
  it('are kept: the best guess of the system, and the output of scripts about the host and its ports', () => {
    const title = '<script id="http-title" output="Shop &amp; more"><elem key="title">Shop</elem></script>';
    const text = withTail(title, OS + HOST_SCRIPT);
    const [host] = readText(text).hosts;
    expect(host?.os).toEqual({ name: 'Linux 5.0 - 5.14', accuracy: 98 });
    expect(host?.scripts).toEqual(
      expect.arrayContaining([
        { id: 'http-title', output: 'Shop & more', port: { protocol: 'tcp', port: 80 } },
        { id: 'smb-os-discovery', output: 'OS: Windows 10 <b>' },
      ]),
    );
    // However it arrives: at once, or byte by byte.
    const bytes = Buffer.from(text);
    expect(readPieces(Array.from(bytes, (byte) => Uint8Array.of(byte))).hosts[0]).toEqual(host);
  });

  it('that identify a service are no additional results', () => {
    const script = '<script id="ssl-cert" output="x"><elem key="sha1">aa bb</elem></script>';
    const [host] = readText(withTail(script, '')).hosts;
    expect(host?.scripts).toBeUndefined();
    expect(host?.ports[0]?.service?.certificate?.fingerprint).toBe('aabb');
  });

  it('are absent when they were not requested, or are empty', () => {
    const [host] = readText(withTail('<script id="x" output=""/>', '<os><portused state="open"/></os>')).hosts;
    expect(host).not.toHaveProperty('os');
    expect(host).not.toHaveProperty('scripts');
  });

  it.each([5_000, 200_000, 15_000_000])('of %i characters keep their beginning', (length) => {
    const script = `<script id="http-enum" output="${'&lt;x&gt;'.repeat(length / 9)}">\n<table key="a"/></script>`;
    const { hosts, end } = readText(withTail(script, ''));
    expect(end.complete).toBe(true);
    const [result] = hosts[0]?.scripts ?? [];
    if (length < 256_000) expect(result?.output).toMatch(/^(?:<x>)+.{0,3}…$/);
    expect(result?.output.length ?? 0).toBeLessThanOrEqual(300);
  });
});
