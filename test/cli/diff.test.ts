import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { indexRun } from '../../adapters/nmap/run-index.ts';
import { runDiff } from '../../src/cli/diff.ts';
import { compareRuns } from '../../src/core/compare/compare.ts';
import { parseRun } from '../../src/core/nmap-xml/parse-run.ts';
import { fixture, hostXml, runXml } from '../core/nmap-xml/documents.ts';
import { amount } from '../thorough.ts';

const directory = mkdtempSync(join(tmpdir(), 'netdelta-diff-'));
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

type Result = { code: number; out: string[]; err: string[] };

async function diff(argv: string[], indexer = indexRun): Promise<Result> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runDiff(argv, { stdout: (line) => out.push(line), stderr: (line) => err.push(line) }, indexer);
  return { code, out, err };
}

const port = (number: number, state: string, reason: string): string =>
  `<port protocol="tcp" portid="${number}"><state state="${state}" reason="${reason}"/></port>`;
const OPEN = port(22, 'open', 'syn-ack');
const OLD = file(
  'old.xml',
  runXml(hostXml('10.0.0.1', OPEN + port(80, 'closed', 'reset')) + hostXml('10.0.0.2', OPEN)),
);
const NEW = file('new.xml', runXml(hostXml('10.0.0.1', OPEN + port(80, 'open', 'syn-ack'))));

describe('netdelta diff', () => {
  it('exits with 0 when there is no delta', async () => {
    const { code, out, err } = await diff([OLD, OLD]);
    expect({ code, err }).toEqual({ code: 0, err: [] });
    expect(out.at(-1)).toBe('No delta.');
  });

  it('exits with 1 and reports each delta with its evidence', async () => {
    const { code, out, err } = await diff([OLD, NEW]);
    expect({ code, err }).toEqual({ code: 1, err: [] });
    expect(out[0]).toBe(
      'service-added 10.0.0.1 80/tcp (certain) not open → open: open: syn-ack received; before: closed: reset received',
    );
    expect(out[1]).toBe(
      'host-down 10.0.0.2 (doubtful): no answer in one scan; before it was up: syn-ack, with 22/tcp open',
    );
    expect(out.at(-1)).toBe('2 deltas.');
  });

  it('writes one JSON document', async () => {
    const { code, out } = await diff(['--json', OLD, NEW]);
    expect(code).toBe(1);
    expect(JSON.parse(out.join('\n'))).toMatchObject({
      deltas: [
        {
          kind: 'service-added',
          host: '10.0.0.1',
          protocol: 'tcp',
          port: 80,
          before: { present: false },
          after: { present: true },
          grade: 'green',
        },
        { kind: 'host-down', host: '10.0.0.2', evidence: [expect.stringContaining('no answer'), expect.any(String)] },
      ],
      old: { file: OLD, nmapVersion: '7.93', complete: true, hostsUp: 2 },
      new: { file: NEW, complete: true, hostsUp: 1 },
      untold: [],
    });
    expect(JSON.parse((await diff([OLD, OLD, '--json'])).out.join('\n'))).toMatchObject({ deltas: [] });
  });

  it('reads gzip', async () => {
    const packed = file('old.xml.gz', gzipSync(readFileSync(OLD)));
    expect((await diff([packed, NEW])).out).toContain('2 deltas.');
  });

  it('names what it leaves out', async () => {
    const quiet = file('quiet.xml', runXml(hostXml('10.0.0.1', port(22, 'filtered', 'no-response'))));
    const { code, out } = await diff([NEW, quiet]);
    expect(code).toBe(0);
    expect(out).toContain('  10.0.0.1 80/tcp: open → not covered (not covered by this scan)');
    expect(out.join('\n')).toContain('10.0.0.1 22/tcp: open → filtered (silence is no evidence');
  });

  it('makes untrusted text harmless', async () => {
    const service = '<service name="http" product="a&#x9b;31m&#x202e;b" method="probed" conf="10"/></port>';
    const evil = file(
      'evil.xml',
      runXml(hostXml('10.0.0.1', OPEN + port(80, 'open', 'syn-ack').replace('</port>', service))),
    );
    const { out } = await diff([OLD, evil]);
    expect(out[0]).toContain('http a31mb');
  });

  it('says that a file is truncated, and compares what it contains', async () => {
    const cut = file('cut.xml', readFileSync(NEW, 'utf8').split('<runstats')[0] ?? '');
    const { code, out, err } = await diff([OLD, cut]);
    expect(code).toBe(1);
    expect(out.filter((line) => line.startsWith('host-down'))).toEqual([]);
    expect(err.join(' ')).toContain('ends early');
  });
});

