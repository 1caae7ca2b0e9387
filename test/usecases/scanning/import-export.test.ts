import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReaderHere } from '../../../src/app/reader.ts';
import { judgeScan as judge } from '../../../src/core/judge/judge-scan.ts';
import type { Group } from '../../../src/core/model/group.ts';
import { judgeChunksHere } from '../../../src/usecases/judging/judge-chunks.ts';
import { judgeScan } from '../../../src/usecases/judging/judge-scan.ts';
import { importScans } from '../../../src/usecases/scanning/import-scans.ts';
import { exportGroup } from '../../../src/usecases/views/export-group.ts';
import { openWorkshop, type Workshop } from '../workshop.ts';

const run = promisify(execFile);
let workshop: Workshop;
let directory: string;
beforeEach(async () => {
  workshop = await openWorkshop();
  directory = await mkdtemp(join(tmpdir(), 'netdelta-import-'));
});
afterEach(async () => {
  await workshop.close();
  await rm(directory, { recursive: true, force: true });
});

const HOSTILE = '=cmd|calc &lt;b&gt;';

function xml(start: number, open: readonly number[], targets = '10.0.0.0/29'): string {
  const ports = open.map(
    (port) =>
      `<port protocol="tcp" portid="${port}"><state state="open" reason="syn-ack" reason_ttl="64"/><service name="x" product="${HOSTILE}" method="probed" conf="10"/></port>`,
  );
  const closed = 4 - open.length;
  const rest = [22, 80, 443, 8080].filter((port) => !open.includes(port)).join(',');
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" args="nmap -oX - -p 22,80,443,8080 ${targets}" start="${start}" version="7.93" xmloutputversion="1.05">
<scaninfo type="syn" protocol="tcp" numservices="4" services="22,80,443,8080"/>
<host><status state="up" reason="echo-reply" reason_ttl="64"/><address addr="10.0.0.5" addrtype="ipv4"/>
<hostnames><hostname name="a.example" type="PTR"/></hostnames>
<ports><extraports state="closed" count="${closed}"><extrareasons reason="reset" count="${closed}" proto="tcp" ports="${rest}"/></extraports>
${ports.join('\n')}</ports></host>
<runstats><finished time="${start + 9}" elapsed="9" exit="success"/><hosts up="1" down="7" total="8"/></runstats>
</nmaprun>
`;
}

const T = 1_600_000_000;
const file = (name: string, text: string) => ({ name, data: Buffer.from(text) });

function importing(group: Group, ...files: { name: string; data: Buffer }[]) {
  const reader = createReaderHere();
  const { store, clock, channelsOf, placesOf } = workshop;
  const judging = {
    ...{ store, channelsOf, placesOf, wake: () => {}, judgeChunks: judgeChunksHere({ reader, judge }) },
    log: workshop.delivery.log,
    baseline: async () => {},
    canAsk: async () => false,
    confirm: async () => {},
    startNext: async () => {},
  };
  const deps = {
    ...{ store, reader, clock, allowed: ['10.0.0.0/8'], resolver: { resolve: async () => [] } },
    judge: (scanId: number, at: number) => judgeScan({ ...judging, clock: { now: () => at } }, scanId),
  };
  return importScans(deps, { group, files, by: 'console:local', channel: 'console:main' });
}

describe('an import', () => {
  it('is judged in the order of the runs’ times, whatever the order and the packing of the files', async () => {
    const group = await workshop.addGroup();
    const third = { name: 'c.xml.gz', data: gzipSync(xml(T + 7200, [22, 443])) };
    const appended = file('ab.xml', xml(T, [22]) + xml(T + 3600, [22, 80]));
    const imported = await importing(group, third, appended);
    expect(imported.map(({ file: name, at, scan }) => [name, at, scan?.number, scan?.status])).toEqual([
      ['ab.xml', T * 1000, 1, 'done'],
      ['ab.xml', (T + 3600) * 1000, 2, 'done'],
      ['c.xml.gz', (T + 7200) * 1000, 3, 'done'],
    ]);
    const { items } = await workshop.store.deltas.list(
      { groupId: group.id, states: ['confirmed'] },
      { limit: 9, offset: 0 },
    );
    // A port that opened and closed again is one item, with its present state.
    const told = items.map(({ kind, port, at, now }) => [kind, port, at, now?.kind, now?.at]).sort();
    expect(told).toEqual([
      ['service-added', 443, (T + 7209) * 1000, undefined, undefined],
      ['service-added', 80, (T + 3609) * 1000, 'service-removed', (T + 7209) * 1000],
    ]);
  });

  it('of the same file again changes nothing', async () => {
    const group = await workshop.addGroup();
    await importing(group, file('a.xml', xml(T, [22])));
    const again = await importing(group, file('b.xml', xml(T, [22])), file('c.xml', xml(T, [22])));
    expect(again.map(({ unused }) => unused)).toEqual(['known', 'known']);
    expect((await workshop.store.scans.list({ groupId: group.id }, { limit: 9, offset: 0 })).total).toBe(1);
  });

  it('with an address that the group excludes is refused: what must not be scanned is not believed either', async () => {
    const group = await workshop.addGroup({ targets: ['10.0.0.0/29'], exclude: ['10.0.0.5'] });
    await expect(importing(group, file('a.xml', xml(T, [22])))).rejects.toThrow(
      'a.xml holds addresses outside of lab: 10.0.0.5.',
    );
    expect((await workshop.store.scans.list({ groupId: group.id }, { limit: 1, offset: 0 })).total).toBe(0);
  });

  it('with targets outside the group is refused with their list, completely', async () => {
    const group = await workshop.addGroup();
    const outside = file('b.xml', xml(T + 60, [22], '10.0.0.0/29 10.9.0.0/30'));
    const refused = importing(group, file('a.xml', xml(T, [22])), {
      ...outside,
      data: Buffer.from(String(outside.data).replace('total="8"', 'total="12"')),
    });
    await expect(refused).rejects.toThrow('b.xml holds addresses outside of lab: 10.9.0.0/30.');
    expect((await workshop.store.scans.list({ groupId: group.id }, { limit: 9, offset: 0 })).total).toBe(0);
  });

  it('older than the last judged scan, or without nmap XML, is refused', async () => {
    const group = await workshop.addGroup();
    await importing(group, file('a.xml', xml(T, [22])));
    await expect(importing(group, file('old.xml', xml(T - 60, [22])))).rejects.toThrow('has a newer scan');
    await expect(importing(group, file('x.txt', 'hello'))).rejects.toThrow('x.txt can’t be imported');
    await expect(importing(group, file('x.xml', ''))).rejects.toThrow('it is empty');
  });
});

describe('an export', () => {
  async function exported(format: 'json' | 'csv' | 'xml'): Promise<string> {
    const group = (await workshop.store.groups.byName('lab')) ?? (await workshop.addGroup());
    const deps = { store: workshop.store, reader: createReaderHere() };
    return (await exportGroup(deps, group, format, workshop.time.now)).file.content;
  }

  it('as XML has no difference for ndiff to the scan it came from, and the same counts for python3-libnmap', async () => {
    const original = readFileSync('test/fixtures/nmap/static_truth_sV.xml', 'utf8');
    const group = await workshop.addGroup({
      targets: ['10.9.1.0/26'],
    });
    await importing(group, file('a.xml', original));
    const paths = [join(directory, 'a.xml'), join(directory, 'b.xml')] as const;
    writeFileSync(paths[0], original);
    writeFileSync(paths[1], await exported('xml'));
    const { stdout } = await run('ndiff', [...paths]).catch((error: { stdout: string }) => error);
    const differences = stdout
      .split('\n')
      .filter((line) => /^[-+]/.test(line) && !/^[-+]Nmap \S+ scan initiated/.test(line));
    expect(differences).toEqual([]);
    const count = `
import sys
from libnmap.parser import NmapParser
for path in sys.argv[1:]:
    report = NmapParser.parse_fromfile(path)
    print(report.hosts_up, report.hosts_total, sum(len(host.get_ports()) for host in report.hosts), sum(len(host.get_open_ports()) for host in report.hosts))
`;
    const counted = (await run('/usr/bin/python3', ['-c', count, ...paths])).stdout.trim().split('\n');
    expect(counted[0]).toMatch(/^\d+ \d+ \d+ \d+$/);
    expect(counted[1]?.split(' ').filter((_, index) => index !== 1)).toEqual(
      counted[0]?.split(' ').filter((_, index) => index !== 1),
    );
  });

  it('as JSON and CSV keeps a hostile banner as text', async () => {
    const group = await workshop.addGroup();
    await importing(group, file('a.xml', xml(T, [22])));
    const document = JSON.parse(await exported('json'));
    expect(document).toMatchObject({
      version: 1,
      group: { name: 'lab' },
      hosts: [{ address: '10.0.0.5', services: [{ port: 22, identity: { product: '=cmd|calc <b>' } }] }],
    });
    expect(document.hosts[0].services[0].memory).toBeUndefined();
    const csv = await exported('csv');
    expect(csv.split('\r\n')[1]).toContain('10.0.0.5,1,new,yes');
  });
});
