import { join } from 'node:path';
import { cardText, paintedCard } from '../../adapters/console/card-text.ts';
import { filesOf, saveFile } from '../../adapters/console/files.ts';
import type { Visit } from '../../adapters/door/client.ts';
import type { RunOutput } from '../commands/data/command-data.ts';
import type { CommandResult } from '../commands/dispatcher.ts';
import type { Config } from '../config.ts';
import { defined } from '../core/defined.ts';
import type { Attachment } from '../ports/chat.ts';
import { visit } from './door.ts';

/** More than any list has: a script gets all of it. */
const ALL_ROWS = 100_000;

export type Ran = RunOutput & {
  /** For a person: as wide as the terminal, and in colour if it has any. */
  painted: string;
  files: readonly Attachment[];
};

export type Runner = {
  run(command: string): Promise<Ran>;
  /** Saves an answer's attachment; returns the path. */
  save(file: Attachment): string;
  close(): Promise<void>;
};

/** Sends commands to the bot that runs on this data directory; undefined when none runs there. */
export async function openRunner(config: Config): Promise<Runner | undefined> {
  const bot = await visit(config.dataDir);
  if (bot === undefined) return undefined;
  return {
    run: (command) => runOn(bot, command, config),
    save: (file) => saveFile(join(config.dataDir, 'files'), file),
    close: bot.close,
  };
}

async function runOn(bot: Visit, command: string, config: Config): Promise<Ran> {
  const text = command.replace(/^\s*\/netdelta(?=\s|$)/i, '').trim();
  const asked = await bot.command(text, ALL_ROWS);
  return ran(command, await settled(bot, text, asked), config);
}

/** Waits for a scan that this command started, unless `async:` says not to; the answer is then its result. */
async function settled(bot: Visit, text: string, asked: CommandResult): Promise<CommandResult> {
  if (asked.type !== 'card' || asked.scanId === undefined || /\sasync:"?(?:on|yes|true|1)\b/i.test(text)) return asked;
  const end = await bot.waitForScan(asked.scanId);
  const report = await bot.reportScan(asked.scanId);
  const outcome = end === 'failed' ? ('failed' as const) : asked.outcome;
  return report === undefined ? { ...asked, outcome } : { ...asked, ...report, outcome };
}

function ran(command: string, result: CommandResult, config: Config): Ran {
  if (result.type !== 'card') return { command, outcome: 'done', text: '', painted: '', files: [] };
  const { card, data } = result;
  const files = filesOf(card);
  const [file] = files;
  return {
    command,
    outcome: result.wrongUse === true ? 'wrong-use' : result.outcome === 'ok' ? 'done' : result.outcome,
    text: cardText(card),
    ...defined({ data }),
    ...(file === undefined
      ? {}
      : { file: { name: file.name, mimeType: file.mimeType, base64: file.data.toString('base64') } }),
    painted: process.stdout.isTTY
      ? paintedCard(card, { columns: process.stdout.columns, colour: !config.noColor, now: Date.now() })
      : cardText(card),
    files,
  };
}
