import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { defined } from '../core/defined.ts';

type Hook = { url: string; secret?: string; authorization?: string };

export type SinkConfig = {
  email?: { url: string; from: string; ca?: string };
  syslog?: {
    address: { protocol: 'udp' | 'tcp' | 'tls'; host: string; port: number; ca?: string };
    format: 'json' | 'cef';
  };
  webhook?: { hooks: Readonly<Record<string, Hook>>; allowPrivate: boolean };
};

const SYSLOG_PORTS = { udp: 514, tcp: 601, tls: 6514 } as const;
/** `WEBHOOK_PAGER_URL` connects `webhook:pager`. */
/** Users choose their names. */
export const WEBHOOK_KEY = /^WEBHOOK_([A-Z0-9]+(?:_[A-Z0-9]+)*)_(URL|SECRET|AUTHORIZATION)$/;
const MIN_SECRET = 16;

const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    message: `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(', ')}`,
  });

/** The path of a certificate in PEM, read at once so that a wrong path is reported at the start. */
const pemFile = z.string().transform((path, context) => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    context.addIssue({
      code: 'custom',
      message: `can't be read: ${error instanceof Error ? error.message : 'unknown'}`,
    });
    return z.NEVER;
  }
});

export const SINK_KEYS = {
  SMTP_URL: url('smtp:', 'smtps:').optional(),
  SMTP_CA: pemFile.optional(),
  NETDELTA_MAIL_FROM: z
    .string()
    .regex(
      /^(?:[^\r\n<]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/,
      'must be an address, e.g. NetDelta <netdelta@example.com>',
    )
    .optional(),
  SYSLOG_URL: url('udp:', 'tcp:', 'tls:').optional(),
  SYSLOG_CA: pemFile.optional(),
  SYSLOG_FORMAT: z.enum(['json', 'cef'], 'must be json or cef').default('json'),
  WEBHOOK_ALLOW_PRIVATE: z.enum(['on', 'off'], 'must be on or off').default('off'),
};

type SinkValues = z.infer<z.ZodObject<typeof SINK_KEYS>>;

/** Settings that are missing next to given ones, and errors in the webhooks, whose names are not known in advance. */
export function sinkContradictions(given: Readonly<Record<string, string>>): string[] {
  const problems: string[] = [];
  if (given['SMTP_URL'] !== undefined && given['NETDELTA_MAIL_FROM'] === undefined) {
    problems.push('NETDELTA_MAIL_FROM: is needed with SMTP_URL: the sender of the mails');
  }
  for (const [key, value] of Object.entries(given)) {
    const [, name, what] = WEBHOOK_KEY.exec(key) ?? [];
    if (what === 'URL' && !/^https?:\/\//.test(value)) problems.push(`${key}: must start with https:// or http://`);
    if (what === 'URL' && !URL.canParse(value)) problems.push(`${key}: is not a URL`);
    if (what === 'SECRET' && value.length < MIN_SECRET) {
      problems.push(`${key}: is too short; take at least ${MIN_SECRET} random characters`);
    }
    if (what !== undefined && what !== 'URL' && given[`WEBHOOK_${name}_URL`] === undefined) {
      problems.push(`WEBHOOK_${name}_URL: is missing beside ${key}`);
    }
  }
  return problems;
}

export function sinkConfig(values: SinkValues, given: Readonly<Record<string, string>>): SinkConfig {
  const { SMTP_URL, SMTP_CA, NETDELTA_MAIL_FROM, SYSLOG_URL } = values;
  const hooks = hooksOf(given);
  return {
    ...(SMTP_URL === undefined || NETDELTA_MAIL_FROM === undefined
      ? {}
      : { email: { url: SMTP_URL, from: NETDELTA_MAIL_FROM, ...defined({ ca: SMTP_CA }) } }),
    ...(SYSLOG_URL === undefined
      ? {}
      : { syslog: { address: syslogAddress(SYSLOG_URL, values.SYSLOG_CA), format: values.SYSLOG_FORMAT } }),
    ...(Object.keys(hooks).length === 0
      ? {}
      : { webhook: { hooks, allowPrivate: values.WEBHOOK_ALLOW_PRIVATE === 'on' } }),
  };
}

function syslogAddress(text: string, ca: string | undefined): NonNullable<SinkConfig['syslog']>['address'] {
  const { protocol, hostname, port } = new URL(text);
  const name = protocol === 'tls:' ? 'tls' : protocol === 'tcp:' ? 'tcp' : 'udp';
  const host = hostname.replace(/^\[|\]$/g, '');
  return {
    protocol: name,
    host,
    port: port === '' ? SYSLOG_PORTS[name] : Number(port),
    ...defined({ ca }),
  };
}

function hooksOf(given: Readonly<Record<string, string>>): Record<string, Hook> {
  const hooks: Record<string, Hook> = {};
  for (const [key, value] of Object.entries(given)) {
    const [, name, what] = WEBHOOK_KEY.exec(key) ?? [];
    if (name === undefined || what !== 'URL') continue;
    const secret = given[`WEBHOOK_${name}_SECRET`];
    const authorization = given[`WEBHOOK_${name}_AUTHORIZATION`];
    hooks[name.toLowerCase().replaceAll('_', '-')] = {
      url: value,
      ...defined({ secret, authorization }),
    };
  }
  return hooks;
}
