import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { createXmlReader } from '../../adapters/nmap/xml-reader.ts';
import { runReplay } from '../../src/cli/replay.ts';
import { POLICY_OPTIONS } from '../../src/core/group-options/group-options.ts';
import { parseRun } from '../../src/core/nmap-xml/parse-run.ts';
import type { XmlReader } from '../../src/ports/xml-reader.ts';
import { score, type Truth } from '../bench/noise/score.ts';

const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url));
const series = join(fixtures, 'series-loss20');
const scans = readdirSync(series)
  .filter((name) => name.startsWith('scan-'))
  .sort()
  .map((name) => join(series, name));
const folder = mkdtempSync(join(tmpdir(), 'netdelta-replay-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The same reader without its thread, which takes a fifth of a second to start. */
const inline: XmlReader = {
  async read(source, sink) {
    const bytes = 'path' in source ? readFileSync(source.path) : source.data;
    const { header, hosts, end } = parseRun(bytes[0] === 0x1f ? gunzipSync(bytes) : bytes);
    sink.onHeader(header);
    await sink.onHosts(hosts);
    return end;
  },
};

const replay = (...argv: string[]) => replayWith(inline, argv);

async function replayWith(reader: XmlReader, argv: readonly string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const io = { stdout: (line: string) => out.push(line), stderr: (line: string) => err.push(line) };
  const code = await runReplay(argv, io, reader);
  return { code, out, err };
}

let written = 0;

/** A whole run of nmap over 10.0.0.0/29, or over `targets`. */
function runFile(hosts: Record<string, string>, targets = '10.0.0.0/29', end = '</nmaprun>'): string {
  const start = 1_700_000_000 + written * 86_400;
  const path = join(folder, `run-${written++}.xml`);
  const bodies = Object.entries(hosts).map(
    ([address, ports]) =>
      `<host><status state="up" reason="echo-reply"/><address addr="${address}" addrtype="ipv4"/><ports>${ports}</ports></host>`,
  );
  const finished = `<runstats><finished time="${start + 9}" exit="success"/><hosts up="${bodies.length}" down="0" total="8"/></runstats>`;
  writeFileSync(
    path,
    `<nmaprun scanner="nmap" args="nmap -oX x.xml ${targets}" start="${start}" version="7.93"><scaninfo type="syn" protocol="tcp" numservices="3" services="22,80,443"/>${bodies.join('')}${end === '' ? '' : finished}${end}`,
  );
  return path;
}

const closed = (ports: string) =>
  `<extraports state="closed" count="1"><extrareasons reason="reset" count="1" proto="tcp" ports="${ports}"/></extraports>`;
const open = (port: number) =>
  `<port protocol="tcp" portid="${port}"><state state="open" reason="syn-ack"/><service name="svc-${port}" method="table" conf="3"/></port>`;
const WEB = { '10.0.0.1': closed('22,443') + open(80), '10.0.0.2': closed('80,443') + open(22) };
const SSH = { ...WEB, '10.0.0.1': closed('443') + open(22) + open(80) };

describe('netdelta replay', () => {
  it('prints the changes of a recorded series, as JSON lines that score.py reads', async () => {
    const { code, out } = await replay('--json', ...scans);
    const truth: Truth = JSON.parse(readFileSync(join(series, 'truth.json'), 'utf8'));
    const alerts = out.map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(score(truth, alerts)).toMatchObject({ precision: 1, recall: 1 });
    expect(alerts[0]).toMatchObject({
      ...{ scan: 3, kind: 'service-removed', host: '10.71.0.23', protocol: 'tcp', port: 21 },
      ...{ grade: 'amber', probability: expect.closeTo(0.12, 2), before: { present: true }, after: { present: false } },
    });
  });

  it('reads plain files like packed ones', async () => {
    const plain = scans.slice(0, 3).map((path, index) => {
      const target = join(folder, `plain-${index}.xml`);
      writeFileSync(target, gunzipSync(readFileSync(path)));
      return target;
    });
    const threaded = await replayWith(createXmlReader(), ['--json', ...plain]);
    const packed = await replayWith(createXmlReader(), ['--json', ...scans.slice(0, 3)]);
    expect(threaded.out).toEqual(packed.out);
  });

  it('prints what, how certain and why for people', async () => {
    const { out } = await replay(runFile(WEB), runFile(SSH));
    expect(out[1]).toBe('  certain   service-added   10.0.0.1 22/tcp  not open → svc-22');
    expect(out[2]?.trim()).toBe('open: syn-ack received; was closed or rejected before');
    expect(out.at(-2)).toBe('2 scans, 1 alert: 1 service-added.');
    expect(out.at(-1)).toBe('4 hosts and services first determined, without an alert.');
  });

  it('takes every policy option of a group, in either spelling', async () => {
    const gone = [
      runFile(SSH),
      runFile(SSH),
      runFile(SSH),
      ...[1, 2, 3, 4].map(() => runFile({ '10.0.0.2': WEB['10.0.0.2'] })),
    ];
    const kinds = async (...argv: string[]) =>
      (await replay('--json', ...argv, ...gone)).out.map((line) => JSON.parse(line).scan);
    expect(await kinds()).toEqual([5]);
    expect(await kinds('--down-after', '4')).toEqual([6]);
    expect(await kinds('--down-after=4')).toEqual([6]);
    expect(await kinds('--alert-on', 'service-added,outage')).toEqual([]);
    expect(await kinds('--alert-on', 'host-down')).toEqual([5]);
    expect(await kinds('--min-grade', 'green', '--confirm', 'off', '--ignore-tcpwrapped', '--hide-repeats=on')).toEqual(
      [5],
    );
    expect(await kinds('--unstable-after', '0', '--learn', '1', '--hide-repeats', 'off')).toEqual([5]);
  });

  it('prints a repeated delta once with --hide-repeats', async () => {
    const flapping = [WEB, SSH, WEB, SSH, WEB].map((hosts) => runFile(hosts));
    expect((await replay('--json', ...flapping)).out).toHaveLength(4);
    expect((await replay('--json', '--hide-repeats', ...flapping)).out).toHaveLength(2);
  });

  it('knows the hosts of a target list from its earlier runs', async () => {
    const list = '-iL targets.txt';
    const runs = [WEB, WEB, WEB, ...[1, 2, 3].map(() => ({ '10.0.0.2': WEB['10.0.0.2'] }))];
    const { out } = await replay('--json', ...runs.map((hosts) => runFile(hosts, list)));
    expect(out.map((line) => JSON.parse(line))).toMatchObject([{ scan: 5, kind: 'host-down', host: '10.0.0.1' }]);
  });

  it('judges what is complete in a truncated run, and says so', async () => {
    const runs = [WEB, WEB, WEB].map((hosts) => runFile(hosts));
    const broken = [1, 2, 3, 4].map(() => runFile({ '10.0.0.2': WEB['10.0.0.2'] }, undefined, ''));
    const { code, out, err } = await replay('--json', ...runs, ...broken);
    expect([code, out]).toEqual([0, []]);
    expect(err).toHaveLength(4);
    expect(err[0]).toMatch(/run-\d+\.xml is not whole/);
  });

  it('questions the order when a scan is older than the one before it', async () => {
    const [older, newer] = [runFile(WEB), runFile(WEB)];
    expect((await replay(newer, older)).err[0]).toMatch(/is older than the scan before it/);
  });

  it.each([
    [[], "error: missing required argument 'scan'"],
    [['--down-aftr', '3', 'x.xml'], "error: unknown option '--down-aftr'"],
    [['--down-after', '0', 'x.xml'], '0 is out of range. Expected 1 to 100.'],
    [['--min-grade', 'blue', 'x.xml'], 'Expected one of green, amber, red.'],
    [['--alert-on', 'host-dwn', 'x.xml'], 'Did you mean `host-down`?'],
    [['--hide-repeats=perhaps', 'x.xml'], '“perhaps” is neither on nor off.'],
    [['--learn'], "error: option '--learn <n>' argument missing"],
    [['--why'], "error: option '--why <address:port>' argument missing"],
    [['--why', 'nas', 'x.xml'], 'expected an address, or ADDRESS:PORT'],
  ])('refuses %j, and says what to do', async (argv, what) => {
    const { code, out, err } = await replay(...argv);
    expect([code, out]).toEqual([2, []]);
    expect(err[0]).toContain(what);
    expect(err.at(-1)).toBe('See `netdelta replay --help`.');
  });

  it('names the option that was probably meant', async () => {
    expect((await replay('--down-aftr', '3', 'x.xml')).err).toContain('(Did you mean --down-after?)');
  });

  it('refuses a file that is not there', async () => {
    const { code, err } = await replayWith(createXmlReader(), ['/nowhere/x.xml']);
    expect(code).toBe(2);
    expect(err[0]).toBe('/nowhere/x.xml can’t be read: there is no such file.');
  });

  it('explains a service that was silent, scan by scan, with --why', async () => {
    const { code, out } = await replay('--why', '10.71.0.23:21', ...scans.slice(0, 6));
    const text = out.join('\n');
    expect(code).toBe(0);
    expect(out[0]).toMatch(/^10\.71\.0\.23:21\/tcp: It is believed gone since .* UTC\.$/);
    expect(text).toMatch(/scan 3 service-removed, reported \(chance of a false alarm 12 %\): closed: reset received/);
    expect(text).toMatch(/scan 3 \S*scan-03\.xml\.gz: closed: reset received/);
    expect(text).toContain('An answer is reported: the service is open again.');
  });

  it('shows with --why what holds back an unreported change, as JSON too', async () => {
    const silent = '<port protocol="tcp" portid="80"><state state="filtered" reason="no-response"/></port>';
    const files = [WEB, WEB, WEB, { ...WEB, '10.0.0.1': closed('22,443') + silent }].map((hosts) => runFile(hosts));
    const { out } = await replay('--why=10.0.0.1:80', '--json', ...files);
    expect(out).toHaveLength(1);
    expect(JSON.parse(out[0] ?? '')).toMatchObject({
      ...{ address: '10.0.0.1', port: 80, belief: { words: 'It is believed open' } },
      remembered: ['It was silent in one scan.', 'It has never been silent and then back.'],
      held: ['Its silence is not sure enough yet: a lost probe looks the same.'],
      deltas: [{ scan: 3, kind: 'service-removed', outcome: 'in doubt: waits for more evidence' }],
    });
    const quiet = await replay('--why', '10.0.0.1:22', '--alert-on', 'host-down', runFile(WEB), runFile(SSH));
    expect(quiet.out.join('\n')).toContain('service-added, held back: alert-on leaves out service-added');
  });

  it('explains itself', async () => {
    const { code, out } = await replay('--help');
    expect(code).toBe(0);
    const flags = POLICY_OPTIONS.filter(({ name }) => !out.join('\n').includes(`--${name} `));
    expect(flags.map(({ name }) => name)).toEqual([]);
    expect(POLICY_OPTIONS.map(({ name }) => name)).toContain('down-after');
  });
});
