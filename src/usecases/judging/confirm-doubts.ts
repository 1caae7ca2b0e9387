import type { Group } from '../../core/model/group.ts';
import type { Doubt } from '../../core/model/judgement.ts';
import type { AddressRange } from '../../core/model/observation.ts';
import { type ChunkRequest, isCancelled, type Scan, type ScanSettings } from '../../core/model/scan.ts';
import { withinLimits } from '../../core/model/site-limits.ts';
import type { Store } from '../../ports/store.ts';
import { type HandOverDeps, handOver } from '../scanning/hand-over.ts';

export type ConfirmDeps = HandOverDeps & {
  /** Wait before the first, second, … confirmation of a scan, ms. */
  delaysMs: readonly number[];
  /** 0 to 1; spreads confirmations so that they do not all start at the same moment. */
  random(): number;
};

/** Doubtful pairs in one confirmation; with more of them something else is wrong, and the next scan will show what. */
const MAX_PAIRS = 1024;
/** nmap runs of one confirmation: hosts that share their doubtful ports go together. */
const MAX_RUNS = 48;
const JITTER = 0.25;
/** A service that refuses because it is restarting is back after this time. */
const RESTART_MS = 15_000;

/**
 * Plans one slow, delayed scan of just the doubtful host:port pairs of a scan. It is a row in SQL before it is a job,
 * so a restart does not lose it. At most `confirmAttempts` per scan.
 */
export async function confirmDoubts(
  deps: ConfirmDeps,
  scan: Scan,
  group: Group,
  doubts: readonly Doubt[],
): Promise<void> {
  const owner = scan.parentId ?? scan.id;
  const pairs = doubts.slice(0, MAX_PAIRS);
  if (pairs.length === 0 || !(await canAskAgain(deps.store, scan, group))) return;
  const usual = delayOf(deps, await repeatsOf(deps.store, group.id, owner, 'confirmation'));
  const delayMs = pairs.every(({ denied }) => denied === true) ? Math.min(usual, RESTART_MS) : usual;
  await planConfirmation(deps, { owner, group, scan, pairs, delayMs });
}

/** Whether doubts of this scan, or of this confirmation, can be confirmed once more. */
export async function canAskAgain(store: Store, scan: Scan, group: Group): Promise<boolean> {
  if (group.status === 'paused' || isCancelled(scan) || scan.origin.type === 'baseline') return false;
  const asked = await repeatsOf(store, group.id, scan.parentId ?? scan.id, 'confirmation');
  return asked < group.policy.confirmAttempts;
}

/** The same at a user's request: at once, and regardless of the attempts already spent. */
export async function planConfirmation(
  deps: HandOverDeps,
  plan: {
    owner: number;
    group: Group;
    scan: Scan;
    pairs: readonly Doubt[];
    delayMs: number;
    origin?: Scan['origin'];
  },
): Promise<Scan> {
  const site = await confirmingSite(deps, plan.group, plan.scan);
  const settings = withinLimits(plan.scan.settings, site, deps.siteLimits);
  const chunks = confirmationChunks(plan.pairs, settings);
  const { scan } = await deps.store.scans.add({
    groupId: plan.group.id,
    kind: 'confirmation',
    parentId: plan.owner,
    origin: plan.origin ?? plan.scan.origin,
    settings: slow(settings, {
      ports: allPorts(plan.pairs),
      identities: plan.pairs.some(({ identity }) => identity === true),
    }),
    site,
    chunks,
    hostsTotal: new Set(plan.pairs.map((pair) => pair.address)).size,
    queuedAt: deps.clock.now() + plan.delayMs,
    notes: site === plan.scan.site ? [] : [`asked from site ${site}`],
  });
  await handOver(deps, scan, plan.delayMs);
  return (await deps.store.scans.byId(scan.id)) ?? scan;
}

/** A confirmation is not planned at a site without workers. */
async function confirmingSite({ queue }: HandOverDeps, { confirmSite }: Group, { site }: Scan): Promise<string> {
  if (confirmSite === undefined || confirmSite === site) return site;
  const { sites } = await queue.stats();
  return sites.some((known) => known.site === confirmSite && known.workers > 0) ? confirmSite : site;
}

/** How often a scan was confirmed, or repeated for its baseline, so far. */
export async function repeatsOf(
  store: Store,
  groupId: number,
  owner: number,
  what: 'confirmation' | 'baseline',
): Promise<number> {
  const { items } = await store.scans.list({ groupId, kind: 'confirmation' }, { limit: 50, offset: 0 });
  const isPass = (scan: Scan) => scan.origin.type === 'baseline';
  return items.filter((scan) => scan.parentId === owner && isPass(scan) === (what === 'baseline')).length;
}

