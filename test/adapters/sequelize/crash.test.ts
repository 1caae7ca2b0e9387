import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openStore } from '../../../adapters/sequelize/open-store.ts';
import { addGroup, MANY_HOSTS } from '../store-contract/samples.ts';
import { temporaryDirectory } from './databases.ts';

const CHILD = fileURLToPath(new URL('./judge-forever.ts', import.meta.url));

/** Kills the child with SIGKILL `ms` after it has judged a few scans; returns the last one that it reported. */
async function killAfter(url: string, groupId: number, ms: number): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, url, String(groupId)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  let told = 0;
  let lines = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    told = Number(line.split(' ')[1]);
    if (++lines === 3) setTimeout(() => child.kill('SIGKILL'), ms);
  }
  await exited;
  return told;
}

test('whenever the process is killed, each scan is judged completely or not at all', async () => {
  const directory = temporaryDirectory();
  const url = `sqlite:${join(directory.path, 'netdelta.sqlite')}`;
  const first = await openStore(url);
  await first.migrate();
  const { id } = await addGroup(first);
  await first.close();
  for (const ms of [0, 7, 23]) {
    const told = await killAfter(url, id, ms);
    const store = await openStore(url);
    expect(await store.check()).toMatch(/SQLite/);
    const { items } = await store.scans.list({ groupId: id, statuses: ['done'] }, { limit: 10_000, offset: 0 });
    const deltas = (await store.deltas.list({ groupId: id }, { limit: 10_000, offset: 0 })).items;
    expect(deltas.map(({ scanId }) => scanId)).toEqual(items.map((scan) => scan.id));
    expect(deltas.every(({ alertId }) => alertId !== undefined)).toBe(true);
    const newest = items[0]?.id ?? 0;
    expect(newest).toBeGreaterThanOrEqual(told);
    const { group, hosts } = await store.states.load(id);
    expect(group).toEqual({ scan: newest });
    expect(hosts.size).toBe(MANY_HOSTS);
    const memories = [...hosts.values()].flatMap((host) => [host.memory, ...host.services.map(({ memory }) => memory)]);
    expect(memories.filter(({ scan }) => scan !== newest)).toEqual([]);
    let messages = 0;
    for (const { alertId = 0 } of deltas) {
      const [message] = await store.messages.bySubject({ type: 'alert', alert: alertId });
      if (message !== undefined) messages++;
    }
    expect(messages).toBe(deltas.length);
    for (const scan of (await store.scans.list({ statuses: ['judging', 'queued'] }, { limit: 9, offset: 0 })).items) {
      await store.scans.transition(scan.id, ['judging', 'queued'], 'failed');
    }
    await store.close();
  }
  directory.remove();
});
