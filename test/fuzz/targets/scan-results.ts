import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { createInlineReader } from '../../../adapters/nmap/read-source.ts';
import { judgeScan } from '../../../src/core/judge/judge-scan.ts';
import type { Belief } from '../../../src/core/model/judgement.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/policy.ts';
import type { ChunkRequest, Scan, ScanSettings } from '../../../src/core/model/scan.ts';
import { createNmapReader } from '../../../src/core/nmap-xml/reader.ts';
import { type JudgedChunks, judgeChunksHere } from '../../../src/usecases/judging/judge-chunks.ts';
import { knownOf, stored } from '../../usecases/judging/known.ts';
import type { Target } from '../target.ts';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/nmap/${name}.xml`, import.meta.url), 'utf8');
/** Real scans: small ones, so that a change meets what matters. */
export const RESULTS = [
  ...['base', 'privileged', 'interrupted', 'timedout', 'wrap_rst', 'wrap_drop', 'unprivileged'].map(fixture),
  withScripts(fixture('base')),
];

export const settings: ScanSettings = {
  ...{ profile: 'quick', ports: '22,80', tcp: true, udp: false, versionDetection: false, timing: 4 },
  ...{ resolveNames: false, skipDiscovery: false },
};
export const chunk: ChunkRequest = {
  ranges: [
    ['10.0.0.0', '10.255.255.255'],
    ['127.0.0.0', '127.0.0.255'],
    ['192.168.0.0', '192.168.255.255'],
  ],
  family: 4,
  settings,
};
const scan: Scan = {
  ...{ id: 1, groupId: 1, number: 1, kind: 'scan', status: 'judging', settings, site: 'local', notes: [] },
  ...{ chunkCount: 1, chunksDone: 1, hostsTotal: 256, hostsDone: 0, hostsUp: 0, queuedAt: 0 },
  origin: { type: 'command', by: 'console:local', channel: 'console:main' },
};
const judge = judgeChunksHere({ reader: createInlineReader(), judge: judgeScan });
/** As a store keeps it from scan to scan. */
type Kept = { belief: Belief; steady: ReadonlyMap<string, string> };
const NOTHING: Kept = { belief: { group: {}, hosts: new Map() }, steady: new Map() };

/** What proves identity of a service stands in its scripts. */
function withScripts(xml: string): string {
  const script = `<script id="ssh-hostkey" output="&#xa;  256 aa:bb (ED25519)"><table><elem key="fingerprint">aabb</elem><elem key="type">ssh-ed25519</elem></table></script>
<script id="ssl-cert" output="Subject: commonName=a"><table key="subject"><elem key="commonName">a.example</elem></table><elem key="sha256">00ff</elem></script>`;
  return xml.replace('</port>', `${script}</port>`);
}

function read(xml: string, cut: number): unknown {
  const reader = createNmapReader();
  const bytes = Buffer.from(xml);
  const hosts = [...reader.push(bytes.subarray(0, cut)), ...reader.push(bytes.subarray(cut))];
  return { hosts, header: reader.header(), end: reader.end() };
}

/** What is read does not depend on where the pieces end in which it comes. */
function readTwice(xml: string): void {
  const [whole, cut] = [read(xml, 0), read(xml, Buffer.byteLength(xml) >> 1)].map((seen) => JSON.stringify(seen));
  if (whole !== cut) throw new Error(`read in two pieces it says something else:\n${whole}\n${cut}`);
}

async function judged(xml: string, number: number, { belief, steady }: Kept): Promise<JudgedChunks | undefined> {
  // One in a few as it comes from a worker; packing takes longer than judging.
  const packed = xml.length % 8 === 0 ? gzipSync(xml, { level: 1 }) : Buffer.from(xml);
  const staged = [{ chunk: 0, xml: packed, outcome: 'complete' as const }];
  const at = number * 60_000;
  const work = { scan: { ...scan, number }, chunks: [chunk], staged, policy: DEFAULT_POLICY, askable: true, at };
  return await judge(work, knownOf(belief, steady));
}

const after = (judged: JudgedChunks, before: Kept): Kept => stored(before.belief, before.steady, judged);

let known: Promise<Kept> | undefined;
/** What the unchanged results make believed. */
function allKnown(): Promise<Kept> {
  known ??= (async () => {
    let kept = NOTHING;
    for (const [index, xml] of RESULTS.entries()) {
      const result = await judged(xml, index + 1, kept);
      if (result !== undefined) kept = after(result, kept);
    }
    return kept;
  })();
  return known;
}

/** Against what was there before; then once more against what it made believed: the same network is no change. */
async function judgedTwice(xml: string): Promise<void> {
  const fresh = xml.length % 2 === 0;
  const before = fresh ? NOTHING : await allKnown();
  const first = await judged(xml, 20, before);
  if (first === undefined) return;
  const second = await judged(xml, 21, after(first, before));
  const added = second?.judgement.deltas.filter(({ state }) => state === 'confirmed') ?? [];
  if (fresh && added.length > 0) throw new Error(`the same again is a change: ${JSON.stringify(added)}`);
}

export const SCAN_RESULTS: readonly Target[] = [
  { name: 'XML reader', share: 8, take: readTwice, seeds: RESULTS },
  { name: 'XML reader and judge', share: 12, take: judgedTwice, seeds: RESULTS },
];
