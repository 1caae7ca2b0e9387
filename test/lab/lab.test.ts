import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mustRun, runCommand } from './command.ts';
import { createLab, type Lab, labObstacle, removeStaleLabs } from './lab.ts';
import type { LabState } from './rules.ts';

const obstacle = labObstacle();
/** One echo request instead of nmap's four kinds of probes: silent addresses are given up a second sooner. */
const FAST = ['-n', '-T4', '--max-retries', '2', '-PE'];
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

const STATE: LabState = {
  '10.71.0.1': {
    up: true,
    open: { 22: 'ssh', 80: 'http', 3306: 'silent' },
    filtered: [25],
    rejected: [110],
    udp: [53],
  },
  '10.71.0.2': { up: true, open: {} },
  '10.71.0.3': { up: true, open: { 443: 'silent' }, walled: true },
  '10.71.0.4': { up: false, open: { 22: 'ssh' } },
};

/** `port/proto` → `state/reason`, by address; only ports that nmap lists individually. */
function portsByHost(xml: string): Record<string, Record<string, string>> {
  const hosts = [...xml.matchAll(/<host [\s\S]*?<\/host>/g)].map(([host]) => {
    const address = /addr="([^"]+)" addrtype="ipv4"/.exec(host)?.[1] ?? '';
    const ports = [
      ...host.matchAll(/<port protocol="(\w+)" portid="(\d+)"><state state="([^"]+)" reason="([^"]+)"/g),
    ].map(([, protocol, port, state, reason]) => [`${port}/${protocol}`, `${state}/${reason}`]);
    return [address, Object.fromEntries(ports)];
  });
  return Object.fromEntries(hosts);
}

