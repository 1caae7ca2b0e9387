import { Gauge, Histogram, Registry } from 'prom-client';
import type { TroubleKind } from '../../src/core/errors.ts';
import type { QueueStats } from '../../src/ports/queue.ts';
import type { Figures } from '../../src/ports/store.ts';

/** What is read at each scrape; a part that does not answer is left out, and `netdelta_up` shows it. */
export type MetricSources = {
  figures(): Promise<Figures>;
  queue(): Promise<QueueStats>;
  trouble(): TroubleKind | undefined;
  /** The configured platforms, and whether they are connected. */
  chats(): readonly { platform: string; connected: boolean }[];
  now(): number;
};

export type Metrics = {
  /** In the text format of Prometheus. */
  text(): Promise<string>;
  contentType: string;
  judged(ms: number): void;
};

const TROUBLES: readonly TroubleKind[] = ['full', 'read-only', 'corrupt', 'locked', 'away'];
const JUDGE_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120];

/** Read from SQL and the queue at each scrape, so that a restart loses none and two bots report the same. */
export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `netdelta_${name}`, help, labelNames, registers: [registry] });
  const up = gauge('up', 'Whether a part answers: database, queue', ['part']);
  const scans = gauge('scans', 'Scans by status, since the first', ['status']);
  const chunks = gauge('chunks', 'Kept results of nmap runs by outcome', ['outcome']);
  const deltas = gauge('deltas', 'Deltas by kind, grade, risk and state', ['kind', 'grade', 'risk', 'state']);
  const falseAlarms = gauge('false_alarms', 'Deltas that were answered as a false alarm');
  const undetermined = gauge('undetermined_hosts', 'Hosts of which the last scan gave no evidence');
  const messages = gauge('messages', 'Messages by platform and status', ['platform', 'status']);
  const waiting = gauge('delivery_age_seconds', 'How long the oldest unsent message has been waiting', ['platform']);
  const judgedAt = gauge('last_judged_timestamp_seconds', 'When a scan of the group was last judged', ['group']);
  const overdue = gauge('schedule_lag_seconds', 'How long a scan of the group has been overdue', ['group']);
  const workers = gauge('workers', 'Workers of a site', ['site']);
  const depth = gauge('queue_chunks', 'Chunks in the queue by site and state', ['site', 'state']);
  const trouble = gauge('storage_trouble', 'What keeps the database from working', ['kind']);
  const chats = gauge('chat_connected', 'Whether a platform that is to be served is connected', ['platform']);
  const judge = new Histogram({
    name: 'netdelta_judge_seconds',
    help: 'How long a judgement took',
    buckets: JUDGE_SECONDS,
    registers: [registry],
  });

  function showFigures(figures: Figures): void {
    const now = sources.now();
    for (const { status, count } of figures.scans) scans.set({ status }, count);
    for (const { outcome, count } of figures.chunks) chunks.set({ outcome }, count);
    for (const { kind, grade, risk, state, count } of figures.deltas) deltas.set({ kind, grade, risk, state }, count);
    falseAlarms.set(figures.falseAlarms);
    undetermined.set(figures.undeterminedHosts);
    for (const { platform, status, count } of figures.messages) messages.set({ platform, status }, count);
    for (const { platform, at } of figures.waitingSince) waiting.set({ platform }, secondsSince(at, now));
    for (const one of figures.groups) {
      if (one.judgedAt !== undefined) judgedAt.set({ group: one.group }, one.judgedAt / 1000);
      overdue.set({ group: one.group }, one.overdueSince === undefined ? 0 : secondsSince(one.overdueSince, now));
    }
  }

  function showQueue(stats: QueueStats): void {
    for (const { site, ...counts } of stats.sites) {
      workers.set({ site }, counts.workers);
      for (const state of ['waiting', 'active', 'delayed'] as const) depth.set({ site, state }, counts[state]);
    }
  }

  async function part<T>(name: string, ask: () => Promise<T>, show: (answer: T) => void): Promise<void> {
    try {
      show(await ask());
      up.set({ part: name }, 1);
    } catch {
      up.set({ part: name }, 0);
    }
  }

  return {
    contentType: registry.contentType,
    judged: (ms) => judge.observe(ms / 1000),
    async text() {
      // Series that have disappeared since the last scrape must not keep their last value.
      for (const one of [scans, chunks, deltas, messages, waiting, judgedAt, overdue, workers, depth]) one.reset();
      await Promise.all([part('database', sources.figures, showFigures), part('queue', sources.queue, showQueue)]);
      for (const kind of TROUBLES) trouble.set({ kind }, sources.trouble() === kind ? 1 : 0);
      for (const { platform, connected } of sources.chats()) chats.set({ platform }, connected ? 1 : 0);
      return registry.metrics();
    },
  };
}

function secondsSince(at: number, now: number): number {
  return Math.max(0, (now - at) / 1000);
}