describe('files that can not be compared: exit 2, a line for the problem and a line for the fix', () => {
  const bomb = '<!DOCTYPE nmaprun [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>';
  const xxe = '<!DOCTYPE nmaprun [<!ENTITY x SYSTEM "file:///etc/passwd">]>';
  it.each<[string, string | Uint8Array, string]>([
    ['an empty file', '', 'empty'],
    ['text', 'hello', 'not XML'],
    ['another document', '<html></html>', '<html>'],
    ['an entity bomb', runXml('<host>&b;</host>', { prolog: bomb }), 'refused'],
    ['an external entity', runXml('<host>&x;</host>', { prolog: xxe }), 'refused'],
  ])('%s', async (name, content, reason) => {
    const bad = file(`${name}.xml`, content);
    for (const argv of [
      [bad, NEW],
      [NEW, bad],
      ['--json', NEW, bad],
    ]) {
      const { code, out, err } = await diff(argv);
      expect({ code, out }).toEqual({ code: 2, out: [] });
      expect(err).toHaveLength(2);
      expect(err[0]).toContain(reason);
      expect(err.join(' ')).not.toContain('root:');
    }
  });

  it('a file that is not there', async () => {
    expect(await diff([join(directory, 'none'), NEW])).toMatchObject({ code: 2, out: [] });
  });

  it('one file, or three', async () => {
    expect((await diff([OLD])).err[1]).toContain('netdelta diff OLD.xml NEW.xml');
    expect((await diff([OLD, NEW, NEW])).code).toBe(2);
  });
});

describe('a real scan of 100 kB cut off anywhere', () => {
  const whole = fixture('static_truth_sV.xml');
  const reference = file('whole.xml', whole);

  async function cutOff(length: number, turned: boolean): Promise<void> {
    const cut = file('part.xml', whole.subarray(0, length));
    const { code, out, err } = await diff(turned ? [cut, reference] : [reference, cut]);
    const known = whole.subarray(0, length).includes('<scaninfo');
    if (known) expect({ length, code }).toEqual({ length, code: 0 });
    else expect([0, 2]).toContain(code);
    if (code === 2) expect(out).toEqual([]);
    expect(err.length > 0, `${length}`).toBe(length < whole.indexOf('</runstats>') + 11);
  }

  it('has no delta against the whole', async () => {
    const step = amount(3001, 500);
    for (let cut = 0; cut * step < whole.length; cut++) await cutOff(cut * step, cut % 3 === 0);
  });
});

describe('hosts that are the same byte for byte in both files', () => {
  const PORTS = [OPEN, port(80, 'closed', 'reset'), port(443, 'open', 'syn-ack'), port(25, 'filtered', 'no-response')];
  const hosts = fc.array(
    fc.record({
      address: fc.integer({ min: 1, max: 12 }),
      ports: fc.subarray(PORTS, { minLength: 0 }),
      srtt: fc.integer({ min: 1, max: 99 }),
      silent: fc.boolean(),
    }),
    { maxLength: 12 },
  );
  type Hosts = typeof hosts extends fc.Arbitrary<infer T> ? T : never;

  function document(list: Hosts): string {
    const body = list.map(({ address, ports, srtt, silent }) => {
      const times = `</ports><times srtt="${srtt}" rttvar="1" to="100000"/>`;
      const text = hostXml(`10.0.0.${address}`, ports.join('')).replace('</ports>', times);
      return silent ? text.replace('state="up"', 'state="down"') : text;
    });
    return runXml(body.join('\n'));
  }

  it('are skipped unread, and the deltas are the same as when everything is read', async () => {
    await fc.assert(
      fc.asyncProperty(hosts, hosts, fc.boolean(), async (one, other, packed) => {
        // Most hosts stay the same, except for their round trips.
        const later = [...one.slice(0, 8).map((host) => ({ ...host, srtt: host.srtt + 1 })), ...other.slice(0, 3)];
        const [older, newer] = [document(one), document(later)];
        const expected = compareRuns(parseRun(Buffer.from(older)), parseRun(Buffer.from(newer)));
        const files = [file('p-old.xml', packed ? gzipSync(older) : older), file('p-new.xml', newer)];
        const { deltas } = JSON.parse((await diff([...files, '--json'])).out.join('\n')) as {
          deltas: { host: string }[];
        };
        const words = (list: readonly object[]) => list.map((delta) => JSON.stringify(delta)).sort();
        expect(words(deltas)).toEqual(
          words(expected.deltas.map(({ state: _, address, kind, ...rest }) => ({ kind, host: address, ...rest }))),
        );
      }),
      { numRuns: amount(40, 300) },
    );
  });
});