export function delayOf(deps: ConfirmDeps, attempt: number): number {
  const base = deps.delaysMs[Math.min(attempt, deps.delaysMs.length - 1)] ?? 0;
  return Math.round(base * (1 + JITTER * deps.random()));
}

/** Hosts with the same doubtful ports share an nmap run; beyond MAX_RUNS the most similar ones are scanned together. */
export function confirmationChunks(pairs: readonly Doubt[], settings: ScanSettings): ChunkRequest[] {
  const byPorts = new Map<string, Run>();
  for (const [address, asked] of askedByAddress(pairs)) {
    const key = [address.includes(':') ? 6 : 4, asked.ping, asked.identities, ...[...asked.ports].sort()].join(',');
    const known = byPorts.get(key);
    if (known === undefined) byPorts.set(key, { family: address.includes(':') ? 6 : 4, hosts: [address], asked });
    else known.hosts.push(address);
  }
  return fewer([...byPorts.values()]).map(({ family, hosts, asked }) => ({
    ranges: hosts.map((address): AddressRange => [address, address]),
    family,
    settings: slow(settings, { ...asked, ports: [...asked.ports].sort().join(',') }),
  }));
}

type Run = { family: 4 | 6; hosts: string[]; asked: Asked };

/** Keeps the largest runs, and adds each other one to the run where it costs the fewest extra probes. */
function fewer(all: readonly Run[]): Run[] {
  const sorted = [...all].sort((a, b) => b.hosts.length - a.hosts.length);
  const runs = sorted.slice(0, MAX_RUNS);
  for (const one of sorted.slice(MAX_RUNS)) {
    const alike = runs.filter(({ family, asked: { ping, identities } }) => {
      return family === one.family && ping === one.asked.ping && identities === one.asked.identities;
    });
    const [best] = alike.sort((a, b) => costOf(a, one) - costOf(b, one));
    if (best === undefined) runs.push(one);
    else runs[runs.indexOf(best)] = together(best, one);
  }
  return runs;
}

const costOf = (run: Run, more: Run): number => probesOf(together(run, more)) - probesOf(run);
const probesOf = ({ hosts, asked }: Run): number => hosts.length * asked.ports.size;

function together(run: Run, { hosts, asked }: Run): Run {
  const ports = new Set([...run.asked.ports, ...asked.ports]);
  return { ...run, hosts: [...run.hosts, ...hosts], asked: { ...run.asked, ports } };
}

function allPorts(pairs: readonly Doubt[]): string {
  const ports = new Set([...askedByAddress(pairs).values()].flatMap((own) => [...own.ports]));
  return [...ports].sort().join(',');
}

type Asked = { ports: Set<string>; ping: boolean; identities: boolean };

function askedByAddress(pairs: readonly Doubt[]): Map<string, Asked> {
  const asked = new Map<string, Asked>();
  for (const pair of pairs) {
    const known = asked.get(pair.address) ?? { ports: new Set<string>(), ping: false, identities: false };
    if (pair.port !== undefined) known.ports.add(`${pair.protocol === 'udp' ? 'U' : 'T'}:${pair.port}`);
    asked.set(pair.address, {
      ports: known.ports,
      ping: known.ping || pair.ping === true,
      identities: known.identities || pair.identity === true,
    });
  }
  return asked;
}

/** Ports probed on a host about which nothing is known except that it was up. */
export const PROBE_PORTS = 'T:22,T:80,T:443,T:445,T:3389';

/**
 * No discovery, unless only a ping can show that the host is up: a lost ping must not hide the answers of its ports.
 * `maxRetries` is a cap: nmap probes a silent port twice, and more often only once another port of that host has
 * answered a repeated probe.
 */
function slow(
  settings: ScanSettings,
  { ports, ping = false, identities = false }: { ports: string; ping?: boolean; identities?: boolean },
): ScanSettings {
  const wanted = ports === '' ? PROBE_PORTS : ports;
  const { topPorts: _topPorts, hostTimeoutMs: _hostTimeoutMs, versionEveryMs: _versionEveryMs, ...rest } = settings;
  return {
    ...rest,
    ports: wanted,
    tcp: wanted.includes('T:'),
    udp: wanted.includes('U:'),
    versionDetection: identities && settings.versionDetection,
    timing: 3,
    maxRetries: 6,
    scanDelayMs: 50,
    skipDiscovery: !ping,
  };
}
