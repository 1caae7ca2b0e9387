import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScanEvidence } from '../../../src/core/model/judgement.ts';
import { readXml } from './recorded.ts';
import type { ScoredAlert } from './score.ts';

/** Comes with nmap, or in a package of its own; the bench works without it. */
const NDIFF = 'ndiff';

/** The alerts of a script that compares the open ports of each scan with those of the scan before. */
export function diffOpenPorts(series: readonly ScanEvidence[]): ScoredAlert[] {
  const seen = series.map(openPorts);
  return seen.flatMap((now, scan) => {
    const before = seen[scan - 1];
    return before === undefined ? [] : compare(before, now, scan);
  });
}

type Open = ReadonlyMap<string, ReadonlySet<number>>;

function openPorts({ hosts }: ScanEvidence): Open {
  const up = [...hosts].filter((host) => host.status === 'up');
  return new Map(
    up.map((host) => [
      host.address,
      new Set(host.ports.filter((port) => port.state === 'open').map((port) => port.port)),
    ]),
  );
}

function compare(before: Open, now: Open, scan: number): ScoredAlert[] {
  const alerts: ScoredAlert[] = [];
  for (const [host, ports] of now) {
    const old = before.get(host);
    if (old === undefined) {
      alerts.push({ scan, kind: 'host-appeared', host });
      continue;
    }
    for (const port of ports) if (!old.has(port)) alerts.push({ scan, kind: 'service-added', host, port });
    for (const port of old) if (!ports.has(port)) alerts.push({ scan, kind: 'service-removed', host, port });
  }
  for (const host of before.keys()) if (!now.has(host)) alerts.push({ scan, kind: 'host-down', host });
  return alerts;
}

/**
 * The alerts of a script around nmap's own ndiff: every host and every port that it lists with another state, including
 * closed and filtered ones. Undefined where ndiff is not installed.
 */
export function diffWithNdiff(files: readonly string[]): ScoredAlert[] | undefined {
  if (spawnSync(NDIFF, ['--help']).error !== undefined) return undefined;
  const directory = mkdtempSync(join(tmpdir(), 'netdelta-ndiff-'));
  try {
    const plain = files.map((file, index) => {
      const path = join(directory, `${index}.xml`);
      writeFileSync(path, readXml(file));
      return path;
    });
    return plain.flatMap((path, scan) => {
      const before = plain[scan - 1];
      return before === undefined ? [] : readNdiff(ndiff(before, path), scan);
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function ndiff(before: string, after: string): string {
  const { stdout, status } = spawnSync(NDIFF, ['--xml', before, after], { maxBuffer: 256 * 1024 * 1024 });
  if (status !== 0 && status !== 1) throw new Error(`ndiff ended with ${status}`);
  return stdout.toString('utf8');
}

const STATUS_CHANGE = /<host>\s*<a>\s*<status state="\w+"\/>\s*<\/a>\s*<b>\s*<status state="(\w+)"/;

/** Side `a` is the older one. A host in both has no side; with nmap's `-v` a host that is down is listed there too. */
function readNdiff(xml: string, scan: number): ScoredAlert[] {
  const alerts: ScoredAlert[] = [];
  for (const [, body = ''] of xml.matchAll(/<hostdiff>([\s\S]*?)<\/hostdiff>/g)) {
    const host = /<address[^>]*addr="([^"]+)"[^>]*addrtype="ipv[46]"/.exec(body)?.[1];
    if (host === undefined) continue;
    const status = STATUS_CHANGE.exec(body)?.[1];
    const gone = status === 'down' || /^\s*<a>\s*<host>/.test(body);
    const came = status === 'up' || /^\s*<b>\s*<host>/.test(body);
    if (gone || came) {
      alerts.push({ scan, kind: gone ? 'host-down' : 'host-appeared', host });
      continue;
    }
    for (const [, change = ''] of body.matchAll(/<portdiff>([\s\S]*?)<\/portdiff>/g)) {
      const port = Number(/portid="(\d+)"/.exec(change)?.[1]);
      alerts.push({ scan, kind: isOpen(change, 'b') ? 'service-added' : 'service-removed', host, port });
    }
  }
  return alerts;
}

function isOpen(change: string, side: 'a' | 'b'): boolean {
  return new RegExp(`<${side}>[\\s\\S]*?state="open"[\\s\\S]*?</${side}>`).test(change);
}
