import type { Logger } from 'pino';
import { cardText } from '../../adapters/console/card-text.ts';
import { filesOf } from '../../adapters/console/files.ts';
import { DataDirTaken } from '../../adapters/redis/data-lock.ts';
import { type App, createApp } from '../app.ts';
import type { CommandData } from '../commands/data/command-data.ts';
import type { CommandResult } from '../commands/dispatcher.ts';
import type { Config } from '../config.ts';
import { defined } from '../core/defined.ts';
import type { Attachment } from '../ports/chat.ts';
import { CONSOLE_CHANNEL } from './channels.ts';
import { userName } from './door.ts';
import { putBatch, removeBatch } from './import-batch.ts';
import { openRunner } from './run.ts';

/** A command with files of this machine; `paths` become its `batch:`. */
export type Errand = { path: string; options: Readonly<Record<string, string>>; paths?: readonly string[] };
export type ErrandOutcome = { done: boolean; text: string; files: readonly Attachment[]; data?: CommandData };

/** Sends one command to the bot that runs on this data directory, or to one that is started for it. */
export async function askBot(config: Config, log: Logger, errand: Errand): Promise<ErrandOutcome> {
  const { paths = [] } = errand;
  const batch = paths.length === 0 ? undefined : await putBatch(config.dataDir, paths);
  const options = { ...errand.options, ...defined({ batch }) };
  try {
    const app = await ownApp(config, log);
    const asked = { path: errand.path, options };
    return app === undefined ? await byRunning(config, asked) : await byOwn(app, asked);
  } finally {
    if (batch !== undefined) await removeBatch(config.dataDir, batch);
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

async function byOwn(app: App, { path, options }: Errand): Promise<ErrandOutcome> {
  try {
    const result = await app.dispatcher.command({
      principal: { key: 'console:local', platform: 'console', name: userName(), memberships: [] },
      channel: CONSOLE_CHANNEL,
      input: { type: 'options', path: [path], options },
      canShowForm: false,
    });
    return outcomeOf(result);
  } finally {
    await app.stop();
  }
}

function outcomeOf(result: CommandResult): ErrandOutcome {
  if (result.type !== 'card') return { done: true, text: '', files: [] };
  const { card, outcome, data } = result;
  return { done: outcome === 'ok', text: cardText(card), files: filesOf(card), ...defined({ data }) };
}

async function byRunning(config: Config, { path, options }: Errand): Promise<ErrandOutcome> {
  const runner = await openRunner(config);
  if (runner === undefined) {
    return { done: false, text: 'NetDelta runs on this data directory, but does not answer.', files: [] };
  }
  const words = Object.entries(options).map(([name, value]) => `${name}:"${value.replaceAll('"', '')}"`);
  try {
    const { outcome, text, files, data } = await runner.run(['/netdelta', path, ...words].join(' '));
    return { done: outcome === 'done', text, files, ...defined({ data }) };
  } finally {
    await runner.close();
  }
}
