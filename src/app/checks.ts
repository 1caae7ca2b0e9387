import { access, constants, mkdir, stat, statfs } from 'node:fs/promises';
import { refusedSites } from '../../adapters/bullmq/key-proof.ts';
import { costOfAge } from '../../adapters/nmap/age.ts';
import { createScanner } from '../../adapters/nmap/scanner.ts';
import { ensureRedis } from '../../adapters/redis/ensure-redis.ts';
import { counted } from '../cards/words.ts';
import type { Dispatcher } from '../commands/dispatcher.ts';
import type { Config } from '../config.ts';
import { defined } from '../core/defined.ts';
import { StorageTrouble, UserError } from '../core/errors.ts';
import { rangesContain } from '../core/network/address-ranges.ts';
import { allowedRanges } from '../core/network/targets.ts';
import { PLACE_NAMES, platform } from '../core/platforms.ts';
import type { Store } from '../ports/store.ts';
import { pendingDeliveries } from '../usecases/views/status-input.ts';
import { openDatabase } from './database.ts';
import { createLog } from './log.ts';
import { createSinks } from './sinks.ts';

/** For checks that need an adapter but handle no requests. */
const idleDispatcher: Dispatcher = {
  command: async () => ({ type: 'silent' }),
  click: async () => ({ type: 'silent' }),
  complete: async () => [],
  home: async () => ({ title: 'NetDelta', tone: 'neutral', sections: [], controls: [] }),
};

export type Check = { name: string; result: 'ok' | 'warning' | 'problem'; says: string; fix?: string };

/** While a bot is running, a message that can be sent is sent sooner than this. */
const LONG_PENDING_MS = 60_000;
/** The bit that lets every user write. */
const FOR_ANYONE = 0o002;
const LITTLE_SPACE_BYTES = 500 * 1024 * 1024;

/** Everything that can go wrong, checked in the order in which a user would run into it. */
export async function* runChecks(config: Config): AsyncGenerator<Check> {
  yield* guarded('data directory', () => checkDataDir(config));
  yield* guarded('nmap', () => checkNmap(config));
  yield* guarded('redis', () => checkRedis(config));
  yield* guarded('database', () => checkDatabase(config));
  yield* guarded('allowed targets', async () => [checkAllowed(config)]);
  yield* guarded('secrets', checkSecretFiles);
  yield* guarded('admins', async () => [checkAdmins(config)]);
  yield* checkSinks(config);
  if (config.slack !== undefined) yield* guarded('slack', () => checkSlack(config));
  if (config.discord !== undefined) yield* guarded('discord', () => checkDiscord(config));
}

async function* guarded(name: string, check: () => Promise<Check[]>): AsyncGenerator<Check> {
  try {
    yield* await check();
  } catch (error) {
    const hint = error instanceof UserError || error instanceof StorageTrouble ? error.hint : undefined;
    const says = error instanceof Error ? error.message : String(error);
    yield { name, result: 'problem', says, ...defined({ fix: hint }) };
  }
}

