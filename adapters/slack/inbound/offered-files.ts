import type { webApi } from '@slack/bolt';
import { UserError } from '../../../src/core/errors.ts';
import { gatherBytes } from '../../../src/core/gather-bytes.ts';
import { type OfferedFile, tooLarge, unreadable } from '../../../src/ports/offered-file.ts';
import { deliveryError } from '../outbound/api-error.ts';

/** As described by a submitted form. */
export type AttachedFile = { id: string; name?: string | null; size?: number };

type Source = { client: webApi.WebClient; botToken: string; apiUrl?: string };

const SLACK_API = 'https://slack.com/api/';
const DOWNLOAD_MS = 60_000;

/** Files of this workspace: fetched with the bot's token, and therefore from Slack's own hosts only. */
export function offeredBy({ client, botToken, apiUrl = SLACK_API }: Source): (file: AttachedFile) => OfferedFile {
  return ({ id, name, size = 0 }) => ({
    ...{ name: name ?? id, size },
    async read(most) {
      const url = await addressOf(client, id, name ?? id, most);
      if (!isSlacks(url, apiUrl)) throw unreadable(name ?? id, 'it is not stored on Slack');
      return download(url, { token: botToken, name: name ?? id, most });
    },
  });
}

/** The form's description of a file came through a browser; Slack itself says where the file is. */
async function addressOf(client: webApi.WebClient, id: string, name: string, most: number): Promise<URL> {
  const { file } = await client.files.info({ file: id }).catch((error: unknown) => {
    const { code } = deliveryError(error);
    if (code === 'missing_scope')
      throw unreadable(name, 'the app lacks the scope files:read (doctor says how to add it)');
    throw unreadable(name, code);
  });
  if ((file?.size ?? 0) > most) throw tooLarge(name);
  const address = file?.url_private_download ?? file?.url_private;
  if (file?.is_external === true || address === undefined || !URL.canParse(address)) {
    throw unreadable(name, 'it is not stored on Slack');
  }
  return new URL(address);
}

/**
 * `files.slack.com` beside `slack.com`, likewise for GovSlack; the stand-in itself if a proxy or test stands in for
 * Slack.
 */
function isSlacks({ protocol, host }: URL, apiUrl: string): boolean {
  const api = new URL(apiUrl);
  return protocol === api.protocol && (host === api.host || host === `files.${api.host}`);
}

async function download(
  url: URL,
  { token, name, most }: { token: string; name: string; most: number },
): Promise<Buffer> {
  try {
    // Only Slack gets the token: a redirect is not followed.
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      ...{ redirect: 'error', signal: AbortSignal.timeout(DOWNLOAD_MS) },
    });
    if (!response.ok || response.body === null) throw unreadable(name, `Slack answered ${response.status}`);
    const data = await gatherBytes(response.body, most);
    if (data === undefined) throw tooLarge(name);
    return data;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw unreadable(name, 'Slack did not give it');
  }
}
