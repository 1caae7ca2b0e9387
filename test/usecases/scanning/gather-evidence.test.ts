import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createInlineReader } from '../../../adapters/nmap/read-source.ts';
import { judgeScan } from '../../../src/core/judge/judge-scan.ts';
import type { Belief } from '../../../src/core/model/judgement.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/policy.ts';
import type { Scan, ScanSettings } from '../../../src/core/model/scan.ts';
import { gatherEvidence } from '../../../src/usecases/scanning/gather-evidence.ts';

const settings: ScanSettings = {
  ...{ profile: 'quick', ports: '22', tcp: true, udp: false, versionDetection: false, timing: 4 },
  ...{ resolveNames: false, skipDiscovery: false },
};
const scan: Scan = {
  ...{ id: 1, groupId: 1, number: 1, kind: 'scan', status: 'judging', settings, site: 'local', notes: [] },
  ...{ chunkCount: 1, chunksDone: 1, hostsTotal: 256, hostsDone: 0, hostsUp: 0, queuedAt: 0 },
  origin: { type: 'command', by: 'console:local', channel: 'console:main' },
};

const host = (state: 'up' | 'down', address: string) =>
  `<host><status state="${state}" reason="${state === 'up' ? 'reset' : 'no-response'}"/><address addr="${address}" addrtype="ipv4"/></host>\n`;

async function evidenceOf(hosts: string, options: { whole: boolean }) {
  const xml = `<?xml version="1.0"?>
<nmaprun scanner="nmap" args="nmap -v -oX -" start="1795514663" version="7.93" xmloutputversion="1.05">
<scaninfo type="syn" protocol="tcp" numservices="1" services="22"/>
${hosts}${options.whole ? '<runstats><finished time="1" exit="success"/></runstats></nmaprun>' : ''}`;
  const staged = { chunk: 0, xml: gzipSync(xml), outcome: options.whole ? 'complete' : 'interrupted' } as const;
  const chunk = { ranges: [['10.0.0.0', '10.0.0.255']], family: 4, settings } as const;
  const known = new Set(['10.0.0.3', '10.0.0.5']);
  const { evidence, notes } = await gatherEvidence(
    scan,
    [chunk],
    [staged],
    createInlineReader(),
    1,
    (one) => known.has(one),
    undefined,
  );
  const [piece] = evidence;
  return {
    notes,
    piece,
    hosts: [...(piece?.hosts ?? [])].map((one) => one.address),
    covered: piece?.coverage.addresses,
  };
}

describe('the evidence of a scan', () => {
  const hosts = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((address) => host('down', address)).join('');

  it('lists only known silent addresses: a large group has millions', async () => {
    const { hosts: kept, covered } = await evidenceOf(hosts + host('up', '10.0.0.4'), { whole: true });
    expect(kept).toEqual(['10.0.0.3', '10.0.0.4']);
    expect(covered).toEqual([['10.0.0.0', '10.0.0.255']]);
  });

  it('of a scan that was cut off covers what it scanned, silent or not, and nothing else', async () => {
    const { covered } = await evidenceOf(hosts + host('up', '10.0.0.7'), { whole: false });
    expect(covered).toEqual([
      ['10.0.0.1', '10.0.0.3'],
      ['10.0.0.7', '10.0.0.7'],
    ]);
  });

  it('of cancelled scans is no miss of what they did not reach, however often', async () => {
    const up = ['10.0.0.3', '10.0.0.5'].map((address) => host('up', address)).join('');
    const pieces = [await evidenceOf(up, { whole: true }), await evidenceOf(up, { whole: true })];
    for (let scans = 0; scans < 6; scans++) pieces.push(await evidenceOf(host('up', '10.0.0.3'), { whole: false }));
    let belief: Belief = { group: {}, hosts: new Map() };
    for (const [index, { piece }] of pieces.entries()) {
      if (piece === undefined) throw new Error('no evidence');
      const judged = judgeScan(belief, { ...piece, number: index + 1, at: index + 1 }, DEFAULT_POLICY);
      expect(judged.deltas).toEqual([]);
      const changed = judged.hosts.map((state) => [state.address, state] as const);
      belief = { group: judged.group, hosts: new Map([...belief.hosts, ...changed]) };
    }
    expect(belief.hosts.get('10.0.0.5')).toMatchObject({ present: true, code: 'undetermined' });
    expect(belief.hosts.get('10.0.0.5')?.memory).not.toHaveProperty('run');
    expect(belief.hosts.get('10.0.0.3')?.code).toBe('unchanged');
  });

  it('is of the scanned hosts, each once: anything else in a result is left out and counted', async () => {
    const strange = host('up', '8.8.8.8') + host('up', '10.0.1.1') + host('up', '10.0.0.4');
    const { hosts: kept, covered, notes } = await evidenceOf(host('up', '10.0.0.4') + strange, { whole: false });
    expect(kept).toEqual(['10.0.0.4']);
    expect(covered).toEqual([['10.0.0.4', '10.0.0.4']]);
    expect(notes).toEqual(['2 hosts in the results had not been asked for: left out']);
  });

  it('of a result that unpacks to more than such a scan can hold ends there, and covers what was read', async () => {
    const padding = ' '.repeat(130 * 1024 * 1024);
    const { hosts: kept, covered } = await evidenceOf(host('up', '10.0.0.4') + padding + host('up', '10.0.0.5'), {
      whole: true,
    });
    expect(kept).toEqual(['10.0.0.4']);
    expect(covered).toEqual([['10.0.0.4', '10.0.0.4']]);
  });
});
