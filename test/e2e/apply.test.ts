import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RunOutput } from '../../src/commands/data/command-data.ts';
import { until } from '../until.ts';
import { openSession, runProgram } from './console-session.ts';
import { redisOf } from './processes.ts';

const FILE = `version: 1
groups:
  office:
    targets: [127.0.0.0/30]
    profile: quick
    down-after: 2
    alert-on: all, os
    schedules:
      - when: weekdays 18:30
        tz: Europe/Berlin
      - when: weekly mon 09:00
        report: html
        period: 30d
    routes:
      - to: file:events
        min-risk: high
    windows:
      - when: weekly sun 02:00
        for: 2h
  dmz:
    targets: [127.0.1.0/30]
reports:
  - when: weekly mon 09:00
    report: png
    to: file:events
`;

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'netdelta-apply-'));
});
afterEach(async () => {
  for (const pid of redisOf(dataDir)) process.kill(pid, 'SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

async function program(...argv: string[]) {
  const { code, stdout, stderr } = await runProgram(argv, { dataDir });
  return { code, stdout, stderr };
}

async function apply(text: string, ...flags: string[]) {
  const file = join(dataDir, 'groups.yaml');
  await writeFile(file, text);
  return program('apply', file, ...flags);
}

async function rows(command: string): Promise<unknown[]> {
  const { stdout } = await program('run', command, '--json');
  const { data } = JSON.parse(stdout) as RunOutput;
  return data !== undefined && 'items' in data ? [...data.items] : [];
}

const groups = async () => (await rows('/netdelta group list')) as { name: string }[];

it('a file is planned, applied to the running bot, written back the same, and audited; one with a mistake changes nothing', async () => {
  const bot = openSession({ dataDir });
  await bot.ask('status');
  await until(() => existsSync(join(dataDir, 'netdelta.sock')), 'the socket');

  const plan = await apply(FILE, '--dry-run');
  expect(plan.code).toBe(1);
  expect(plan.stdout).toContain('+ office: schedule weekly mon 09:00');
  expect(await groups()).toEqual([]);

  expect(plan.stdout).toContain('+ all: schedule weekly mon 09:00');
  expect((await apply(FILE)).code).toBe(0);
  expect((await groups()).map(({ name }) => name).sort()).toEqual(['dmz', 'office']);
  expect(await rows('/netdelta schedule list office')).toMatchObject([
    { when: 'weekdays 18:30', zone: 'Europe/Berlin' },
    { when: 'weekly mon 09:00', report: { format: 'html', periodMs: 30 * 86_400_000 } },
  ]);
  expect(await apply(FILE, '--dry-run')).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to do') });
  const written = await program('export', '--config');
  expect(written.stdout).toContain('reports:');
  expect(await apply(written.stdout, '--dry-run')).toMatchObject({ code: 0 });

  // The last group is wrong: the first one is not changed either.
  const broken = FILE.replace('down-after: 2', 'down-after: 5').replace('[127.0.1.0/30]', '[127.0.1.0/33]');
  const refused = await apply(broken);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('groups, dmz');
  const shown = await program('export', '--config');
  expect(shown.stdout).toBe(written.stdout);

  const audit = (await rows('/netdelta audit list')) as { request: string; outcome: string }[];
  const outcomes = audit.filter(({ request }) => request.startsWith('apply')).map(({ outcome }) => outcome);
  expect(outcomes).toEqual(expect.arrayContaining(['ok', 'refused']));
  expect(await bot.end()).toBe(0);
});
