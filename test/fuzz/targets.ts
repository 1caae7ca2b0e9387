import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { isOurJob } from '../../adapters/bullmq/jobs.ts';
import { parseEndedChunk, parseNews } from '../../adapters/bullmq/messages.ts';
import { parsePermit } from '../../adapters/bullmq/permits.ts';
import { siteKeys } from '../../adapters/bullmq/site-keys.ts';
import { createInlineReader } from '../../adapters/nmap/read-source.ts';
import { createSignedRequests } from '../../adapters/slack/inbound/signed-requests.ts';
import { decodeAction } from '../../src/cards/action.ts';
import { commandDescriptions } from '../../src/commands/grammar/all-commands.ts';
import { parseCommand } from '../../src/commands/input/parser.ts';
import { judgeScan } from '../../src/core/judge/judge-scan.ts';
import type { Belief } from '../../src/core/model/judgement.ts';
import { DEFAULT_POLICY } from '../../src/core/model/policy.ts';
import type { ChunkRequest, Scan, ScanSettings } from '../../src/core/model/scan.ts';
import { parseTargets } from '../../src/core/network/targets.ts';
import { withoutSecrets } from '../../src/core/secrets.ts';
import { parseWhen } from '../../src/core/time/when.ts';
import { judgeChunksHere } from '../../src/usecases/judging/judge-chunks.ts';
import { knownOf, stored } from '../usecases/judging/known.ts';

/** Something that takes what strangers send: seeds to change, and what is done with each. It may refuse by UserError only. */
export type Target = { name: string; share: number; seeds: readonly string[]; take(input: string): unknown };

const fixture = (name: string) => readFileSync(new URL(`../fixtures/nmap/${name}.xml`, import.meta.url), 'utf8');
const settings: ScanSettings = {
  ...{ profile: 'quick', ports: '22,80', tcp: true, udp: false, versionDetection: false, timing: 4 },
  ...{ resolveNames: false, skipDiscovery: false },
};
const chunk: ChunkRequest = { ranges: [['10.0.0.0', '10.255.255.255']], family: 4, settings };
const scan: Scan = {
  ...{ id: 1, groupId: 1, number: 1, kind: 'scan', status: 'judging', settings, site: 'local', notes: [] },
  ...{ chunkCount: 1, chunksDone: 1, hostsTotal: 256, hostsDone: 0, hostsUp: 0, queuedAt: 0 },
  origin: { type: 'command', by: 'console:local', channel: 'console:main' },
};
const judge = judgeChunksHere({ reader: createInlineReader(), judge: judgeScan });

/** Read, judged twice: against nothing, and against what the first made believed. */
async function judged(xml: string): Promise<void> {
  const staged = [{ chunk: 0, xml: gzipSync(xml), outcome: 'complete' as const }];
  const work = { scan, chunks: [chunk], staged, policy: DEFAULT_POLICY, askable: true };
  const nothing: Belief = { group: {}, hosts: new Map() };
  const first = await judge({ ...work, at: 1_000 }, knownOf(nothing));
  if (first === undefined) return;
  const { belief, steady } = stored(nothing, new Map(), first);
  await judge({ ...work, scan: { ...scan, number: 2 }, at: 61_000 }, knownOf(belief, steady));
}

const keyOf = siteKeys('the secret of the fuzzer, which nobody has');
const requests = createSignedRequests({ secret: 'a secret', now: () => 0 });
const job = JSON.stringify({ scanId: 1, chunk: 0, request: chunk, seal: 'A'.repeat(43) });
const news = { type: 'progress', scanId: 1, chunk: 0, progress: { hostsDone: 1, hostsUp: 1, percent: 4 } };
const ended = { attempt: 1, outcome: 'complete', notes: [], hasXml: true, asked: [], seal: '' };

/** What an attacker has put in Redis is never believed. */
function redis(text: string): void {
  if (parsePermit(text, keyOf('local'), { site: 'local', scanId: 1 }) !== undefined)
    throw new Error('a forged permit was believed');
  if (parseNews(text, keyOf) !== undefined) throw new Error('forged news were believed');
  parseEndedChunk(text);
  const value = json(text);
  if (typeof value === 'object' && value !== null && isOurJob(keyOf('local'), 'local', value as never)) {
    throw new Error('a forged job was believed');
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const lines = [
  ...commandDescriptions.map((command) => command.example),
  'group add "a b" 10.0.0.0/24 exclude:10.0.0.1',
];

export const TARGETS: readonly Target[] = [
  {
    ...{ name: 'XML, reader and judge', share: 6, take: judged },
    seeds: ['base', 'privileged', 'interrupted', 'timedout', 'wrap_rst', 'unprivileged'].map(fixture),
  },
  { name: 'commands', share: 2, seeds: lines, take: (text) => parseCommand(text, commandDescriptions) },
  {
    ...{ name: 'targets', share: 2, take: parseTargets },
    seeds: ['10.0.0.0/24, 10.0.1.1-50 2001:db8::/64', 'gw.example ::ffff:10.0.0.1', '10.0.0-3.1-50'],
  },
  {
    ...{ name: 'WHEN', share: 1, take: (text: string) => parseWhen(text, 'Europe/Berlin', Date.UTC(2026, 10, 30)) },
    seeds: ['*/5 1-3 * * mon', 'daily 02:00', 'weekly mon 02:00', 'every 6h', '@weekly', '0 0 31 2 *'],
  },
  {
    ...{ name: 'button ids', share: 1, take: decodeAction },
    seeds: ['ack:1', 'run:delta list page:2', 'mute:1:host:10.0.0.1', 'cancel-scan:12', 'recheck:3:k:service-added'],
  },
  {
    ...{ name: 'HTTP requests', share: 1 },
    seeds: ['payload=%7B%7D', '{"type":"event_callback"}', 'null', 'command=%2Fnetdelta&text=status'],
    take: (body) => {
      const headers = { 'x-slack-request-timestamp': '0', 'x-slack-signature': body, 'content-type': body };
      if (requests.judge(headers, Buffer.from(body)) !== 'forged') throw new Error('an unsigned request was taken');
    },
  },
  { name: 'Redis', share: 1, seeds: [job, JSON.stringify(news), JSON.stringify(ended), '{"permit":{}}'], take: redis },
  { name: 'secrets in logs', share: 1, seeds: ['token: abc https://u:p@h/x Bearer abcdefgh'], take: withoutSecrets },
];
