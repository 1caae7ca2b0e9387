import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { ENVIRONMENT, FILE, SETTINGS, type Values } from './config/environment.ts';
import { readSecretFiles } from './config/secret-files.ts';
import { type SinkConfig, sinkConfig, sinkContradictions, WEBHOOK_KEY } from './config/sinks.ts';
import { defined } from './core/defined.ts';
import { ConfigError } from './core/errors.ts';
import type { ChannelRef, PrincipalKey } from './core/model/principal.ts';
import type { SiteLimits } from './core/model/site-limits.ts';
import { DEFAULT_ALLOWED } from './core/network/targets.ts';

export type Config = SinkConfig & {
  slack?: {
    botToken: string;
    appToken?: string;
    signingSecret?: string;
    port?: number;
    host?: string;
    apiUrl?: string;
  };
  discord?: { token: string; guildId?: string; apiUrl?: string };
  defaultChannel?: ChannelRef;
  admins: readonly PrincipalKey[];
  /** CIDRs that may be scanned. */
  allowedTargets: readonly string[];
  dataDir: string;
  databaseUrl: string;
  redisUrl?: string;
  /** A worker's key, if its data directory is not the bot's. */
  siteKey?: string;
  /** How long audit entries are kept, ms; for ever by default. */
  auditKeepMs?: number;
  /** How long the detail of scans and their messages is kept, ms; a year by default. */
  scansKeepMs?: number;
  /** The secret from which all site keys are derived; by default a file in the data directory. */
  workerSecret?: string;
  logLevel?: string;
  /** Where health and metrics are served; not served when absent. */
  http?: { host: string; port: number };
  /** Wait before the first, second, … confirmation scan, ms. */
  confirmDelaysMs: readonly number[];
  /** Concurrent nmap processes of this machine's worker; by its cores when absent. */
  scansAtOnce?: number;
  /** For all workers of a site together, by its name. */
  siteLimits?: SiteLimits;
  noColor: boolean;
  /** Where programs are searched: the user's PATH. */
  searchPath?: string;
};

const DEFAULT_CONFIRM_DELAYS_MS = [120_000, 600_000];

/** Reads the environment, and `.env` in `cwd` for what it lacks. Throws ConfigError. */
export function readConfig(env: Record<string, string | undefined>, cwd: string): Config {
  const all = { ...readDotEnv(cwd), ...env };
  const webhooks = Object.keys(all).map((name) => name.replace(FILE, ''));
  const files = readSecretFiles(all, cwd, [...SETTINGS, ...webhooks.filter((name) => WEBHOOK_KEY.test(name))]);
  const given = withoutEmpty({ ...all, ...files.values });
  const parsed = ENVIRONMENT.safeParse(given);
  const problems = [
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    ...files.problems,
    ...emptyLists(all),
    ...contradictions(given),
    ...sinkContradictions(given),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  const values = parsed.data;
  const dataDir = resolve(cwd, values.NETDELTA_DATA_DIR);
  return {
    ...slackConfig(values),
    ...discordConfig(values),
    ...sinkConfig(values, given),
    ...defined({ defaultChannel: values.NETDELTA_CHANNEL }),
    admins: values.NETDELTA_ADMINS ?? [],
    allowedTargets: values.NETDELTA_ALLOWED_TARGETS ?? DEFAULT_ALLOWED,
    dataDir,
    databaseUrl: values.DATABASE_URL ?? `sqlite:${resolve(dataDir, 'netdelta.sqlite')}`,
    ...defined({
      redisUrl: values.REDIS_URL,
      siteKey: values.NETDELTA_SITE_KEY,
      workerSecret: values.NETDELTA_WORKER_SECRET,
      auditKeepMs: values.NETDELTA_AUDIT_KEEP,
      scansKeepMs: values.NETDELTA_SCANS_KEEP,
      logLevel: values.LOG_LEVEL,
      http: values.NETDELTA_HTTP,
    }),
    confirmDelaysMs: values.NETDELTA_CONFIRM_DELAYS ?? DEFAULT_CONFIRM_DELAYS_MS,
    ...defined({ scansAtOnce: values.NETDELTA_SCANS_AT_ONCE, siteLimits: values.NETDELTA_SITE_LIMITS }),
    noColor: values.NO_COLOR !== undefined,
    ...defined({ searchPath: values.PATH }),
  };
}

/** Settings that are missing next to given ones, whether or not those are valid themselves. */
function contradictions(values: Readonly<Record<string, string>>): string[] {
  const problems: string[] = [];
  const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET, PORT } = values;
  const slackHalf = SLACK_APP_TOKEN ?? SLACK_SIGNING_SECRET;
  if (SLACK_BOT_TOKEN !== undefined && slackHalf === undefined) {
    problems.push(
      'SLACK_BOT_TOKEN: needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET and PORT (HTTP mode) beside it',
    );
  }
  if (SLACK_BOT_TOKEN === undefined && slackHalf !== undefined) {
    problems.push('SLACK_BOT_TOKEN: is missing; copy it from OAuth & Permissions (xoxb-…)');
  }
  const httpMode = SLACK_APP_TOKEN === undefined && SLACK_SIGNING_SECRET !== undefined;
  if (httpMode && PORT === undefined) problems.push('PORT: is needed with SLACK_SIGNING_SECRET (HTTP mode)');
  return problems;
}

function slackConfig(values: Values): Pick<Config, 'slack'> {
  if (values.SLACK_BOT_TOKEN === undefined) return {};
  return {
    slack: {
      botToken: values.SLACK_BOT_TOKEN,
      ...defined({
        appToken: values.SLACK_APP_TOKEN,
        signingSecret: values.SLACK_SIGNING_SECRET,
        port: values.PORT,
        host: values.NETDELTA_LISTEN,
        apiUrl: values.SLACK_API_URL,
      }),
    },
  };
}

function discordConfig(values: Values): Pick<Config, 'discord'> {
  if (values.DISCORD_TOKEN === undefined) return {};
  return {
    discord: {
      token: values.DISCORD_TOKEN,
      ...defined({ guildId: values.DISCORD_GUILD_ID, apiUrl: values.DISCORD_API_URL }),
    },
  };
}

/** An empty list allows nothing; if it were taken for the defaults, it would allow much. */
function emptyLists(env: Record<string, string | undefined>): string[] {
  if (env['NETDELTA_ALLOWED_TARGETS']?.trim() !== '') return [];
  return [
    'NETDELTA_ALLOWED_TARGETS: is empty, so nothing could be scanned; name networks (e.g. 10.0.0.0/8), or remove it for the defaults',
  ];
}

function readDotEnv(cwd: string): Record<string, string | undefined> {
  const path = resolve(cwd, '.env');
  return existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {};
}

function withoutEmpty(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
}
