import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgress } from '../../../adapters/nmap/progress.ts';
import { createScanner } from '../../../adapters/nmap/scanner.ts';
import { portEvidence } from '../../../src/core/compare/evidence.ts';
import type { NmapRun } from '../../../src/core/model/observation.ts';
import type { ChunkRequest, ScanSettings } from '../../../src/core/model/scan.ts';
import { parseRun } from '../../../src/core/nmap-xml/parse-run.ts';
import type { ChunkResult, Scanner, ScanProgress } from '../../../src/ports/scanner.ts';

const ROOT = process.getuid?.() === 0;
const directory = mkdtempSync(join(tmpdir(), 'netdelta-nmap-'));
chmodSync(directory, 0o755);
let server: Server;
let open = 0;

beforeAll(async () => {
  server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.close();
  rmSync(directory, { recursive: true });
});

/** A stand-in for nmap where the real one can't be made to behave that way. */
function script(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return path;
}

/** The real nmap without any privilege. */
function unprivileged(): Scanner {
  const drop = ROOT ? 'setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all ' : '';
  return createScanner({ command: script('unprivileged', `exec ${drop}nmap "$@"`) });
}

function request(
  change: Partial<ScanSettings> = {},
  ranges: ChunkRequest['ranges'] = [['127.0.0.1', '127.0.0.1']],
): ChunkRequest {
  const flags = { tcp: true, udp: false, versionDetection: false, resolveNames: false, skipDiscovery: false };
  return { ranges, family: 4, settings: { profile: 'own', ports: `1,${open}`, timing: 4, ...flags, ...change } };
}

async function scan(
  scanner: Scanner,
  chunk: ChunkRequest,
  options: { signal?: AbortSignal; onProgress?: (progress: ScanProgress) => void } = {},
): Promise<ChunkResult> {
  const { signal = new AbortController().signal, onProgress = () => undefined } = options;
  return scanner.run(chunk, { signal, onProgress });
}

const runOf = (result: ChunkResult): NmapRun => parseRun(gunzipSync(result.xml));

describe.skipIf(!ROOT)('nmap with raw sockets', () => {
  it('is recognised by a trial', async () => {
    const capabilities = await createScanner().capabilities();
    expect(capabilities.rawSockets).toBe(true);
    expect(capabilities.nmapVersion).toMatch(/^\d+\.\d+/);
  });

  it('finds a listener and a closed port by a SYN scan', async () => {
    const result = await scan(createScanner(), request());
    expect(result).toMatchObject({ outcome: 'complete', notes: [] });
    const run = runOf(result);
    expect(run.header.scanTypes).toEqual(['syn']);
    expect(run.hosts).toMatchObject([{ address: '127.0.0.1', status: 'up' }]);
    const [host] = run.hosts;
    if (host === undefined) throw new Error('no host');
    expect(portEvidence(host, 'tcp', open).strength).toBe('strong-present');
    expect(portEvidence(host, 'tcp', 1).strength).toBe('strong-absent');
  });

  it('scans only the ports of a host that takes too long with versions', async () => {
    // It accepts and stays silent for as long as version detection waits.
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const slow = { versionDetection: true, hostTimeoutMs: 1500, ports: `1,${port}` };
    const result = await scan(createScanner(), request(slow));
    silent.close();
    expect(result.notes.join()).toContain('asked again for ports only');
    expect(runOf(result).end.complete).toBe(true);
    expect(runOf(result).hosts).toMatchObject([
      { address: '127.0.0.1', reason: 'localhost-response', timedOut: false },
    ]);
    const [host] = runOf(result).hosts;
    if (host === undefined) throw new Error('no host');
    expect(portEvidence(host, 'tcp', port).strength).toBe('strong-present');
    expect(portEvidence(host, 'tcp', 1).strength).toBe('strong-absent');
  });

  it('scans UDP', async () => {
    const run = runOf(await scan(createScanner(), request({ tcp: false, udp: true, ports: 'U:9' })));
    const [host] = run.hosts;
    if (host === undefined) throw new Error('no host');
    expect(portEvidence(host, 'udp', 9)).toMatchObject({ strength: 'strong-absent' });
  });

  it('scans IPv6', async () => {
    const result = await scan(createScanner(), { ...request({}, [['::1', '::1']]), family: 6 });
    expect(runOf(result).hosts).toMatchObject([{ address: '::1', status: 'up' }]);
  });

  it('that is cancelled keeps the complete hosts', async () => {
    const controller = new AbortController();
    const progress: ScanProgress[] = [];
    const slow = request({ ports: '1-20', maxRate: 400 }, [['127.0.0.1', '127.0.1.250']]);
    const result = await scan(createScanner(), slow, {
      signal: controller.signal,
      onProgress: (step) => {
        progress.push(step);
        if (step.percent > 0) controller.abort();
      },
    });
    expect(result.outcome).toBe('interrupted');
    const run = runOf(result);
    expect(run.end.complete).toBe(false);
    expect(run.hosts.length).toBeGreaterThan(0);
    expect(run.hosts.length).toBeLessThan(500);
    const percents = progress.map((step) => step.percent);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect(percents.some((percent) => percent > 0 && percent < 100)).toBe(true);
  });

  it('lists silent hosts', async () => {
    const space = `netdelta-scanner-${process.pid}`;
    const ip = (...args: string[]): Buffer => execFileSync('ip', args);
    ip('netns', 'add', space);
    try {
      ip('-n', space, 'link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far');
      ip('-n', space, 'addr', 'add', '10.99.0.1/24', 'dev', 'near');
      for (const link of ['lo', 'near', 'far']) ip('-n', space, 'link', 'set', link, 'up');
      const inside = createScanner({ command: script('inside', `exec ip netns exec ${space} nmap "$@"`) });
      const result = await scan(
        inside,
        request({ ports: '1', versionDetection: true, scripts: ['ssl-cert'] }, [['10.99.0.1', '10.99.0.3']]),
      );
      expect(result).toMatchObject({ outcome: 'complete' });
      const seen = runOf(result).hosts.map((host) => `${host.address} ${host.status}`);
      expect(seen.sort()).toEqual(['10.99.0.1 up', '10.99.0.2 down', '10.99.0.3 down']);
      expect(phasesOf(result)).toEqual(['discovery', 'ports', 'versions']);
    } finally {
      ip('netns', 'del', space);
    }
  });
});

