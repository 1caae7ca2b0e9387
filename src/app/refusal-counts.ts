import type { AuditEntry } from '../ports/store.ts';

const NOT_SIGNED = 'not signed, too old, too new or repeated';

type Entry = Omit<AuditEntry, 'id'>;

const EVERY_MS = 60_000;
/** This many sources a minute have an entry each; the others share one. */
const MAX_SOURCES = 20;

/**
 * Counts refused requests per source and minute: one entry for each, however many there are, so that nobody can fill
 * the audit or keep others waiting for the database.
 */
export function createRefusalCounts(deps: { now(): number; write(entry: Entry): Promise<void> }) {
  let counts = new Map<string, number>();

  async function flush(): Promise<void> {
    const counted = counts;
    counts = new Map();
    for (const [source, count] of counted) await deps.write(entryOf(source, count, deps.now()));
  }

  const timer = setInterval(() => void flush(), EVERY_MS);
  timer.unref();
  return {
    count(platform: string, from: string, why = NOT_SIGNED): void {
      const own = JSON.stringify([platform, from, why]);
      const source = counts.has(own) || counts.size < MAX_SOURCES ? own : JSON.stringify([platform, 'others', why]);
      counts.set(source, (counts.get(source) ?? 0) + 1);
    },
    async stop(): Promise<void> {
      clearInterval(timer);
      await flush();
    },
  };
}

function entryOf(source: string, count: number, at: number): Entry {
  const [platform, from, why]: [string, string, string] = JSON.parse(source);
  const what = count === 1 ? 'a request' : `${count} requests within a minute`;
  return {
    ...{ at, who: `${platform}:unknown`, name: from, channel: `${platform}:http`, outcome: 'refused' },
    request: `${what} ${why}`,
  };
}
