import { createFileSink } from '../../adapters/file/file-sink.ts';
import type { Config } from '../config.ts';
import type { SinkName } from '../core/platforms.ts';
import type { Log } from '../ports/log.ts';
import type { Sink } from '../ports/sink.ts';

/** How each sink is made; undefined where the configuration doesn't connect it. */
const CREATE: Readonly<Record<SinkName, (config: Config, log: Log) => Sink | undefined>> = {
  file: (config) => createFileSink({ dataDir: config.dataDir }),
};

/** The sinks that are configured, by name. */
export function createSinks(config: Config, log: Log): ReadonlyMap<string, Sink> {
  const sinks = Object.values(CREATE).flatMap((create) => create(config, log) ?? []);
  return new Map(sinks.map((sink) => [sink.platform, sink]));
}

export async function closeSinks(sinks: ReadonlyMap<string, Sink>): Promise<void> {
  await Promise.all([...sinks.values()].map((sink) => sink.close()));
}
