import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createScanner } from '../../../adapters/nmap/scanner.ts';
import { portEvidence } from '../../../src/core/compare/evidence.ts';
import type { HostObservation, ServiceIdentity } from '../../../src/core/model/observation.ts';
import type { ChunkRequest, KnownHost, ScanSettings } from '../../../src/core/model/scan.ts';
import { parseRun } from '../../../src/core/nmap-xml/parse-run.ts';
import type { ChunkResult, ScanProgress } from '../../../src/ports/scanner.ts';
import { freePorts } from '../../free-ports.ts';

const [NEAR, FAR] = ['127.0.0.1', '127.0.0.2'] as const;
const directory = mkdtempSync(join(tmpdir(), 'netdelta-passes-'));
chmodSync(directory, 0o755);
const calls = join(directory, 'calls');
const servers: Server[] = [];
let ports: [number, number, number] = [0, 0, 0];

beforeAll(async () => {
  const [a = 0, b = 0, c = 0] = (await freePorts(3)).sort((x, y) => x - y);
  ports = [a, b, c];
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Listens as an SSH server of this version; without one it stays silent for ever. */
async function listen(host: string, port: number, version?: string): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    if (version !== undefined) socket.end(`SSH-2.0-OpenSSH_${version}\r\n`);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
}

function script(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return path;
}

/** The real nmap; each of its scans is recorded as its ports, whether it reads versions, and its targets. */
function recorded(instead = ''): string {
  writeFileSync(calls, '');
  return script(
    'recorded',
    [
      'case "$*" in *-iL*) ;; *) exec nmap "$@";; esac',
      `cat > ${directory}/targets`,
      'ports=; versions=ports; previous=',
      'for word; do',
      '  [ "$previous" = -p ] && ports=$word',
      '  [ "$word" = -sV ] && versions=versions',
      '  previous=$word',
      'done',
      `echo "$versions $ports $(echo $(cat ${directory}/targets))" >> ${calls}`,
      instead,
      `exec nmap "$@" < ${directory}/targets`,
    ].join('\n'),
  );
}

const recording = (): string[] => readFileSync(calls, 'utf8').trim().split('\n');

function request(known: readonly KnownHost[] | undefined, change: Partial<ScanSettings> = {}): ChunkRequest {
  const flags = { tcp: true, udp: false, versionDetection: true, resolveNames: false, skipDiscovery: false };
  return {
    ranges: [[NEAR, FAR]],
    family: 4,
    settings: { profile: 'own', ports: ports.join(','), timing: 4, versionEveryMs: 1, ...flags, ...change },
    ...(known === undefined ? {} : { known }),
  };
}

async function scan(
  chunk: ChunkRequest,
  { instead, signal = new AbortController().signal, onProgress = () => undefined }: Options = {},
): Promise<ChunkResult> {
  return createScanner({ command: recorded(instead) }).run(chunk, { signal, onProgress });
}
type Options = { instead?: string; signal?: AbortSignal; onProgress?: (progress: ScanProgress) => void };

function hostOf(result: ChunkResult, address: string): HostObservation {
  const host = parseRun(gunzipSync(result.xml)).hosts.find((one) => one.address === address);
  if (host === undefined) throw new Error(`no host ${address}`);
  return host;
}

function identityOf(result: ChunkResult, address: string, port: number): ServiceIdentity | undefined {
  return hostOf(result, address).ports.find((one) => one.port === port)?.service;
}

const isOpen = (result: ChunkResult, address: string, port: number): boolean =>
  portEvidence(hostOf(result, address), 'tcp', port).strength === 'strong-present';

describe('a scan of services that are known', () => {
  it('asks for ports only, and says that it has identified nothing', async () => {
    const [ssh] = ports;
    await listen(NEAR, ssh, '9.2p1');
    const result = await scan(request([{ address: NEAR, tcp: `${ssh}` }]));
    expect(recording()).toEqual([`ports ${ports.join(',')} ${NEAR} ${FAR}`]);
    expect(result).toMatchObject({ outcome: 'complete', identified: [], notes: [] });
    expect(isOpen(result, NEAR, ssh)).toBe(true);
    expect(identityOf(result, NEAR, ssh)?.method).not.toBe('probed');
  });

  it('identifies what is open and not known, on no other host and no other port', async () => {
    const [ssh, other, more] = ports;
    await listen(NEAR, ssh, '9.2p1');
    await listen(NEAR, other, '9.7p1');
    await listen(NEAR, more, '9.6p1');
    await listen(FAR, ssh, '9.9p1');
    const result = await scan(
      request([
        { address: NEAR, tcp: `${ssh}` },
        { address: FAR, tcp: ports.join(',') },
      ]),
    );
    expect(recording()).toEqual([`ports ${ports.join(',')} ${NEAR} ${FAR}`, `versions ${other},${more} ${NEAR}`]);
    expect(result.identified).toEqual([{ address: NEAR, tcp: `${other},${more}` }]);
    expect(identityOf(result, NEAR, other)).toMatchObject({ product: 'OpenSSH', version: '9.7p1', method: 'probed' });
    expect(identityOf(result, NEAR, ssh)?.method).not.toBe('probed');
    expect(identityOf(result, FAR, ssh)?.method).not.toBe('probed');
    for (const port of ports) expect(isOpen(result, NEAR, port)).toBe(true);
    expect(hostOf(result, NEAR).reason).toBe('localhost-response');
    expect(parseRun(gunzipSync(result.xml)).end.complete).toBe(true);
  });

  it('takes hosts together for which the same is due', async () => {
    const [known, due, other] = ports;
    for (const host of [NEAR, FAR]) {
      await listen(host, known, '9.2p1');
      await listen(host, due, '9.7p1');
    }
    await listen(FAR, other, '9.8p1');
    const alike = await scan(
      request([
        { address: NEAR, tcp: `${known}` },
        { address: FAR, tcp: `${known},${other}` },
      ]),
    );
    expect(recording().slice(1)).toEqual([`versions ${due} ${NEAR} ${FAR}`]);
    expect(alike.identified).toHaveLength(2);
    const different = await scan(request([{ address: NEAR, tcp: `${known}` }]));
    const wanted = [`versions ${due} ${NEAR}`, `versions ${known},${due},${other} ${FAR}`];
    expect(recording().slice(1).sort()).toEqual(wanted.sort());
    expect(identityOf(different, FAR, other)).toMatchObject({ version: '9.8p1' });
  });

  it('never asks what is not among its targets, whatever is said to be known', async () => {
    const [ssh] = ports;
    await listen(NEAR, ssh, '9.2p1');
    await listen(FAR, ssh, '9.7p1');
    const chunk = { ...request([{ address: FAR, tcp: `${ssh}` }]), ranges: [[NEAR, NEAR]] as const };
    await scan(chunk);
    expect(recording()).toEqual([`ports ${ports.join(',')} ${NEAR}`, `versions ${ssh} ${NEAR}`]);
  });

  it('shows one progress, which never goes back', async () => {
    const [ssh, other] = ports;
    await listen(NEAR, ssh, '9.2p1');
    await listen(NEAR, other, '9.7p1');
    const told: ScanProgress[] = [];
    await scan(request([{ address: NEAR, tcp: `${ssh}` }]), { onProgress: (one) => told.push(one) });
    const percents = told.map(({ percent }) => percent);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect(Math.max(...percents)).toBeLessThan(100);
    expect(told.at(-1)).toMatchObject({ phase: 'versions', hostsDone: 2, hostsUp: 2 });
  });
});

describe('a scan of which nothing is known', () => {
  it('is one nmap that reads everything, and says what', async () => {
    const [ssh, other] = ports;
    await listen(NEAR, ssh, '9.2p1');
    await listen(FAR, other, '9.7p1');
    const result = await scan(request([]));
    expect(recording()).toEqual([`versions ${ports.join(',')} ${NEAR} ${FAR}`]);
    expect(result.identified).toEqual([
      { address: NEAR, tcp: `${ssh}` },
      { address: FAR, tcp: `${other}` },
    ]);
  });

  it('says which service did not say what it is', async () => {
    const [ssh, mute] = ports;
    await listen(NEAR, ssh, '9.2p1');
    const server = createServer((socket) => socket.on('error', () => undefined).end());
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(mute, NEAR, resolve));
    const result = await scan(request([]));
    expect(result.identified).toEqual([{ address: NEAR, tcp: `${ssh},${mute}`, unclear: `${mute}` }]);
  });

  it('of which nobody asks for a record has none', async () => {
    await listen(NEAR, ports[0], '9.2p1');
    expect((await scan(request(undefined))).identified).toBeUndefined();
  });

  it('has identified nothing on a host that was asked again for ports only', async () => {
    const [silent, ssh] = ports;
    await listen(NEAR, silent);
    await listen(FAR, ssh, '9.7p1');
    const result = await scan(request([], { hostTimeoutMs: 2500 }));
    expect(result.notes.join()).toContain('asked again for ports only');
    expect(result.identified).toEqual([{ address: FAR, tcp: `${ssh}` }]);
  });
});

