import type { DeltaKind } from '../../../src/core/model/delta-kinds.ts';
import type { LabChange } from '../../lab/script.ts';

/** One alert, as `netdelta replay --json` prints it. */
export type ScoredAlert = { scan: number; kind: DeltaKind; host: string; port?: number | undefined };

export type Truth = { scans: readonly { scan: number; changes: readonly LabChange[] }[] };

export type Score = {
  scans: number;
  changes: number;
  alerted: number;
  false: number;
  precision: number;
  recall: number;
  /** Mean, in scans. */
  delay: number;
  missed: (LabChange & { scan: number })[];
  falseAlerts: ScoredAlert[];
};

const MEANS: Readonly<Record<LabChange['kind'], readonly DeltaKind[]>> = {
  'port-opened': ['service-added'],
  'port-closed': ['service-removed'],
  'host-down': ['host-down'],
  'host-up': ['host-recovered', 'host-appeared'],
  'host-new': ['host-appeared'],
};

const UNDOES: Readonly<Record<LabChange['kind'], LabChange['kind'] | undefined>> = {
  'port-opened': 'port-closed',
  'port-closed': 'port-opened',
  'host-down': 'host-up',
  'host-up': 'host-down',
  'host-new': 'host-down',
};

const NOT_SCORED: readonly DeltaKind[] = [
  'service-changed',
  'outage',
  'all-ports-open',
  'host-dark',
  'firewall',
  'certificate-expiring',
];
/** Ports of a new host that are found within this time belong to the same change. */
const SAME_NEWS = 3;

/**
 * Scores alerts against the truth, by the rules of the fixtures' score.py. Before `first` everything is being learnt.
 */
export function score(truth: Truth, alerts: readonly ScoredAlert[], first = 3): Score {
  const changes = truth.scans.flatMap(({ scan, changes: these }) => these.map((change) => ({ ...change, scan })));
  const hits = new Map<number, number>();
  const falseAlerts: ScoredAlert[] = [];
  for (const alert of alerts) {
    if (NOT_SCORED.includes(alert.kind) || alert.scan < first) continue;
    if (!explains(changes, alert, hits, truth.scans.length)) falseAlerts.push(alert);
  }
  const delays = [...hits].map(([index, scan]) => scan - (changes[index]?.scan ?? 0));
  return {
    scans: truth.scans.length,
    changes: changes.length,
    alerted: hits.size,
    false: falseAlerts.length,
    precision: hits.size / Math.max(1, hits.size + falseAlerts.length),
    recall: hits.size / Math.max(1, changes.length),
    delay: delays.reduce((sum, delay) => sum + delay, 0) / Math.max(1, delays.length),
    missed: changes.filter((_, index) => !hits.has(index)),
    falseAlerts,
  };
}

type Change = LabChange & { scan: number };

function explains(changes: readonly Change[], alert: ScoredAlert, hits: Map<number, number>, scans: number): boolean {
  let sameNews = false;
  for (const [index, change] of changes.entries()) {
    if (change.host !== alert.host || alert.scan < change.scan || alert.scan >= undoneAt(changes, change, scans))
      continue;
    if (MEANS[change.kind].includes(alert.kind) && portOf(change) === ('port' in change ? alert.port : undefined)) {
      const first = !hits.has(index);
      if (first) hits.set(index, alert.scan);
      return first;
    }
    const appeared = change.kind === 'host-new' || change.kind === 'host-up';
    if (appeared && alert.kind === 'service-added' && alert.scan - change.scan <= SAME_NEWS) sameNews = true;
    if (change.kind === 'host-down' && alert.kind === 'service-removed') sameNews = true;
  }
  return sameNews;
}

const portOf = (change: LabChange): number | undefined => ('port' in change ? change.port : undefined);

/** A change that is undone later must be reported before that. */
function undoneAt(changes: readonly Change[], change: Change, scans: number): number {
  const undone = changes.find(
    (later) =>
      later.scan > change.scan &&
      later.host === change.host &&
      later.kind === UNDOES[change.kind] &&
      portOf(later) === portOf(change),
  );
  return undone?.scan ?? scans;
}