/** The phases recognised from nmap's own tasks, in the order in which it wrote them. */
function phasesOf({ xml }: ChunkResult): (string | undefined)[] {
  const phases = new Set<string | undefined>();
  const progress = createProgress({ hostsTotal: 3, onProgress: ({ phase }) => phases.add(phase) });
  for (const line of gunzipSync(xml).toString('latin1').split('\n')) progress.push(Buffer.from(`${line}\n`));
  return [...phases].filter((phase) => phase !== undefined);
}

describe('nmap without raw sockets', () => {
  it('is recognised, whatever NMAP_PRIVILEGED says, and scans by connecting', async () => {
    process.env['NMAP_PRIVILEGED'] = '1';
    try {
      const scanner = unprivileged();
      expect(await scanner.capabilities()).toMatchObject({ rawSockets: false });
      const result = await scan(scanner, request());
      expect(result).toMatchObject({ outcome: 'complete', notes: ['connect scan: no raw sockets'] });
      const run = runOf(result);
      expect(run.header.scanTypes).toEqual(['connect']);
      const [host] = run.hosts;
      if (host === undefined) throw new Error('no host');
      expect(portEvidence(host, 'tcp', open).strength).toBe('strong-present');
      expect(portEvidence(host, 'tcp', 1)).toEqual({ strength: 'strong-absent', words: 'closed: connection refused' });
    } finally {
      delete process.env['NMAP_PRIVILEGED'];
    }
  });

  it('refuses UDP with an explanation', async () => {
    const result = await scan(unprivileged(), request({ tcp: false, udp: true, ports: 'U:53' }));
    expect(result.outcome).toBe('failed');
    expect(result.error).toContain('UDP scan needs raw sockets');
    expect(result.error).toContain('setcap');
  });
});

describe('nmap that fails', () => {
  it('because it is not installed says what to do', async () => {
    const scanner = createScanner({ command: 'nmap-that-is-not-there' });
    await expect(scanner.capabilities()).rejects.toThrow('not installed');
    const result = await scan(scanner, request());
    expect(result).toMatchObject({ outcome: 'failed' });
    expect(result.error).toContain('apt-get install nmap');
  });

  it('because it does not work at all reports its error', async () => {
    const broken = script(
      'broken',
      'echo "Starting Nmap 7.93" >&2; echo "cannot open shared object file" >&2; exit 127',
    );
    const result = await scan(createScanner({ command: broken }), request());
    expect(result.error).toContain('cannot open shared object file');
  });

  it('in the middle is failed, with what it had found', async () => {
    const dying = script('dying', 'case "$*" in *-iL*) nmap "$@" | head -8; kill -9 $$;; *) exec nmap "$@";; esac');
    const result = await scan(createScanner({ command: dying }), request());
    expect(result).toMatchObject({ outcome: 'failed', error: 'nmap was killed' });
    expect(runOf(result).header.args).toContain('-iL');
  });

  it('because an option is smuggled in is never started', async () => {
    const marker = join(directory, 'started');
    const watched = script('watched', `case "$*" in *-iL*) touch ${marker};; esac; exec nmap "$@"`);
    const result = await scan(createScanner({ command: watched }), request({ ports: '1 --script=evil' }));
    expect(result).toMatchObject({ outcome: 'failed', error: expect.stringContaining('port') });
    await expect(import('node:fs/promises').then(({ stat }) => stat(marker))).rejects.toThrow('ENOENT');
  });

  it('to end when asked is killed', async () => {
    const deaf = script('deaf', 'case "$*" in *-iL*) trap "" INT; exec sleep 60;; *) exec nmap "$@";; esac');
    const controller = new AbortController();
    const scanner = createScanner({ command: deaf });
    await scanner.capabilities();
    setTimeout(() => controller.abort(), 200);
    expect(await scan(scanner, request(), { signal: controller.signal })).toMatchObject({ outcome: 'interrupted' });
  });

  it('to start because the scan was cancelled before it began', async () => {
    expect(await scan(createScanner(), request(), { signal: AbortSignal.abort() })).toMatchObject({
      outcome: 'interrupted',
    });
  });
});
