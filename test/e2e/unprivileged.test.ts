import { spawnSync } from 'node:child_process';
import { chmod, chown, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSession, scanGroup } from './console-session.ts';
import { createListener, type Listener } from './listener.ts';

/** nobody's, on every Linux that matters. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const AS_NOBODY = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--bounding-set=-all'];
/** If the repository is in a directory that other users may not enter: root by name only. */
const POWERLESS = ['setpriv', '--bounding-set=-all', '--inh-caps=-all'];
const mayRead = () =>
  spawnSync(AS_NOBODY[0] ?? '', [...AS_NOBODY.slice(1), 'test', '-r', 'dist/src/main.js']).status === 0;
const DROP = isRoot ? (mayRead() ? AS_NOBODY : POWERLESS) : [];

let dataDir: string;
let listener: Listener;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'netdelta-nobody-'));
  if (DROP === AS_NOBODY) await chown(dataDir, NOBODY, NOBODY);
  listener = await createListener();
});
afterEach(async () => {
  await listener.close();
  await rm(dataDir, { recursive: true, force: true });
});

it('without privileges a service that is opened and one that is closed are reported by connect scans, and the scan says so', async () => {
  const session = openSession({ dataDir, wrap: DROP, env: { HOME: '/nonexistent' } });
  await session.ask(`group add lab 127.0.0.1 ports:${listener.port} profile:quick confirm:off`);
  const titles = async () => (await scanGroup(session, 'lab')).told.map(({ card }) => card.title);
  expect(await titles()).toEqual([]);
  await listener.open();
  expect(await titles()).toEqual([`${listener.port}/tcp opened on 127.0.0.1 (lab)`]);
  await listener.close();
  const { end, told } = await scanGroup(session, 'lab');
  expect(told.map(({ card }) => card.title)).toEqual([`${listener.port}/tcp closed on 127.0.0.1 (lab)`]);
  expect(told[0]?.text).toContain('connection refused');
  expect(end.text).toContain('connect scan: no raw sockets');
  expect(await session.end()).toBe(0);
  expect(session.errors()).toMatch(/^No raw sockets here: scanning by TCP connect[^\n]*\n$/);
});

/** As in the image: an nmap whose file has raw sockets comes before the system's plain one. */
async function capableNmap(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'netdelta-capable-'));
  await chmod(directory, 0o755);
  const nmap = join(directory, 'nmap');
  await copyFile(spawnSync('sh', ['-c', 'command -v nmap'], { encoding: 'utf8' }).stdout.trim(), nmap);
  expect(spawnSync('setcap', ['cap_net_raw+eip', nmap]).status).toBe(0);
  return directory;
}

it.runIf(isRoot)(
  'if nmap’s capability can’t be used, the plain one after it scans, and doctor and the scan say so',
  async () => {
    const directory = await capableNmap();
    const [command = '', ...drop] = DROP;
    const env = { ...process.env, PATH: `${directory}:${process.env['PATH']}`, NETDELTA_DATA_DIR: dataDir };
    const refused = spawnSync(command, [...drop, join(directory, 'nmap'), '--version'], { encoding: 'utf8' });
    expect(refused.stderr).toContain('Operation not permitted');
    const doctor = spawnSync(command, [...drop, process.execPath, 'dist/src/main.js', 'doctor'], {
      encoding: 'utf8',
      env,
    });
    expect(doctor.stdout).toMatch(/nmap.*without raw sockets/);

    const session = openSession({ dataDir, wrap: DROP, env: { HOME: '/nonexistent', PATH: env.PATH } });
    await listener.open();
    await session.ask(`group add lab 127.0.0.1 ports:${listener.port} profile:quick`);
    const { end } = await scanGroup(session, 'lab');
    expect(end.text).toContain('1 open port');
    expect(end.text).toContain('connect scan: no raw sockets');
    expect(await session.end()).toBe(0);
    await rm(directory, { recursive: true });
  },
);
