import { isIP } from 'node:net';
import { z } from 'zod';
import type { SiteLimits } from '../core/model/site-limits.ts';
import { parseTargets } from '../core/network/targets.ts';
import { CHAT_NAMES, isPlace, isWho, placeExamples } from '../core/platforms.ts';
import { parseDuration } from '../core/time/duration.ts';
import { SINK_KEYS, WEBHOOK_KEY } from './sinks.ts';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const list = (text: string): string[] => text.split(/[\s,]+/).filter((part) => part !== '');

function checked<T>(parse: (text: string) => T, expected: string) {
  return z.string().transform((text, context): T => {
    try {
      return parse(text);
    } catch (error) {
      const wrong = error instanceof Error ? error.message.replace(/\.$/, '') : 'wrong';
      context.addIssue({ code: 'custom', message: `${wrong}; ${expected}` });
      return z.NEVER;
    }
  });
}

function oneOfSchemes(schemes: readonly string[]) {
  return z.string().refine((text) => schemes.some((scheme) => text.startsWith(scheme)), {
    message: `must start with ${schemes.join(', ')}`,
  });
}

const httpUrl = oneOfSchemes(['https://', 'http://']);

const PORT_WORDS = 'must be a port number, 1 to 65535';

/** On this machine only, unless an address is given. */
function parseHttp(text: string): { host: string; port: number } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]:|([^:]+):)?(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain ?? '127.0.0.1';
  if (port === undefined || Number(port) > 65_535) throw new Error('not a port');
  if (isIP(host) === 0) throw new Error(`${host} is not an IP address`);
  return { host, port: Number(port) };
}

const MOST_SCANS = 256;
const SCANS_WORDS = `must be a whole number, 1 to ${MOST_SCANS}`;

/** `dmz=2,office=1@500`: nmap processes at once, and packets a second. */
function parseSiteLimits(text: string): SiteLimits {
  const limits: Record<string, SiteLimits[string]> = {};
  for (const part of list(text)) {
    const [, site, scans = '', rate] = /^([^=@]+)=([1-9]\d{0,2})(?:@([1-9]\d{0,6}))?$/.exec(part) ?? [];
    if (site === undefined) throw new Error(`not a limit: ${part}`);
    limits[site] = { scans: Number(scans), ...(rate === undefined ? {} : { rate: Number(rate) }) };
  }
  return limits;
}

/** Every setting except the webhooks', with an explanation for each invalid value. */
export const ENVIRONMENT = z.object({
  SLACK_BOT_TOKEN: z.string().startsWith('xoxb-', 'must be a bot token (xoxb-…), see OAuth & Permissions').optional(),
  SLACK_APP_TOKEN: z
    .string()
    .startsWith('xapp-', 'must be an app-level token (xapp-…), see Basic Information')
    .optional(),
  SLACK_SIGNING_SECRET: z.string().min(8, 'is too short; copy it from Basic Information').optional(),
  SLACK_API_URL: httpUrl.optional(),
  PORT: z.coerce.number(PORT_WORDS).int(PORT_WORDS).min(1, PORT_WORDS).max(65535, PORT_WORDS).optional(),
  NETDELTA_LISTEN: z
    .string()
    .refine((text) => isIP(text) !== 0, 'must be an IP address, e.g. 127.0.0.1, or 0.0.0.0 for all')
    .optional(),
  DISCORD_TOKEN: z.string().min(20, 'is too short; copy the bot token from the developer portal').optional(),
  DISCORD_GUILD_ID: z
    .string()
    .regex(/^[0-9]{15,21}$/, 'must be the numeric id of a server')
    .optional(),
  DISCORD_API_URL: httpUrl.optional(),
  ...SINK_KEYS,
  NETDELTA_CHANNEL: z
    .string()
    .refine((text) => isPlace(text, CHAT_NAMES), `must be a channel, e.g. ${placeExamples(CHAT_NAMES).join(', ')}`)
    .optional(),
  NETDELTA_ADMINS: checked((text) => {
    const wrong = list(text).filter((key) => !isWho(key));
    if (wrong.length > 0) throw new Error(`not a user or group: ${wrong.join(', ')}`);
    return list(text);
  }, 'expected e.g. slack:U0123,discord:80351110224678912').optional(),
  NETDELTA_ALLOWED_TARGETS: checked((text) => {
    const named = parseTargets(text).find((target) => target.type === 'name');
    if (named !== undefined) throw new Error(`${named.text} is a name`);
    return list(text);
  }, 'expected CIDRs, e.g. 10.0.0.0/8,192.0.2.0/24').optional(),
  NETDELTA_DATA_DIR: z.string().min(1).default('./data'),
  DATABASE_URL: oneOfSchemes(['sqlite:', 'postgres://', 'postgresql://', 'mysql://', 'mariadb://']).optional(),
  REDIS_URL: oneOfSchemes(['redis://', 'rediss://', 'unix:', '/']).optional(),
  NETDELTA_SITE_KEY: z
    .string()
    .regex(/^ndk_[\w-]{43}$/, 'must be what `netdelta worker-key SITE` prints on the bot’s machine (ndk_…)')
    .optional(),
  NETDELTA_WORKER_SECRET: z.string().min(32, 'is too short; for example `openssl rand -base64 32`').optional(),
  NETDELTA_SCANS_KEEP: checked((text) => parseDuration(text), 'expected e.g. 90d').optional(),
  NETDELTA_AUDIT_KEEP: checked((text) => parseDuration(text), 'expected e.g. 365d').optional(),
  NETDELTA_CONFIRM_DELAYS: checked(
    (text) => list(text).map((part) => parseDuration(part)),
    'expected e.g. 2m,10m',
  ).optional(),
  NETDELTA_SCANS_AT_ONCE: z.coerce
    .number(SCANS_WORDS)
    .int(SCANS_WORDS)
    .min(1, SCANS_WORDS)
    .max(MOST_SCANS, SCANS_WORDS)
    .optional(),
  NETDELTA_SITE_LIMITS: checked(
    parseSiteLimits,
    'expected nmap processes at once, and packets a second, e.g. dmz=2,office=1@500',
  ).optional(),
  NETDELTA_HTTP: checked(parseHttp, 'expected a port, or ADDRESS:PORT, e.g. 9115 or 0.0.0.0:9115').optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).optional(),
  NO_COLOR: z.string().optional(),
  PATH: z.string().optional(),
});

export type Values = z.infer<typeof ENVIRONMENT>;

/** All settings except the webhooks'. */
export const SETTINGS: readonly string[] = Object.keys(ENVIRONMENT.shape);
export const FILE = /_FILE$/;

/** True for a name that the environment may contain: a setting, or a webhook's, directly or as a file. */
export function isSetting(name: string): boolean {
  const own = name.replace(FILE, '');
  return SETTINGS.includes(own) || WEBHOOK_KEY.test(own);
}
