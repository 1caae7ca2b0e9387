import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { createInlineReader } from '../../adapters/nmap/read-source.ts';
import { indexRun } from '../../adapters/nmap/run-index.ts';
import { runDiff } from '../../src/cli/diff.ts';
import type { Io } from '../../src/cli/io.ts';
import { runReplay } from '../../src/cli/replay.ts';

// Small files for faults found by real files and public reports.
const field = (name: string): string => fileURLToPath(new URL(`../fixtures/field/${name}.xml`, import.meta.url));

type Command = (argv: readonly string[], io: Io) => Promise<number>;

const runDiffHere: Command = (argv, io) => runDiff(argv, io, indexRun);
const runReplayHere: Command = (argv, io) => runReplay(argv, io, createInlineReader());

async function run(command: Command, ...argv: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const io: Io = { stdout: (line) => out.push(line), stderr: (line) => err.push(line) };
  const code = await command(argv, io);
  return { code, out, err };
}

const folder = mkdtempSync(join(tmpdir(), 'netdelta-field-'));
afterAll(() => rmSync(folder, { recursive: true }));
const runDiffOf = (older: string, newer: string) => run(runDiffHere, '--json', older, newer);

async function diff(older: string, newer: string) {
  const { code, out, err } = await run(runDiffHere, '--json', field(older), field(newer));
  const { deltas, untold } = JSON.parse(out.join('\n'));
  const told = deltas.map(({ kind, host, port }: { kind: string; host: string; port?: number }) =>
    [kind, host, port].filter((part) => part !== undefined).join(' '),
  );
  return { code, told, deltas, untold, err };
}

async function replay(...names: string[]) {
  const { out } = await run(runReplayHere, '--json', ...names.map(field));
  return out.map((line) => JSON.parse(line));
}

describe('nmap up to 7.91, which only wrote numbers of ports', () => {
  it('shows that a service is gone, once', async () => {
    const alerts = await replay(...Array.from({ length: 12 }, (_, index) => `u22_s${String(index).padStart(2, '0')}`));
    expect(alerts).toMatchObject([{ kind: 'service-removed', host: '10.9.0.1', port: 80 }]);
  });

  it('shows that a port opened, likely, and that it closed, where there is one more closed port', async () => {
    expect(await diff('oldx_a', 'oldx_b')).toMatchObject({
      code: 1,
      told: ['service-added 10.9.0.1 80'],
      deltas: [{ grade: 'amber' }],
    });
    expect(await diff('oldx_b', 'oldx_a')).toMatchObject({
      told: ['service-removed 10.9.0.1 80'],
      deltas: [{ grade: 'amber' }],
    });
  });

  it('draws no conclusion from the state “unknown”', async () => {
    const { code, told, untold, err } = await diff('unk_a', 'unk_b');
    expect({ code, told }).toEqual({ code: 0, told: [] });
    expect(untold).toMatchObject([
      { host: '10.9.0.1', protocol: 'tcp', port: 80, before: 'open', after: 'not covered' },
    ]);
    expect(err.join()).toContain('10.9.0.1');
    expect(await replay('unk_a', 'unk_a', 'unk_b', 'unk_b')).toEqual([]);
  });
});

describe('a difference that is not a delta', () => {
  it('is named, in text and as data: address, port, before, after and why', async () => {
    const { code, told, untold } = await diff('filt_a', 'filt_b');
    expect({ code, told }).toEqual({ code: 0, told: [] });
    expect(untold).toEqual([
      {
        host: '10.9.0.1',
        protocol: 'tcp',
        port: 89,
        before: 'filtered',
        after: 'open',
        why: 'silence is no evidence: no answer: filtered or the probe was lost',
      },
    ]);
    const { out } = await run(runDiffHere, field('filt_a'), field('filt_b'));
    expect(out.join('\n')).toContain('10.9.0.1 89/tcp: filtered → open (silence is no evidence');
    expect(out.at(-1)).toBe('No delta.');
  });

  it('includes another encoding of the same product', async () => {
    expect(await diff('utf8_a', 'latin_a')).toMatchObject({ code: 0, told: [], untold: [] });
  });
});

describe('a host that is gone is reported', () => {
  it('when it was in a list, whatever its name in the DNS', async () => {
    expect((await diff('il_a', 'il_b')).told).toEqual(['host-down 10.9.0.3']);
  });

  it('when it was scanned by its name, with the name', async () => {
    const { told, deltas } = await diff('nm_a', 'nm_b');
    expect(told).toEqual(['host-down 10.9.0.2']);
    expect(deltas[0].evidence).toContain('asked by its name web2.lan');
    const alerts = await replay('nm_a', 'nm_a', 'nm_b', 'nm_b', 'nm_b', 'nm_b');
    expect(alerts).toMatchObject([{ kind: 'host-down', host: '10.9.0.2', names: ['web2.lan'] }]);
  });
});

describe('host keys', () => {
  it('are compared type by type: a second one beside the same first is no change', async () => {
    expect(await diff('key_a', 'key_c')).toMatchObject({ code: 0, told: [] });
    expect(await replay('key_a', 'key_a', 'key_c', 'key_c', 'key_c')).toEqual([]);
  });
});

describe('another MAC behind the same address', () => {
  it('is reported as a kind of its own', async () => {
    expect((await diff('mac_a', 'mac_b')).told).toEqual(['mac-changed 10.9.0.1']);
    expect(await replay('mac_a', 'mac_a', 'mac_b')).toMatchObject([{ scan: 2, kind: 'mac-changed', host: '10.9.0.1' }]);
  });
});

describe('output of other versions and programs is read', () => {
  it.each([
    ['hosts without a status', 'nostatus_a', 'nostatus_b'],
    ['a document type with a public identifier', 'dtd_a', 'dtd_b'],
    ['the last of several runs in a file', 'base_a', 'append'],
    ['text before the document', 'base_a', 'text_b'],
  ])('%s', async (_, older, newer) => {
    expect(await diff(older, newer)).toMatchObject({ code: 1, told: ['service-added 10.9.0.1 80'], untold: [] });
  });

  it('the same as the newer run alone', async () => {
    expect((await diff('base_a', 'append')).deltas).toEqual((await diff('base_a', 'base_b')).deltas);
  });

  it('and odd parts are reported', async () => {
    expect((await diff('base_a', 'append')).err.join()).toContain('2 runs');
    expect((await diff('base_a', 'text_b')).err.join()).toContain('text around the document');
  });

  it('as one scan for each run of a file in a replay', async () => {
    expect(await replay('append')).toMatchObject([{ scan: 1, kind: 'service-added', port: 80 }]);
  });
});

describe('an address that a run lists several times, as masscan does', () => {
  it('is compared with everything that its entries contain', async () => {
    const entry = (port: number): string =>
      `<host><address addr="10.9.0.1" addrtype="ipv4"/><ports><port protocol="tcp" portid="${port}"><state state="open" reason="syn-ack"/></port></ports></host>`;
    const run = (name: string, ...ports: number[]): string => {
      const path = join(folder, name);
      writeFileSync(path, `<nmaprun scanner="masscan" version="1.3">${ports.map(entry).join('')}</nmaprun>`);
      return path;
    };
    const { out } = await runDiffOf(run('a.xml', 22, 80), run('b.xml', 80, 443, 22));
    const { deltas, untold } = JSON.parse(out.join('\n'));
    expect(deltas).toEqual([]);
    expect(untold).toMatchObject([{ host: '10.9.0.1', port: 443, before: 'not covered', after: 'open' }]);
  });
});
