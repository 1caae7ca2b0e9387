import type { Config } from '../config.ts';
import type { Scanner } from '../ports/scanner.ts';

/** What a user should know at the start, a line each; nothing when all is as usual. */
export async function startRemarks(config: Config, scanner: Scanner): Promise<string[]> {
  const remarks: string[] = [];
  const { rawSockets } = await scanner.capabilities();
  if (!rawSockets)
    remarks.push('No raw sockets here: scanning by TCP connect (same judgement; no UDP). See `netdelta doctor`.');
  const chat = config.slack !== undefined || config.discord !== undefined;
  if (chat && config.admins.length === 0) {
    remarks.push(
      'Nobody is admin in the chat: set NETDELTA_ADMINS=slack:U… or discord:… (your own id), then start again.',
    );
  }
  return remarks;
}