async function checkDataDir(config: Config): Promise<Check[]> {
  const name = 'data directory';
  try {
    await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
    await access(config.dataDir, constants.W_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const fix = 'Make it writable for this user, or set NETDELTA_DATA_DIR to a directory that is.';
    return [{ name, result: 'problem', says: `${config.dataDir} can't be used: ${reason}`, fix }];
  }
  if (((await stat(config.dataDir)).mode & FOR_ANYONE) !== 0) {
    const fix = `Run: chmod o-w '${config.dataDir}'. Anybody who can write there can replace its socket or database by their own.`;
    return [
      { name, result: 'warning', says: `${config.dataDir} may be written to by every user of this machine`, fix },
    ];
  }
  const { bavail, bsize } = await statfs(config.dataDir);
  const free = bavail * bsize;
  const says = `${config.dataDir}, ${Math.round(free / 1024 / 1024).toLocaleString('en-US')} MB free`;
  if (free >= LITTLE_SPACE_BYTES) return [{ name, result: 'ok', says }];
  return [{ name, result: 'warning', says, fix: 'Free some space, or lower retention: of the groups.' }];
}

async function checkNmap(config: Config): Promise<Check[]> {
  const { nmapVersion, rawSockets } = await createScanner(config).capabilities();
  const name = 'nmap';
  const cost = costOfAge(nmapVersion);
  if (rawSockets && cost !== undefined) {
    return [{ name, result: 'warning', says: `${nmapVersion}, with raw sockets; ${cost.says}`, fix: cost.fix }];
  }
  if (rawSockets) return [{ name, result: 'ok', says: `${nmapVersion}, with raw sockets` }];
  const fix =
    'Connect scans work; for SYN and UDP scans run as root, or: setcap cap_net_raw,cap_net_admin,cap_net_bind_service+eip "$(command -v nmap)".';
  const old = cost === undefined ? '' : `; ${cost.says}`;
  return [{ name, result: 'warning', says: `${nmapVersion}, without raw sockets${old}`, fix }];
}

async function checkRedis(config: Config): Promise<Check[]> {
  const redis = await ensureRedis({ url: config.redisUrl, dataDir: config.dataDir, log: createLog('silent') });
  const refused = await refusedSites(redis.connection, createLog('silent')).finally(redis.stop);
  const warnings: Check[] = redis.warnings.map((warning) => ({ name: 'redis', result: 'warning', says: warning }));
  const itself: Check[] = warnings.length > 0 ? warnings : [{ name: 'redis', result: 'ok', says: redis.describe }];
  return [...itself, ...refused.map(refusedWorker)];
}

function refusedWorker(site: string): Check {
  const says = `a worker of site ${site} is refused: it has another key than the bot`;
  const fix = `On the bot's machine run \`netdelta worker-key ${site}\`, set NETDELTA_SITE_KEY of the worker to what it prints, and start it again.`;
  return { name: 'workers', result: 'warning', says, fix };
}

async function checkDatabase(config: Config): Promise<Check[]> {
  const database = await openDatabase(config);
  try {
    const name = 'database';
    const pending = await database.pending();
    if (pending.length === 0) {
      return [{ name, result: 'ok', says: await database.check() }, ...(await checkDeliveries(config, database))];
    }
    const says = `not up to date, ${counted(pending.length, 'migration')} to run`;
    const fix = 'The bot brings it up to date at its start; or run `netdelta migrate`.';
    return [{ name, result: 'warning', says, fix }];
  } finally {
    await database.close();
  }
}

/** The address at which clouds hand out credentials to any process inside. */
const METADATA = '169.254.169.254';

function checkAllowed({ allowedTargets }: Config): Check {
  const name = 'allowed targets';
  const says = allowedTargets.join(', ');
  if (!rangesContain(allowedRanges(allowedTargets), METADATA)) return { name, result: 'ok', says };
  const fix = `It holds ${METADATA}, where clouds hand out credentials; leave 169.254.0.0/16 out of NETDELTA_ALLOWED_TARGETS.`;
  return { name, result: 'warning', says, fix };
}

/** `.env` in the working directory, where it is read from. */
async function checkSecretFiles(): Promise<Check[]> {
  const name = 'secrets';
  const found = await stat('.env').catch(() => undefined);
  if (found === undefined) return [];
  if ((found.mode & 0o077) === 0) return [{ name, result: 'ok', says: '.env is readable for its owner only' }];
  const fix = 'Run: chmod 600 .env';
  return [{ name, result: 'warning', says: '.env holds secrets, and others on this machine may read it', fix }];
}

/** Messages that wait although a bot had time to send them. */
async function checkDeliveries(config: Config, store: Pick<Store, 'messages'>): Promise<Check[]> {
  const connected = PLACE_NAMES.filter((name) => name === 'file' || Reflect.get(config, name) !== undefined);
  const waiting = await pendingDeliveries(store, connected, Date.now() - LONG_PENDING_MS);
  return waiting.map(({ channel, count, since, reason }) => ({
    ...{ name: 'deliveries', result: 'warning' as const, fix: reason },
    says: `${counted(count, 'message waits', 'messages wait')} for ${channel} since ${new Date(since).toISOString()}`,
  }));
}

function checkAdmins(config: Config): Check {
  const name = 'admins';
  if (config.admins.length > 0) return { name, result: 'ok', says: config.admins.join(', ') };
  const chat = config.slack !== undefined || config.discord !== undefined;
  const fix = 'Set NETDELTA_ADMINS=slack:U…,discord:… (your own id, from your profile in the chat).';
  return chat
    ? { name, result: 'problem', says: 'nobody in the chat may grant roles', fix }
    : { name, result: 'ok', says: 'the local console' };
}

/** Checks the configured sinks: that their requirements are met, and that the other side answers. */
async function* checkSinks(config: Config): AsyncGenerator<Check> {
  for (const [name, sink] of createSinks(config, { now: () => Date.now() })) {
    yield* guarded(name, async () => {
      const problems = await sink.check();
      if (problems.length === 0)
        return [{ name, result: 'ok', says: `ready for routes, e.g. ${platform(sink.platform).placeExample}` }];
      return problems.map((says) => ({ name, result: 'problem', says }));
    });
    await sink.close();
  }
}

async function checkSlack(config: Config): Promise<Check[]> {
  if (config.slack === undefined) return [];
  const { createSlack } = await import('../../adapters/slack/slack.ts');
  const slack = await createSlack({
    config: config.slack,
    dispatcher: idleDispatcher,
    log: createLog('silent'),
    onAdminNotice: () => {},
  });
  const { problems } = await slack.check();
  if (problems.length === 0) return [{ name: 'slack', result: 'ok', says: 'token and scopes are right' }];
  return problems.map(({ what, fix }) => ({ name: 'slack', result: 'problem', says: what, fix }));
}

async function checkDiscord(config: Config): Promise<Check[]> {
  if (config.discord === undefined) return [];
  const { createDiscord } = await import('../../adapters/discord/discord.ts');
  const log = createLog('silent');
  const discord = await createDiscord({
    config: config.discord,
    dispatcher: idleDispatcher,
    definitions: [],
    log,
    onAdminNotice: () => {},
  });
  const channels = config.defaultChannel?.startsWith('discord:') === true ? [config.defaultChannel] : [];
  const { problems } = await discord.check(channels);
  const invite: Check = { name: 'discord', result: 'ok', says: `invite link: ${discord.inviteLink()}` };
  return [
    invite,
    ...checkGuild(config.discord),
    ...problems.map(({ what, fix }): Check => ({ name: 'discord', result: 'problem', says: what, fix })),
  ];
}

/** Anyone who knows the invite link can add the bot to a server of their own. */
function checkGuild({ guildId }: NonNullable<Config['discord']>): Check[] {
  if (guildId !== undefined) return [];
  const says = 'DISCORD_GUILD_ID is not set: as soon as the bot is in a second server, it answers in neither';
  const fix =
    'Set it to the id of your server: Settings → Advanced → Developer Mode, then right-click the server → Copy Server ID.';
  return [{ name: 'discord', result: 'warning', says, fix }];
}