describe('when identities can’t be read', () => {
  it('because it takes too long, the ports are seen and the host stays due', async () => {
    const [ssh, silent] = ports;
    await listen(NEAR, ssh, '9.2p1');
    await listen(NEAR, silent);
    const result = await scan(request([{ address: NEAR, tcp: `${ssh}` }], { hostTimeoutMs: 2500 }));
    expect(result).toMatchObject({ outcome: 'complete', identified: [] });
    expect(result.notes).toEqual(['reading versions took too long on one host: they are read in the next scan']);
    expect(hostOf(result, NEAR).timedOut).toBe(false);
    expect([isOpen(result, NEAR, ssh), isOpen(result, NEAR, silent)]).toEqual([true, true]);
  });

  it('because nmap fails, the ports are seen and the reason is shown', async () => {
    const [ssh, other] = ports;
    await listen(NEAR, ssh, '9.2p1');
    await listen(NEAR, other, '9.7p1');
    const instead = '[ "$versions" = versions ] && { echo "no more memory" >&2; exit 1; }';
    const result = await scan(request([{ address: NEAR, tcp: `${ssh}` }]), { instead });
    expect(result).toMatchObject({ outcome: 'complete', identified: [] });
    expect(result.notes).toEqual([
      'versions of one host were not read: no more memory; they are read in the next scan',
    ]);
    expect(isOpen(result, NEAR, other)).toBe(true);
  });

  it('because nmap does not even start, the ports are seen and the reason is shown', async () => {
    const [ssh, other] = ports;
    await listen(NEAR, ssh, '9.2p1');
    await listen(NEAR, other, '9.7p1');
    const result = await scan(request([{ address: NEAR, tcp: `${ssh}` }]), { instead: 'chmod -x "$0"; rm "$0"' });
    expect(result).toMatchObject({ outcome: 'complete', identified: [] });
    expect(result.notes).toEqual([
      expect.stringMatching(
        /^versions of one host were not read: .*is not installed here.*; they are read in the next scan$/,
      ),
    ]);
    expect(isOpen(result, NEAR, other)).toBe(true);
  });

  it('because the scan is cancelled, what was seen is kept and stays due', async () => {
    const [ssh, silent] = ports;
    await listen(NEAR, ssh, '9.2p1');
    await listen(NEAR, silent);
    const controller = new AbortController();
    const result = await scan(request([{ address: NEAR, tcp: `${ssh}` }]), {
      signal: controller.signal,
      onProgress: ({ phase }) => {
        if (phase === 'versions') controller.abort();
      },
    });
    expect(result).toMatchObject({ outcome: 'interrupted', identified: [], notes: [] });
    expect([isOpen(result, NEAR, ssh), isOpen(result, NEAR, silent)]).toEqual([true, true]);
  });
});
