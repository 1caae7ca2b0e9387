import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createJudgeChunks } from '../../src/app/judge-thread.ts';
import { createReader, createReaderHere } from '../../src/app/reader.ts';
import { judgeScan } from '../../src/core/judge/judge-scan.ts';
import type { Belief } from '../../src/core/model/judgement.ts';
import { DEFAULT_POLICY } from '../../src/core/model/policy.ts';
import type { ChunkRequest, Scan, ScanSettings } from '../../src/core/model/scan.ts';
import type { ChunksToJudge, JudgedChunks } from '../../src/usecases/judging/chunks-to-judge.ts';
import { judgeChunksHere } from '../../src/usecases/judging/judge-chunks.ts';
import { knownOf, stored, unpacked } from '../usecases/judging/known.ts';

const settings: ScanSettings = {
  profile: 'quick',
  ports: '22,80',
  tcp: true,
  udp: false,
  versionDetection: false,
  timing: 4,
  resolveNames: false,
  skipDiscovery: false,
};

/** nmap's XML of 10.0.NET.0/24, all up; port 80 is open where `open` says so. */
function xmlOf(net: number, open: (host: number) => boolean): Buffer {
  const hosts = Array.from({ length: 256 }, (_, host) => {
    const state = open(host) ? 'state="open" reason="syn-ack"' : 'state="closed" reason="reset"';
    return `<host><status state="up" reason="echo-reply" reason_ttl="64"/><address addr="10.0.${net}.${host}" addrtype="ipv4"/>
<ports><extraports state="closed" count="1"><extrareasons reason="reset" count="1" proto="tcp" ports="22"/></extraports>
<port protocol="tcp" portid="80"><state ${state} reason_ttl="64"/><service name="http" method="table" conf="3"/></port></ports></host>`;
  });
  return gzipSync(`<?xml version="1.0"?>
<nmaprun scanner="nmap" args="nmap 10.0.${net}.0/24" start="1795514663" version="7.93" xmloutputversion="1.05">
<scaninfo type="syn" protocol="tcp" numservices="2" services="22,80"/>
${hosts.join('\n')}
<runstats><finished time="1795514710" elapsed="1" exit="success"/><hosts up="256" down="0" total="256"/></runstats></nmaprun>`);
}

const NETS = 12;
const origin = { type: 'schedule', schedule: 1 } as const;

function work(number: number, open: (net: number, host: number) => boolean): ChunksToJudge {
  const nets = Array.from({ length: NETS }, (_, net) => net);
  const chunks = nets.map(
    (net): ChunkRequest => ({ ranges: [[`10.0.${net}.0`, `10.0.${net}.255`]], family: 4, settings }),
  );
  const scan = {
    id: number,
    groupId: 1,
    number,
    kind: 'scan',
    hostsTotal: NETS * 256,
    chunkCount: NETS,
    origin,
  } as Scan;

  const staged = nets.map((net) => ({
    chunk: net,
    xml: xmlOf(net, (host) => open(net, host)),
    outcome: 'complete' as const,
  }));
  return { scan, chunks, staged, policy: DEFAULT_POLICY, at: number * 60_000, askable: false };
}

async function whole(judging: Promise<JudgedChunks | undefined>): Promise<JudgedChunks> {
  const judged = await judging;
  if (judged === undefined) throw new Error('nothing was judged');
  return unpacked(judged);
}

describe('a scan that is judged in a thread of its own', () => {
  it('is judged as it would be here, in the first scan and in the second', async () => {
    const here = judgeChunksHere({ reader: createReaderHere(), judge: judgeScan });
    const there = createJudgeChunks(createReader());
    const nothing: Belief = { group: {}, hosts: new Map() };
    const first = work(1, () => false);
    const learnt = await whole(there(first, knownOf(nothing)));
    expect(learnt).toEqual(await here(first, knownOf(nothing)));
    const { belief, steady } = stored(nothing, new Map(), learnt);
    const known = knownOf(belief, steady);
    const second = work(2, (net, host) => net === 3 && host === 7);
    const changed = await whole(there(second, known));
    expect(changed).toEqual(await here(second, known));
    expect(changed.judgement.deltas.map((delta) => `${delta.kind} ${delta.address} ${delta.port}`)).toEqual([
      'service-added 10.0.3.7 80',
    ]);
  });

  it('without any evidence returns none', async () => {
    const there = createJudgeChunks(createReader());
    const empty = { ...work(1, () => false), staged: [] };
    expect(await there(empty, knownOf({ group: {}, hosts: new Map() }))).toBeUndefined();
  });
});
