import { spawnSync } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSession, scanGroup } from './console-session.ts';
import { createListener, type Listener } from './listener.ts';

/** nobody's, on every Linux that matters. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const AS_NOBODY = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--bounding-set=-all'];
/** Where the repository lies in a directory that nobody may enter: root by name only. */
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

it('without privileges a service that is opened and one that is closed are told by connect scans, and that is said', async () => {
  const session = openSession({ dataDir, wrap: DROP, env: { HOME: '/nonexistent' } });
  await session.ask(`group add lab 127.0.0.1 ports:${listener.port} profile:quick`);
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
