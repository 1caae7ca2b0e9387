import type { APIAttachment } from 'discord.js';
import { UserError } from '../../../src/core/errors.ts';
import { gatherBytes } from '../../../src/core/gather-bytes.ts';
import { type OfferedFile, tooLarge, unreadable } from '../../../src/ports/offered-file.ts';

/** https://docs.discord.com/developers/reference#signed-attachment-cdn-urls: they are signed and need no token. */
const HOSTS = ['cdn.discordapp.com', 'media.discordapp.net'];
const DOWNLOAD_MS = 60_000;

export type Offered = (
  ids: readonly string[],
  attachments: Readonly<Record<string, APIAttachment>> | undefined,
) => OfferedFile[];

/** Attachments, fetched only from Discord's own hosts, or from a stand-in for Discord (a proxy, a test). */
export function offeredBy(apiUrl: string | undefined): Offered {
  const isDiscords = (url: URL) =>
    (url.protocol === 'https:' && HOSTS.includes(url.host)) ||
    (apiUrl !== undefined && url.origin === new URL(apiUrl).origin);
  return (ids, attachments = {}) =>
    ids.flatMap((id) => {
      const attachment = Object.hasOwn(attachments, id) ? attachments[id] : undefined;
      if (attachment === undefined) return [];
      const { filename: name, size, url } = attachment;
      const read = async (most: number) => {
        if (!URL.canParse(url) || !isDiscords(new URL(url))) throw unreadable(name, 'it is not stored on Discord');
        if (size > most) throw tooLarge(name);
        return download(url, { name, most });
      };
      return [{ name, size, read }];
    });
}

async function download(url: string, { name, most }: { name: string; most: number }): Promise<Buffer> {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(DOWNLOAD_MS) });
    if (!response.ok || response.body === null) throw unreadable(name, `Discord answered ${response.status}`);
    const data = await gatherBytes(response.body, most);
    if (data === undefined) throw tooLarge(name);
    return data;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw unreadable(name, 'Discord did not give it');
  }
}
