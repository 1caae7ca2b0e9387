import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInlineReader } from '../../../adapters/nmap/read-source.ts';
import { indexRun } from '../../../adapters/nmap/run-index.ts';
import { runDiff } from '../../../src/cli/diff.ts';
import { runReplay } from '../../../src/cli/replay.ts';
import { judgeScan as judge } from '../../../src/core/judge/judge-scan.ts';
import { traitsOf } from '../../../src/core/judge/traits.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/policy.ts';
import { judgeChunksHere } from '../../../src/usecases/judging/judge-chunks.ts';
import { judgeScan } from '../../../src/usecases/judging/judge-scan.ts';
import { importScans } from '../../../src/usecases/scanning/import-scans.ts';
import { openWorkshop, type Workshop } from '../workshop.ts';

const T = 1_700_000_000;
const NIGHT = 86_400;
const A = '10.0.0.1';

type Night = { start: number; open: readonly number[] };
/** Two nights between which 80/tcp opened. */
const FIRST: Night = { start: T, open: [22] };
const SECOND: Night = { start: T + NIGHT, open: [22, 80] };

function port(number: number, inside = ''): string {
  return `<port protocol="tcp" portid="${number}"><state state="open" reason="syn-ack" reason_ttl="64"/>${inside}</port>`;
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** As nmap 7.93 writes it; `host`: in place of the host's status. */
function nmap(
  { start, open }: Night,
  { status = '<status state="up" reason="echo-reply" reason_ttl="64"/>', inside = '' } = {},
) {
  const closed = [22, 80].filter((number) => !open.includes(number));
  const rest = closed.map(
    (number) =>
      `<extraports state="closed" count="1"><extrareasons reason="reset" count="1" proto="tcp" ports="${number}"/></extraports>`,
  );
  return `<nmaprun scanner="nmap" args="nmap -oX - -p 22,80 ${A}" start="${start}" version="7.93" xmloutputversion="1.05">
<scaninfo type="syn" protocol="tcp" numservices="2" services="22,80"/>
<host starttime="${start}" endtime="${start + 9}">${status}<address addr="${A}" addrtype="ipv4"/>
<hostnames><hostname name="büro.example" type="PTR"/></hostnames>
<ports>${rest.join('')}${open.map((number) => port(number, inside)).join('\n')}</ports></host>
<runstats><finished time="${start + 9}" elapsed="9" exit="success"/><hosts up="1" down="0" total="1"/></runstats>
</nmaprun>
`;
}

/** masscan writes an entry for each port, no status, and no closed ports. */
function masscan({ start, open }: Night): string {
  const entry = (number: number) =>
    `<host endtime="${start + 1}"><address addr="${A}" addrtype="ipv4"/><ports>${port(number)}</ports></host>\r\n`;
  return `<?xml version="1.0"?>\r\n<!-- masscan v1.0 scan -->\r\n<nmaprun scanner="masscan" start="${start}" version="1.0-BETA" xmloutputversion="1.03">\r\n<scaninfo type="syn" protocol="tcp" />\r\n${open.map(entry).join('')}<runstats><finished time="${start + 2}" timestr="x" elapsed="2" />\r\n<hosts up="${open.length}" down="0" total="${open.length}" />\r\n</runstats>\r\n</nmaprun>\r\n`;
}

/** RustScan's own lines, then nmap's XML in the same output. */
const rustscan = (night: Night): string =>
  `.----. .-. .-. .----..---.\nThe Modern Day Port Scanner.\nOpen ${A}:22\n[~] Starting Script(s)\n[>] Script to be run Some("nmap -vvv -p {{port}} {{ip}}")\nStarting Nmap 7.93 ( https://nmap.org )\n${DECLARATION}<!DOCTYPE nmaprun>\n${nmap(night)}`;

const SCRIPT = `<script id="http-title" output="${'x'.repeat(15 * 1024 * 1024)}"/>`;

type Sample = { name: string; write(night: Night): Buffer; remark?: string };

const SAMPLES: readonly Sample[] = [
  { name: 'nmap', write: (night) => Buffer.from(DECLARATION + nmap(night)) },
  { name: 'gzip', write: (night) => gzipSync(DECLARATION + nmap(night)) },
  {
    name: 'a document type with a public identifier',
    write: (night) =>
      Buffer.from(
        `<?xml version="1.0"?>\n<!DOCTYPE nmaprun PUBLIC "-//IDN nmap.org//DTD Nmap XML 1.04//EN" "https://svn.nmap.org/nmap/docs/nmap.dtd">\n${nmap(night)}`,
      ),
  },
  {
    name: 'a declared ISO-8859-1',
    write: (night) => Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>\n${nmap(night)}`, 'latin1'),
  },
  {
    name: 'UTF-16 with a byte order mark',
    write: (night) => Buffer.from(`\ufeff${DECLARATION.replace('UTF-8', 'UTF-16')}${nmap(night)}`, 'utf16le'),
  },
  {
    name: 'UTF-16 with the other byte order',
    write: (night) => Buffer.from(`\ufeff${DECLARATION.replace('UTF-8', 'UTF-16')}${nmap(night)}`, 'utf16le').swap16(),
  },
  { name: 'UTF-8 with a byte order mark', write: (night) => Buffer.from(`\ufeff${DECLARATION}${nmap(night)}`) },
  {
    name: 'a declared windows-1252',
    write: (night) => Buffer.from(`<?xml version="1.0" encoding="windows-1252"?>\n${nmap(night)}`, 'latin1'),
  },
  {
    name: 'attributes in single quotes',
    write: (night) => Buffer.from(DECLARATION + nmap(night).replaceAll(/="([^"]*)"/g, "='$1'")),
  },
  {
    name: 'a style sheet and comments',
    write: (night) =>
      Buffer.from(
        `${DECLARATION}<?xml-stylesheet href="nmap.xsl" type="text/xsl"?>\n<!-- Nmap 7.93 -- scan -->\n${nmap(night)}`,
      ),
  },
  {
    name: 'closed ports as a number, as nmap 7.80 writes them',
    write: (night) =>
      Buffer.from(
        DECLARATION +
          nmap(night)
            .replace('version="7.93"', 'version="7.80"')
            .replaceAll(/ reason="reset" count="1" proto="tcp" ports="\d+"/g, ' reason="resets" count="1"'),
      ),
  },
  {
    name: 'an entry for each port of a host',
    write: (night) =>
      Buffer.from(
        DECLARATION +
          nmap(night).replaceAll(
            '</port>\n<port',
            '</port></ports></host>\n<host><status state="up" reason="echo-reply"/><address addr="10.0.0.1" addrtype="ipv4"/><ports><port',
          ),
      ),
  },
  { name: 'Windows line ends', write: (night) => Buffer.from((DECLARATION + nmap(night)).replaceAll('\n', '\r\n')) },
  { name: 'hosts without a status', write: (night) => Buffer.from(DECLARATION + nmap(night, { status: '' })) },
  { name: 'RustScan, with text before', write: (night) => Buffer.from(rustscan(night)), remark: 'text around' },
  { name: 'a script’s result of 15 MB', write: (night) => Buffer.from(DECLARATION + nmap(night, { inside: SCRIPT })) },
];

let workshop: Workshop;
beforeEach(async () => {
  workshop = await openWorkshop();
});
afterEach(() => workshop.close());
const directory = mkdtempSync(join(tmpdir(), 'netdelta-foreign-'));
afterAll(() => rmSync(directory, { recursive: true }));

function path(name: string, data: Buffer): string {
  const file = join(directory, name);
  writeFileSync(file, data);
  return file;
}

async function run(command: typeof runDiff | typeof runReplay, argv: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const io = { stdout: (line: string) => out.push(line), stderr: (line: string) => err.push(line) };
  await (command === runDiff ? runDiff(argv, io, indexRun) : runReplay(argv, io, createInlineReader()));
  return { out, err: err.join('\n') };
}

async function diffed(older: Buffer, newer: Buffer) {
  const { out, err } = await run(runDiff, ['--json', path('a.xml', older), path('b.xml', newer)]);
  return { ...JSON.parse(out.join('\n')), err };
}

async function imported(...files: Buffer[]) {
  const { store, channelsOf, placesOf } = workshop;
  const group = (await store.groups.byName('lab')) ?? (await workshop.addGroup());
  const reader = createInlineReader();
  const judging = {
    ...{ store, channelsOf, placesOf, wake: () => {}, judgeChunks: judgeChunksHere({ reader, judge }) },
    ...{ log: workshop.delivery.log, baseline: async () => {}, canAsk: async () => false, confirm: async () => {} },
    startNext: async () => {},
  };
  const deps = {
    ...{ store, reader, allowed: ['10.0.0.0/8'], resolver: { resolve: async () => [] } },
    judge: (scanId: number, at: number) => judgeScan({ ...judging, clock: { now: () => at } }, scanId),
  };
  const named = files.map((data, index) => ({ name: `${index}.xml`, data }));
  const runs = await importScans(deps, { group, files: named, by: 'console:local', channel: 'console:main' });
  const page = { limit: 9, offset: 0 };
  const { items } = await store.deltas.list({ groupId: group.id, states: ['confirmed'] }, page);
  return { group, runs, told: items.map((delta) => `${delta.kind} ${delta.address} ${delta.port}`) };
}

describe.each(SAMPLES)('$name is read', ({ write, remark }) => {
  const [first, second] = [write(FIRST), write(SECOND)];

  it('by diff', async () => {
    const { deltas, err } = await diffed(first, second);
    expect(deltas).toMatchObject([{ kind: 'service-added', host: A, port: 80 }]);
    if (remark !== undefined) expect(err).toContain(remark);
  });

  it('by replay', async () => {
    const { out } = await run(runReplay, ['--json', path('a.xml', first), path('b.xml', second)]);
    expect(out.map((line) => JSON.parse(line))).toMatchObject([{ scan: 1, kind: 'service-added', host: A, port: 80 }]);
  });

  it('by import, which counts what it used and names what it could not', async () => {
    const { group, runs, told } = await imported(second, first);
    expect(told).toEqual([`service-added ${A} 80`]);
    expect(runs.map(({ file, counts }) => [file, counts])).toEqual([
      ['1.xml', { addresses: 1n, up: 1, open: 1 }],
      ['0.xml', { addresses: 1n, up: 1, open: 2 }],
    ]);
    if (remark !== undefined) expect(runs[0]?.remarks.join()).toContain(remark);
    const host = await workshop.store.states.host(group.id, A);
    expect(host?.hostnames).toEqual(['büro.example']);
  });
});

describe.each([
  ['SCTP', 'sctp', 'sctpinit', 'init-ack', 'abort'],
  ['IP protocols', 'ip', 'ipproto', 'proto-response', 'proto-unreach'],
])('a scan of %s is read', (_, protocol, type, answer, denial) => {
  const write = (night: Night) =>
    Buffer.from(
      DECLARATION +
        nmap(night)
          .replaceAll('"tcp"', `"${protocol}"`)
          .replace('type="syn"', `type="${type}"`)
          .replaceAll('syn-ack', answer)
          .replaceAll('reset', denial),
    );
  const [first, second] = [write(FIRST), write(SECOND)];
  const change = { kind: 'service-added', host: A, port: 80, protocol };

  it('by diff, replay and import alike', async () => {
    expect((await diffed(first, second)).deltas).toMatchObject([change]);
    expect((await diffed(second, first)).deltas).toMatchObject([{ ...change, kind: 'service-removed' }]);
    const { out } = await run(runReplay, ['--json', path('a.xml', first), path('b.xml', second)]);
    expect(out.map((line) => JSON.parse(line))).toMatchObject([change]);
    expect((await imported(first, second)).told).toEqual([`service-added ${A} 80`]);
  });
});

describe('masscan', () => {
  const [first, second] = [FIRST, SECOND].map((night) => Buffer.from(masscan(night)));

  it('shows open ports as evidence, and silence as none: a port it did not list may have been open before', async () => {
    if (first === undefined || second === undefined) throw new Error('no samples');
    const { deltas, untold } = await diffed(first, second);
    expect(deltas).toEqual([]);
    expect(untold).toMatchObject([{ host: A, port: 80, before: 'not covered', after: 'open' }]);
    const fewer = await diffed(second, first);
    expect(fewer.deltas).toEqual([]);
    const { group, runs } = await imported(first, second);
    expect(runs.map(({ counts }) => counts.open)).toEqual([1, 2]);
    // One entry for each port: all of them are kept.
    const host = await workshop.store.states.host(group.id, A);
    expect(host?.services.map(({ port: number, present }) => [number, present])).toEqual([
      [22, true],
      [80, true],
    ]);
  });
});

describe('an import of runs that were appended to one file', () => {
  it('of UTF-16, of another encoding and after one that was cut off takes each, and says what is missing', async () => {
    const both = `\ufeff${DECLARATION.replace('UTF-8', 'UTF-16')}${nmap(FIRST)}${nmap(SECOND)}`;
    expect((await imported(Buffer.from(both, 'utf16le'))).told).toEqual([`service-added ${A} 80`]);
    const latin = (night: Night) => `<?xml version="1.0" encoding="ISO-8859-1"?>\n${nmap(night)}`;
    const [third, fourth] = [2, 3].map((nights) => ({ start: T + nights * NIGHT, open: [22, 80] }));
    if (third === undefined || fourth === undefined) throw new Error('no nights');
    const cut = latin(third).slice(0, latin(third).indexOf('<runstats'));
    const { group, runs } = await imported(Buffer.from(cut + latin(fourth), 'latin1'));
    expect(runs.map(({ counts, remarks }) => [counts.open, remarks.join()])).toEqual([
      [2, expect.stringContaining('it ends early')],
      [2, ''],
    ]);
    expect((await workshop.store.states.host(group.id, A))?.hostnames).toEqual(['büro.example']);
  });

  it('changes nothing when one of them was imported before, packed or written differently', async () => {
    await imported(Buffer.from(DECLARATION + nmap(FIRST)));
    const windows = Buffer.from((DECLARATION + nmap(FIRST) + nmap(SECOND)).replaceAll('\n', '\r\n'));
    const { runs } = await imported(gzipSync(windows));
    expect(runs.map(({ unused, scan }) => unused ?? scan?.number)).toEqual(['known', 2]);
    expect((await imported(Buffer.from(nmap(SECOND)))).runs.map(({ unused }) => unused)).toEqual(['known']);
  });

  it('leaves out a run that covers no address, and names it', async () => {
    const empty = nmap(FIRST)
      .replace(/<host [\s\S]*<\/host>/, '')
      .replace(` ${A}"`, ' -iL list.txt"')
      .replace('up="1"', 'up="0"');
    const { runs, told } = await imported(Buffer.from(DECLARATION + empty + nmap(SECOND)));
    expect(runs.map(({ unused, scan }) => unused ?? scan?.number)).toEqual(['empty', 1]);
    expect(told).toEqual([]);
  });

  it('keeps the output of -O and --script, and reports what changed twice alike where the group is set so', async () => {
    await workshop.addGroup({ policy: { ...DEFAULT_POLICY, compare: ['os', 'scripts'] } });
    const night = (index: number, os: string, title: string) => {
      const script = `<script id="http-title" output="${title}"/>`;
      const tail = `<os><osmatch name="${os}" accuracy="96" line="1"/></os></host>`;
      return Buffer.from(nmap({ start: T + index * NIGHT, open: [22] }, { inside: script }).replace('</host>', tail));
    };
    const nights = [0, 1].map((index) => night(index, 'Linux 5.4', 'Shop'));
    const changed = [2, 3].map((index) => night(index, 'FreeBSD 13', 'Hacked'));
    const { group, told } = await imported(...nights, ...changed);
    expect(told.sort()).toEqual([`os-changed ${A} undefined`, `scripts-changed ${A} undefined`]);
    const state = await workshop.store.states.host(group.id, A);
    expect(traitsOf(state?.memory ?? {})).toEqual({
      os: { name: 'FreeBSD 13', accuracy: 96 },
      scripts: [{ name: '22/tcp http-title', output: 'Hacked' }],
    });
  });

  it('reads real files from the field', async () => {
    const field = (name: string) => readFileSync(`test/fixtures/field/${name}.xml`);
    const group = await workshop.addGroup({ targets: ['10.9.0.0/24'] });
    const { runs, told } = await imported(field('append'));
    expect(group.name).toBe('lab');
    expect(runs.map(({ scan }) => scan?.number)).toEqual([1, 2]);
    expect(told).toEqual(['service-added 10.9.0.1 80']);
  });
});
