import type { Config } from '../config.ts';
import { UserError } from '../core/errors.ts';
import type { Scanner } from '../ports/scanner.ts';

/** What a user should know at the start, a line each; empty when all is as usual. */
export async function startRemarks(config: Config, scanner: Scanner): Promise<string[]> {
  return [...(await scannerRemarks(scanner)), ...adminRemarks(config)];
}

/** Without nmap the bot still serves the chat, and sites that are scanned by workers elsewhere. */
async function scannerRemarks(scanner: Scanner): Promise<string[]> {
  try {
    const { rawSockets } = await scanner.capabilities();
    if (rawSockets) return [];
    return ['No raw sockets here: scanning by TCP connect (same judgement; no UDP). See `netdelta doctor`.'];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [error.message, ...(error.hint === undefined ? [] : [error.hint])];
  }
}

function adminRemarks(config: Config): string[] {
  const chat = config.slack !== undefined || config.discord !== undefined;
  if (!chat || config.admins.length > 0) return [];
  return ['Nobody is admin in the chat: set NETDELTA_ADMINS=slack:U… or discord:… (your own id), then start again.'];
}
