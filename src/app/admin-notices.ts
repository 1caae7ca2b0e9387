import type { ChannelRef } from '../core/model/principal.ts';
import type { Log } from '../ports/log.ts';
import type { AuditEntry, Store } from '../ports/store.ts';
import { noticeCard } from '../usecases/delivery/notices.ts';
import { createRefusalCounts } from './refusal-counts.ts';

export type AdminNotices = {
  /** Reports a problem of the bot itself; each text once until the next start. */
  tell(text: string): void;
  /** A request was refused because it could not be verified; such requests are counted. */
  rejected(platform: string, from: string, why?: string): void;
  stop(): Promise<void>;
};

/** Reports problems that only a person can fix, in the log and to the admins. */
export function adminNotices(deps: {
  store: Store;
  log: Log;
  places: readonly ChannelRef[];
  now(): number;
  wake(): void;
}): AdminNotices {
  const { store, log, places } = deps;
  const told = new Set<string>();
  async function write(entry: Omit<AuditEntry, 'id'>): Promise<void> {
    await store.audit.add(entry).catch((error: unknown) => log.error({ err: error }, 'not audited'));
  }
  const refusals = createRefusalCounts({ now: deps.now, write });

  async function post(text: string): Promise<void> {
    const at = deps.now();
    const card = noticeCard({ title: 'NetDelta needs an admin', tone: 'error', lines: [text], at });
    for (const channel of places) await store.messages.want({ subject: { type: 'notice', card }, channel, at });
    deps.wake();
  }

  return {
    tell(text) {
      if (told.has(text)) return;
      told.add(text);
      log.warn({}, text);
      post(text).catch((error: unknown) => log.error({ err: error }, 'the admins could not be notified'));
    },
    rejected: refusals.count,
    stop: refusals.stop,
  };
}
