import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { createInlineReader } from '../../../adapters/nmap/read-source.ts';
import { judgeScan } from '../../../src/core/judge/judge-scan.ts';
import type { Belief } from '../../../src/core/model/judgement.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/policy.ts';
import type { ChunkRequest, Scan, ScanSettings } from '../../../src/core/model/scan.ts';
import { createNmapReader } from '../../../src/core/nmap-xml/reader.ts';
import type { JudgedChunks } from '../../../src/usecases/judging/chunks-to-judge.ts';
import { judgeChunksHere } from '../../../src/usecases/judging/judge-chunks.ts';
import { knownOf, stored } from '../../usecases/judging/known.ts';
import type { Target } from '../target.ts';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/nmap/${name}.xml`, import.meta.url), 'utf8');
/** Real scans: small ones, so that a change hits something that matters. */
export const RESULTS = [
  ...['base', 'privileged', 'interrupted', 'timedout', 'wrap_rst', 'wrap_drop', 'unprivileged'].map(fixture),
  withScripts(fixture('base')),
];

/**
 * Each of their hosts as a scan of its own, without noise, in addition to the whole ones: a change hits something that
 * matters sooner, and ten times as many are read in the same time.
 */
export const SMALL_RESULTS = [...RESULTS, ...Array.from({ length: 3 }, () => RESULTS.flatMap(eachHostAlone)).flat()];

function eachHostAlone(xml: string): string[] {
  const [before = ''] = xml.split(/<host(?:hint)?[ >]/, 1);
  const after = xml.slice(xml.lastIndexOf('</host>') + '</host>'.length);
  const head = before
    .replace(/<!--.*?-->\n|<\?xml-stylesheet.*?\?>\n|<(?:verbose|debugging) level="0"\/>\n/g, '')
    .replace(/(?<= (?:args|services)=")([^"]{60})[^"]*/g, (_, start: string) => start.replace(/[,-]\d*$/, ''));
  return [...xml.matchAll(/<host [\s\S]*?<\/host>/g)].map(([host]) => {
    const short = host.replace(/<hostnames>\n<\/hostnames>\n/, '').replace(/(?<= ports="7,9,13,21,)[^"]*/, '23');
    return `${head}${short}${after}`;
  });
}

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
/** In the form in which a store keeps it from scan to scan. */
type Kept = { belief: Belief; steady: ReadonlyMap<string, string> };
const NOTHING: Kept = { belief: { group: {}, hosts: new Map() }, steady: new Map() };

/** The identity of a service and the traits of a host are in scripts, which can have any name. */
function withScripts(xml: string): string {
  const script = `<script id="ssh-hostkey" output="&#xa;  256 aa:bb (ED25519)"><table><elem key="fingerprint">aabb</elem><elem key="type">ssh-ed25519</elem></table></script>
<script id="ssl-cert" output="Subject: commonName=a"><table key="subject"><elem key="commonName">a.example</elem></table><elem key="sha256">00ff</elem></script>`;
  const host = `<os><osmatch name="Linux 5.4" accuracy="96"/></os><hostscript><script id="smb-os-discovery" output="OS: x"/>
<script id="constructor" output="y"/></hostscript></host>`;
  return xml.replace('</port>', `${script}</port>`).replace('</host>', host);
}

function read(xml: string, cut: number): unknown {
  const reader = createNmapReader();
  const bytes = Buffer.from(xml);
  const hosts = [...reader.push(bytes.subarray(0, cut)), ...reader.push(bytes.subarray(cut))];
  return { hosts, header: reader.header(), end: reader.end() };
}

/** The result does not depend on where the pieces end. */
function readTwice(xml: string): void {
  const [whole, cut] = [read(xml, 0), read(xml, Buffer.byteLength(xml) >> 1)].map((seen) => JSON.stringify(seen));
  if (whole !== cut) throw new Error(`read in two pieces it says something else:\n${whole}\n${cut}`);
}

async function judged(xml: string, number: number, { belief, steady }: Kept): Promise<JudgedChunks | undefined> {
  // One in a few in the form of a worker's result; packing takes longer than judging.
  const packed = xml.length % 8 === 0 ? gzipSync(xml, { level: 1 }) : Buffer.from(xml);
  const staged = [{ chunk: 0, xml: packed, outcome: 'complete' as const }];
  const at = number * 60_000;
  const work = { scan: { ...scan, number }, chunks: [chunk], staged, policy: DEFAULT_POLICY, askable: true, at };
  return await judge(work, knownOf(belief, steady));
}

const after = (judged: JudgedChunks, before: Kept): Kept => stored(before.belief, before.steady, judged);

let known: Promise<Kept> | undefined;
/** The belief after the unchanged results. */
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

/** Against the earlier belief; then once more against the resulting one: the same network is no change. */
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