describe.skipIf(obstacle !== undefined)(
  obstacle === undefined ? 'a lab on this machine' : `a lab on this machine (skipped: ${obstacle})`,
  () => {
    let lab: Lab;
    const scan = async (...args: string[]) => {
      const result = await lab.scannerExec(['nmap', ...FAST, '-oX', '-', ...args]);
      expect(result.stderr).toBe('');
      return portsByHost(result.stdout);
    };

    beforeAll(async () => {
      lab = await createLab({ network: '10.71.0.0/28', state: STATE });
    });
    afterAll(async () => {
      await lab.close();
    });

    test('nmap sees what is up, open, closed, filtered and rejected, and nothing else', async () => {
      const seen = await scan('-p', '22,23,25,80,110,443,3306', '10.71.0.0/28');
      expect(seen).toEqual({
        '10.71.0.1': {
          '22/tcp': 'open/syn-ack',
          '23/tcp': 'closed/reset',
          '25/tcp': 'filtered/no-response',
          '80/tcp': 'open/syn-ack',
          '110/tcp': 'filtered/admin-prohibited',
          '443/tcp': 'closed/reset',
          '3306/tcp': 'open/syn-ack',
        },
        '10.71.0.2': Object.fromEntries(
          [22, 23, 25, 80, 110, 443, 3306].map((port) => [`${port}/tcp`, 'closed/reset']),
        ),
        '10.71.0.3': {
          '443/tcp': 'open/syn-ack',
          ...Object.fromEntries([22, 23, 25, 80, 110, 3306].map((port) => [`${port}/tcp`, 'filtered/no-response'])),
        },
      });
    });

    test('a UDP port answers, another is unreachable', async () => {
      expect(await scan('-sU', '-p', '53,161', '10.71.0.1')).toEqual({
        '10.71.0.1': { '53/udp': 'open/udp-response', '161/udp': 'closed/port-unreach' },
      });
    });

    test('version detection reads the banners', async () => {
      await lab.set({
        ...STATE,
        '10.71.0.2': { up: true, open: { 21: 'ftp', 22: 'ssh', 2222: 'ssh-new', 3306: 'wrapped' } },
      });
      const { stdout } = await lab.scannerExec(['nmap', '-n', '-sV', '-oX', '-', '-p', '21,22,2222,3306', '10.71.0.2']);
      expect(stdout).toContain('product="OpenSSH" version="9.2p1 Debian 2+deb12u2"');
      expect(stdout).toContain('product="OpenSSH" version="9.7p1 Debian 5"');
      expect(stdout).toContain('name="tcpwrapped"');
      expect(stdout).toContain('product="vsftpd" version="3.0.3"');
      await lab.set(STATE);
    });

    test('a change of state is visible to the next scan', async () => {
      await lab.set({ ...STATE, '10.71.0.1': { up: false, open: {} }, '10.71.0.4': { up: true, open: { 22: 'ssh' } } });
      expect(await scan('-p', '22', '10.71.0.1', '10.71.0.4')).toEqual({ '10.71.0.4': { '22/tcp': 'open/syn-ack' } });
      await lab.set(STATE);
      expect(await scan('-p', '22', '10.71.0.1', '10.71.0.4')).toEqual({ '10.71.0.1': { '22/tcp': 'open/syn-ack' } });
    });

    test('a tarpit accepts on every port, even where nothing listens', async () => {
      await lab.set({ ...STATE, '10.71.0.2': { up: true, open: {}, tarpit: true } });
      const ports = Object.values((await scan('-p', '1-200,61002', '10.71.0.2'))['10.71.0.2'] ?? {});
      expect(ports).toHaveLength(201);
      expect(new Set(ports)).toEqual(new Set(['open/syn-ack']));
      await lab.set(STATE);
    });

    test('a network whose gateway is away is silent and comes back unchanged', async () => {
      await lab.weather({ gone: ['10.71.0.0/31'] });
      expect(Object.keys(await scan('-p', '22', '10.71.0.0/28'))).toEqual(['10.71.0.2', '10.71.0.3']);
      await lab.weather({ gone: [] });
      expect(Object.keys(await scan('-p', '22', '10.71.0.0/28'))).toEqual(['10.71.0.1', '10.71.0.2', '10.71.0.3']);
    });

    test('loss removes about its share of probes and answers', async () => {
      await lab.weather({ loss: 0.3 });
      const args = ['-Pn', '-T5', '--max-retries', '0', '-p', '1-1000', '10.71.0.2'];
      const { stdout } = await lab.scannerExec(['nmap', '-n', '-oX', '-', ...args]);
      const lost = Number(/reason="no-response" count="(\d+)"/.exec(stdout)?.[1]);
      // 51 % are expected with a standard deviation of 1.6 %.
      expect(lost).toBeGreaterThan(420);
      expect(lost).toBeLessThan(600);
      await lab.weather({ loss: 0 });
    });

    test('labs side by side do not see each other, and leave nothing behind', async () => {
      const other = await createLab({
        network: '10.71.0.0/28',
        state: { '10.71.0.9': { up: true, open: { 22: 'ssh' } } },
      });
      const { stdout } = await other.scannerExec(['nmap', ...FAST, '-oX', '-', '-p', '22', '10.71.0.0/28']);
      expect(Object.keys(portsByHost(stdout))).toEqual(['10.71.0.9']);
      await other.close();
      await other.close();
      expect(await mustRun('ip', ['netns', 'list'])).not.toContain(other.name);
      expect(await mustRun('ip', ['netns', 'list'])).toContain(lab.name);
    });

    test('a lab whose process was killed is removed by the next one', async () => {
      const script = `import { createLab } from ${JSON.stringify(new URL('./lab.ts', import.meta.url).href)};
      console.log((await createLab()).name); setInterval(() => {}, 1000);`;
      const child = spawn(process.execPath, ['--import', TSX, '--input-type=module', '-e', script]);
      const [name] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
      expect(await mustRun('ip', ['netns', 'list'])).toContain(name.trim());
      child.kill('SIGKILL');
      await once(child, 'close');
      await removeStaleLabs();
      expect(await mustRun('ip', ['netns', 'list'])).not.toContain(name.trim());
    });

    test('the recorder writes real scans together with the truth', async () => {
      const out = await mkdtemp(join(tmpdir(), 'netdelta-record-'));
      const recorder = fileURLToPath(new URL('./record.ts', import.meta.url));
      const options = [
        '--hosts',
        '3',
        '--scans',
        '8',
        '--rate',
        '3',
        '--network',
        '10.71.0.0/29',
        '--args',
        [...FAST, '-F'].join(' '),
      ];
      const run = await runCommand(process.execPath, ['--import', TSX, recorder, '--out', out, ...options]);
      expect(run.code, run.stderr).toBe(0);
      expect((await readdir(out)).filter((name) => name.startsWith('scan-'))).toHaveLength(8);
      const truth = JSON.parse(await readFile(join(out, 'truth.json'), 'utf8')) as {
        scans: { scan: number; changes: object[]; state: LabState }[];
      };
      expect(truth.scans.map(({ changes }) => changes.length > 0)[3]).toBe(true);
      for (const { scan: number, state } of truth.scans) {
        const xml = gunzipSync(await readFile(join(out, `scan-0${number}.xml.gz`))).toString();
        const up = Object.entries(state).filter(([, host]) => host.up);
        const seen = portsByHost(xml);
        expect(Object.keys(seen).sort()).toEqual(up.map(([address]) => address).sort());
        for (const [address, host] of up) {
          expect(Object.keys(seen[address] ?? {}).sort()).toEqual(
            Object.keys(host.open)
              .map((port) => `${port}/tcp`)
              .sort(),
          );
        }
      }
      await rm(out, { recursive: true });
    });
  },
);
