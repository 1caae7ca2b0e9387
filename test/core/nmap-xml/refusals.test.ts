import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { parseRun } from '../../../src/core/nmap-xml/parse-run.ts';
import { hostXml, readText, runXml } from './documents.ts';

const OPEN = '<port protocol="tcp" portid="22"><state state="open" reason="syn-ack"/></port>';

function refusal(text: string): string | undefined {
  const read = readText(text);
  expect(read.header).toBeUndefined();
  expect(read.hosts).toEqual([]);
  expect(read.end.complete).toBe(false);
  return read.end.error;
}

describe('a document that is no nmap XML has no header and a reason', () => {
  it.each([
    ['an empty file', '', 'empty'],
    ['blanks', '  \n\n ', 'empty'],
    ['text', 'Starting Nmap 7.93', 'not XML'],
    ['JSON', '{"a":1}', 'not XML'],
    ['a page', '<!DOCTYPE html><html><body>hi</body></html>', '<html>'],
    ['another document', '<report><host/></report>', '<report>'],
    ['a broken tag', '<nmaprun <host', 'not XML'],
    ['a gzip taken for text', '\u001f\uFFFD\b', 'not XML'],
  ])('%s', (_, text, reason) => {
    expect(refusal(text)).toContain(reason);
    expect(() => parseRun(Buffer.from(text))).toThrow(UserError);
  });
});

describe('document types', () => {
  it('with entities are refused before anything is expanded', () => {
    const bomb = `<!DOCTYPE nmaprun [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>`;
    expect(refusal(runXml(hostXml('10.0.0.1', OPEN).replace('"ipv4"', '"&c;"'), { prolog: bomb }))).toContain(
      'refused',
    );
  });

  it('that name a file are refused', () => {
    const xxe = '<!DOCTYPE nmaprun [<!ENTITY x SYSTEM "file:///etc/passwd">]>';
    expect(refusal(runXml('<host>&x;</host>', { prolog: xxe }))).toContain('refused');
    expect(refusal(runXml('', { prolog: '<!DOCTYPE nmaprun SYSTEM "http://127.0.0.1/x.dtd">' }))).toContain('refused');
  });

  it('of nmap itself are read', () => {
    expect(readText(runXml('')).end.complete).toBe(true);
  });
});

describe('references', () => {
  it('are resolved once, and only those of XML', () => {
    const name = '&lt;a&gt; &amp;lt; &quot;&apos;&#65;&#x42; &nbsp; &x; &#0; &#xD800; &#99999999;';
    const port = OPEN.replace('/></port>', `/><service name="${name}" method="probed" conf="10"/></port>`);
    const [host] = readText(runXml(hostXml('10.0.0.1', port))).hosts;
    expect(host?.ports[0]?.service?.name).toBe('<a> &lt; "\'AB &nbsp; &x; \uFFFD \uFFFD \uFFFD');
  });
});

describe('a document that goes wrong in the middle', () => {
  it.each([
    ['a tag within a tag', '<host <status state="up"/>'],
    ['an end without a start', '</host>'],
    ['a declaration', '<!ENTITY x "y">'],
    ['nesting without an end', '<x>'.repeat(100)],
  ])('keeps the hosts before %s', (_, wrong) => {
    const read = readText(runXml(hostXml('10.0.0.1', OPEN) + wrong + hostXml('10.0.0.2', OPEN)));
    expect(read.hosts.map((host) => host.address)).toEqual(['10.0.0.1']);
    expect(read.end.complete).toBe(false);
    expect(read.end.error).toBeTypeOf('string');
  });

  it('names a host that is too large', () => {
    const huge = OPEN.replace('/></port>', `/><service name="${'x'.repeat(1_000_000)}"/></port>`);
    const read = readText(runXml(hostXml('10.0.0.1', OPEN) + hostXml('10.0.0.2', huge.repeat(70))));
    expect(read.hosts).toHaveLength(1);
    expect(read.end.error).toContain('64 MB');
  });
});

describe('runs that ended badly', () => {
  it('are not complete and carry nmap’s message', () => {
    const text = runXml(hostXml('10.0.0.1', OPEN)).replace('exit="success"', 'exit="error" errormsg="out of memory"');
    expect(readText(text).end).toEqual({ complete: false, finishedAt: 1700000060000, error: 'out of memory' });
  });
});
