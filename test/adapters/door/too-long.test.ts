import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { knock } from '../../../adapters/door/client.ts';
import { openDoor } from '../../../adapters/door/server.ts';
import type { CommandResult, Dispatcher } from '../../../src/commands/dispatcher.ts';
import { quiet } from '../../usecases/workshop.ts';

const ended: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

const silent: CommandResult = { type: 'silent' };
const refusing = async () => Promise.reject(new Error('not in this test'));

async function doorWith(command: Dispatcher['command']) {
  const directory = await mkdtemp(join(tmpdir(), 'netdelta-door-'));
  ended.push(() => rm(directory, { recursive: true }));
  const path = join(directory, 'netdelta.sock');
  const dispatcher = { command, click: refusing, complete: async () => [], home: refusing };
  const host = { dispatcher, waitForScan: refusing, reportScan: refusing, drain: refusing, showOn: () => () => {} };
  const door = await openDoor({ path, host, log: quiet });
  ended.push(() => door.close());
  const visit = await knock(path, 'ann');
  if (visit === undefined) throw new Error('nobody listens');
  ended.push(() => visit.close());
  return visit;
}

it('an answer that is too long for the socket is an error of that command, and the bot goes on', async () => {
  const long = 'x'.repeat(65 * 1024 * 1024);
  const visit = await doorWith(async ({ input }) =>
    input.type === 'text' && input.text === 'long' ? { type: 'field-errors', errors: { note: long } } : silent,
  );
  await expect(visit.command('long')).rejects.toThrow(/too long for the socket/);
  expect(await visit.command('short')).toEqual(silent);
});
