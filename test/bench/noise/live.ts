/** Scans the lab as the bot does: after each scan the doubtful pairs are confirmed, before the next change. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nmapCall, targetLines } from '../../../adapters/nmap/arguments.ts';
import { judgeScan } from '../../../src/core/judge/judge-scan.ts';
import { fateOf } from '../../../src/core/model/fate.ts';
import type { Belief, Judgement, ScanEvidence } from '../../../src/core/model/judgement.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/policy.ts';
import type { ChunkRequest, ScanSettings } from '../../../src/core/model/scan.ts';
import { confirmationChunks } from '../../../src/usecases/judging/confirm-doubts.ts';
import { createLab, type Lab } from '../../lab/lab.ts';
import { createScript, type LabChange } from '../../lab/script.ts';
import { evidenceOf } from './recorded.ts';
import { nextBelief } from './run-judge.ts';
import { type Score, type ScoredAlert, score } from './score.ts';

export type LiveOptions = { seed: number; hosts: number; scans: number; loss: number; rate: number };
export type LiveResult = { score: Score; packets: number; extraPackets: number };

const NETWORK = '10.71.0.0/25';
const QUIET_SCANS = 3;
/** A host must miss three scans before it is reported: one that goes down in the last ones can't be. */
const QUIET_END = 3;
const SETTINGS: ScanSettings = {
  profile: 'bench',
  topPorts: 100,
  tcp: true,
  udp: false,
  versionDetection: false,
  timing: 4,
  maxRetries: 1,
  resolveNames: false,
  skipDiscovery: false,
};

export async function runLive(options: LiveOptions): Promise<LiveResult> {
  const lab = await createLab({ network: NETWORK });
  const directory = await mkdtemp(join(tmpdir(), 'netdelta-live-'));
  try {
    return await watch(lab, directory, options);
  } finally {
    await lab.close();
    await rm(directory, { recursive: true });
  }
}

async function watch(lab: Lab, directory: string, options: LiveOptions): Promise<LiveResult> {
  const script = createScript({ seed: options.seed, hosts: options.hosts });
  const scans: { scan: number; changes: LabChange[] }[] = [];
  const alerts: ScoredAlert[] = [];
  let belief: Belief = { group: {}, hosts: new Map() };
  let [packets, extraPackets] = [0, 0];
  await lab.weather({ loss: options.loss });
  for (let scan = 0; scan < options.scans; scan++) {
    const quiet = scan < QUIET_SCANS || scan >= options.scans - QUIET_END;
    const changes = quiet ? [] : script.advance(scan, { rate: options.rate });
    scans.push({ scan, changes });
    await lab.set(script.state);
    const judge = (evidence: ScanEvidence): Judgement => {
      const judgement = judgeScan(belief, evidence, DEFAULT_POLICY);
      belief = nextBelief(belief, judgement);
      alerts.push(...announced(judgement, scan));
      return judgement;
    };
    const before = await sentPackets(lab);
    const whole: ChunkRequest = { ranges: [['10.71.0.0', '10.71.0.127']], family: 4, settings: SETTINGS };
    let { doubts } = judge(await nmap(lab, directory, whole, scan + 1));
    const between = await sentPackets(lab);
    packets += between - before;
    for (let attempt = 0; attempt < DEFAULT_POLICY.confirmAttempts && doubts.length > 0; attempt++) {
      const chunks = confirmationChunks(doubts, SETTINGS);
      const evidence = await Promise.all(chunks.map((chunk) => nmap(lab, directory, chunk, scan + 1)));
      doubts = evidence.flatMap((one) => [...judge({ ...one, kind: 'confirmation' }).doubts]);
    }
    extraPackets += (await sentPackets(lab)) - between;
    process.stderr.write(
      `seed ${options.seed}, scan ${scan}: ${changes.length} changes, ${alerts.length} alerts so far\n`,
    );
  }
  return { score: score({ scans }, alerts), packets, extraPackets };
}

function announced({ deltas }: Judgement, scan: number): ScoredAlert[] {
  const context = { groupId: 0, now: 0, policy: DEFAULT_POLICY, mutes: [], openWindows: [], expectations: [] };
  return deltas
    .filter((delta) => fateOf(delta, context).state === 'confirmed')
    .map((delta) => ({ scan, kind: delta.kind, host: delta.address, port: delta.port }));
}

let runs = 0;

async function nmap(lab: Lab, directory: string, request: ChunkRequest, number: number): Promise<ScanEvidence> {
  const name = `run-${runs++}`;
  const [targets, output] = [join(directory, `${name}.txt`), join(directory, `${name}.xml`)];
  await writeFile(targets, targetLines(request));
  const words = nmapCall(request, true).args.slice(0, -4);
  const result = await lab.scannerExec(['nmap', ...words, '-oX', output, '-iL', targets]);
  if (result.code !== 0) throw new Error(`nmap failed: ${result.stderr}`);
  const evidence = evidenceOf(await readFile(output), number);
  await rm(output);
  return { ...evidence, coverage: { ...evidence.coverage, addresses: request.ranges } };
}

async function sentPackets(lab: Lab): Promise<number> {
  const { stdout } = await lab.scannerExec(['cat', '/sys/class/net/lab0/statistics/tx_packets']);
  return Number(stdout);
}
