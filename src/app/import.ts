import type { Logger } from 'pino';
import { cardText } from '../../adapters/console/card-text.ts';
import { DataDirTaken } from '../../adapters/redis/data-lock.ts';
import { type App, createApp } from '../app.ts';
import type { CommandResult } from '../commands/dispatcher.ts';
import type { Config } from '../config.ts';
import { CONSOLE_CHANNEL } from './channels.ts';
import { userName } from './door.ts';
import { putBatch, removeBatch } from './import-batch.ts';
import { openRunner } from './run.ts';

export type ImportOutcome = { done: boolean; text: string };

/** Files into a group: by the bot that runs on this data directory, or by one that is started for it. */
export async function importFiles(
  config: Config,
  log: Logger,
  { group, paths }: { group: string; paths: readonly string[] },
): Promise<ImportOutcome> {
  const batch = await putBatch(config.dataDir, paths);
  try {
    const app = await ownApp(config, log);
    return app === undefined ? await byRunning(config, group, batch) : await byOwn(app, group, batch);
  } finally {
    await removeBatch(config.dataDir, batch);
  }
}

async function ownApp(config: Config, log: Logger): Promise<App | undefined> {
  try {
    return await createApp(config, { log });
  } catch (error) {
    if (error instanceof DataDirTaken) return undefined;
    throw error;
  }
}

async function byOwn(app: App, group: string, batch: string): Promise<ImportOutcome> {
  try {
    const result = await app.dispatcher.command({
      principal: { key: 'console:local', platform: 'console', name: userName(), memberships: [] },
      channel: CONSOLE_CHANNEL,
      input: { type: 'options', path: ['import'], options: { group, batch } },
      canShowForm: false,
    });
    return outcomeOf(result);
  } finally {
    await app.stop();
  }
}

function outcomeOf(result: CommandResult): ImportOutcome {
  if (result.type !== 'card') return { done: true, text: '' };
  return { done: result.outcome === 'ok', text: cardText(result.card) };
}

async function byRunning(config: Config, group: string, batch: string): Promise<ImportOutcome> {
  const runner = await openRunner(config);
  if (runner === undefined) return { done: false, text: 'NetDelta runs on this data directory, but does not answer.' };
  try {
    const { outcome, text } = await runner.run(`/netdelta import "${group.replaceAll('"', '')}" batch:${batch}`);
    return { done: outcome === 'done', text };
  } finally {
    await runner.close();
  }
}
