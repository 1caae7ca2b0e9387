import type { Protocol, ServiceIdentity } from '../model/observation.ts';
import type { HostCode } from '../model/state.ts';
import { WEEK_MS } from './report.ts';

/** What the store kept of a host; times are epoch ms. */
export type HostHistory = {
  /** Each change of its code, oldest first. */
  codes: readonly { at: number; code: HostCode }[];
  services: readonly ServiceSpan[];
};

type ServiceSpan = { protocol: Protocol; port: number; since: number; until?: number; identity?: ServiceIdentity };

/** The state of a host, as coarsely as the chart shows it. */
export const STANDINGS = ['up', 'silent', 'down', 'undetermined'] as const;
export type Standing = (typeof STANDINGS)[number];
export type Span = { from: number; to: number };

/** The weeks of a host in one group, ready to draw. */
export type HostChart = {
  address: string;
  group: string;
  from: number;
  to: number;
  standings: readonly (Span & { standing: Standing })[];
  /** When its services were added, removed or changed. */
  changes: readonly number[];
  services: readonly { label: string; spans: readonly Span[] }[];
  /** Services that do not fit. */
  more: number;
};

const WEEKS = 13;
const MAX_SERVICES = 14;

const STANDING: Readonly<Record<HostCode, Standing | undefined>> = {
  unseen: undefined,
  new: 'up',
  unchanged: 'up',
  'services-added': 'up',
  'services-removed': 'up',
  'services-changed': 'up',
  unresponsive: 'silent',
  down: 'down',
  recovered: 'up',
  undetermined: 'undetermined',
};
const CHANGES: readonly HostCode[] = ['services-added', 'services-removed', 'services-changed'];

/** The last quarter of a year, or the time since it was first seen, at least a week. */
export function hostChart(history: HostHistory, about: { address: string; group: string; now: number }): HostChart {
  const { now, ...names } = about;
  const first = Math.min(now, ...history.codes.map(({ at }) => at), ...history.services.map(({ since }) => since));
  const from = Math.max(now - WEEKS * WEEK_MS, Math.min(first, now - WEEK_MS));
  const rows = serviceRows(history.services, from, now);
  return {
    ...{ ...names, from, to: now },
    standings: standings(history.codes, from, now),
    changes: history.codes.flatMap(({ at, code }) => (at >= from && CHANGES.includes(code) ? [at] : [])),
    services: rows.slice(0, MAX_SERVICES),
    more: Math.max(0, rows.length - MAX_SERVICES),
  };
}

function standings(codes: HostHistory['codes'], from: number, to: number): HostChart['standings'] {
  const spans: (Span & { standing: Standing })[] = [];
  for (const [index, { at, code }] of codes.entries()) {
    const standing = STANDING[code];
    const span = within({ from: at, to: codes[index + 1]?.at ?? to }, from, to);
    if (standing === undefined || span === undefined) continue;
    const before = spans.at(-1);
    if (before?.standing === standing && before.to === span.from) before.to = span.to;
    else spans.push({ ...span, standing });
  }
  return spans;
}

/** Currently open ones first, then by port. */
function serviceRows(services: HostHistory['services'], from: number, to: number): HostChart['services'] {
  const rows = new Map<string, { label: string; open: boolean; port: number; spans: Span[] }>();
  for (const { protocol, port, since, until, identity } of [...services].sort((a, b) => a.since - b.since)) {
    const span = within({ from: since, to: until ?? to }, from, to);
    if (span === undefined) continue;
    const key = `${port}/${protocol}`;
    const row = rows.get(key) ?? { label: key, open: false, port, spans: [] };
    row.spans.push(span);
    row.open = until === undefined;
    if (identity !== undefined) row.label = `${key} ${identity.name}`;
    rows.set(key, row);
  }
  return [...rows.values()].sort((a, b) => Number(b.open) - Number(a.open) || a.port - b.port);
}

function within({ from, to }: Span, first: number, last: number): Span | undefined {
  const span = { from: Math.max(from, first), to: Math.min(to, last) };
  return span.to > span.from || (span.to === span.from && span.from > first) ? span : undefined;
}
