import { createEmailSink } from '../../adapters/email/email-sink.ts';
import { createFileSink } from '../../adapters/file/file-sink.ts';
import { createSyslogSink } from '../../adapters/syslog/syslog-sink.ts';
import { createWebhookSink } from '../../adapters/webhook/webhook-sink.ts';
import type { Config } from '../config.ts';
import type { SinkName } from '../core/platforms.ts';
import type { Clock } from '../ports/clock.ts';
import type { Sink } from '../ports/sink.ts';
import { drawReport } from './report-thread.ts';

/** Creates each sink; undefined where the configuration doesn't connect it. */
const CREATE: Readonly<Record<SinkName, (config: Config, clock: Clock) => Sink | undefined>> = {
  email: ({ email }) => (email === undefined ? undefined : createEmailSink(email, drawReport)),
  syslog: ({ syslog }) => (syslog === undefined ? undefined : createSyslogSink(syslog)),
  webhook: ({ webhook }, clock) => (webhook === undefined ? undefined : createWebhookSink(webhook, clock)),
  file: ({ dataDir }) => createFileSink({ dataDir }),
};

/** The sinks that are configured, by name. */
export function createSinks(config: Config, clock: Clock): ReadonlyMap<string, Sink> {
  const sinks = Object.values(CREATE).flatMap((create) => create(config, clock) ?? []);
  return new Map(sinks.map((sink) => [sink.platform, sink]));
}

export async function closeSinks(sinks: ReadonlyMap<string, Sink>): Promise<void> {
  await Promise.all([...sinks.values()].map((sink) => sink.close()));
}
