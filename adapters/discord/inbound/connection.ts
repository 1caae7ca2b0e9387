import type { APIInteraction } from 'discord.js';
import type { DiscordOptions } from '../options.ts';
import type { Api } from '../outbound/api.ts';
import { apiCode, deliveryError } from '../outbound/delivery-error.ts';
import { inviteLink } from '../outbound/permissions.ts';
import type { MentionKind } from '../render/markdown.ts';
import { type Gateway, openGateway } from './gateway.ts';
import { registerCommands } from './register-commands.ts';

export type ConnectionOptions = DiscordOptions & {
  api: Api;
  /** Answers one interaction; never throws. */
  handle(interaction: APIInteraction): Promise<void>;
};

/** The inbound half, from `open` to `close`, across gateways that Discord closes for good. */
export type Connection = {
  open(): Promise<void>;
  close(): Promise<void>;
  kindOf(id: string): MentionKind;
  guildIds(): readonly string[];
  applicationId(): string | undefined;
};

const REOPEN_MS = [5_000, 30_000, 120_000, 600_000];
/** How long answers in progress may take when NetDelta stops. */
const FINISH_MS = 5_000;
const MISSING_ACCESS = 50_001;

export function createConnection(options: ConnectionOptions): Connection {
  const { config, log, onAdminNotice } = options;
  const underWay = new Set<Promise<void>>();
  let gateway: Gateway | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  async function open(): Promise<void> {
    gateway = await openGateway({
      token: config.token,
      apiUrl: config.apiUrl,
      onInteraction: (interaction) => {
        if (closed) return;
        const work = options.handle(interaction).finally(() => underWay.delete(work));
        underWay.add(work);
      },
      onLost: (reason) => {
        onAdminNotice(`Discord ended the connection for good (${reason}); check DISCORD_TOKEN. It is tried again.`);
        void gateway?.close().catch(() => undefined);
        reopenLater(0);
      },
      log,
    });
    const link = inviteLink(gateway.applicationId, config.guildId);
    log.info({ servers: gateway.guildIds().length }, `Discord is connected; to add it to a server: ${link}`);
    if (config.guildId !== undefined && !gateway.guildIds().includes(config.guildId)) {
      onAdminNotice(`The bot is not in the Discord server ${config.guildId}. Invite it: ${link}`);
    }
    await register(gateway.applicationId, link);
  }

  function reopenLater(tries: number): void {
    if (closed) return;
    timer = setTimeout(() => void open().catch((error) => again(tries, error)), REOPEN_MS[tries] ?? 600_000);
  }

  function again(tries: number, error: unknown): void {
    log.warn({ reason: error instanceof Error ? error.message : 'unknown' }, 'Discord could not be connected again');
    reopenLater(tries + 1);
  }

  /** Alerts and buttons work without the commands, so a refusal is reported and not fatal. */
  async function register(applicationId: string, link: string): Promise<void> {
    try {
      await registerCommands({ ...options, applicationId, guildId: config.guildId });
    } catch (error) {
      const { code } = deliveryError(error);
      const what = `Discord did not take the commands (${code})`;
      log.warn({ code }, what);
      onAdminNotice(apiCode(error) === MISSING_ACCESS ? `${what}. Invite the bot again: ${link}` : `${what}.`);
    }
  }

  return {
    open,
    async close() {
      closed = true;
      clearTimeout(timer);
      await finished(underWay);
      await gateway?.close();
    },
    kindOf: (id) => gateway?.kindOf(id) ?? 'user',
    guildIds: () => gateway?.guildIds() ?? [],
    applicationId: () => gateway?.applicationId,
  };
}

async function finished(work: ReadonlySet<Promise<void>>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, FINISH_MS);
  });
  await Promise.race([Promise.allSettled([...work]), late]);
  clearTimeout(timer);
}
