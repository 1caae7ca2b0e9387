import type { DeltaKind } from '../../../src/core/delta.ts';
import type { NmapRun } from '../../../src/core/observation.ts';
import type { ScoredAlert } from './score.ts';

/** Open TCP ports by host. */
type Seen = ReadonlyMap<string, ReadonlySet<number>>;

/** What a script around ndiff tells: each scan beside the one before, hosts that are up and their open ports. */
export function ndiffAlerts(runs: readonly NmapRun[]): ScoredAlert[] {
  return diffEach(runs.map((run) => openPorts(run)));
}

/** What a diff of `host:port` lines tells (`nmap -oG | grep open`): a host without an open port is not in it. */
export function openPortAlerts(runs: readonly NmapRun[]): ScoredAlert[] {
  return diffEach(runs.map((run) => new Map([...openPorts(run)].filter(([, ports]) => ports.size > 0))));
}

function openPorts(run: NmapRun): Seen {
  const up = run.hosts.filter((host) => host.status === 'up');
  return new Map(
    up.map((host) => [
      host.address,
      new Set(
        host.ports.filter(({ protocol, state }) => protocol === 'tcp' && state === 'open').map(({ port }) => port),
      ),
    ]),
  );
}

function diffEach(scans: readonly Seen[]): ScoredAlert[] {
  return scans.flatMap((now, scan) => {
    const before = scans[scan - 1];
    return before === undefined ? [] : diff(before, now).map((alert) => ({ scan, ...alert }));
  });
}

type Difference = { kind: DeltaKind; host: string; port?: number };

function diff(before: Seen, now: Seen): Difference[] {
  const found: Difference[] = [];
  for (const host of new Set([...before.keys(), ...now.keys()])) {
    const old = before.get(host);
    const fresh = now.get(host);
    if (fresh === undefined) found.push({ kind: 'host-down', host });
    else if (old === undefined) found.push({ kind: 'host-appeared', host });
    else {
      for (const port of fresh) if (!old.has(port)) found.push({ kind: 'service-added', host, port });
      for (const port of old) if (!fresh.has(port)) found.push({ kind: 'service-removed', host, port });
    }
  }
  return found;
}
