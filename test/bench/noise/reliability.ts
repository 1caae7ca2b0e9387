import { judgeScan } from '../../../src/core/judge/judge-scan.ts';
import type { JudgedDelta } from '../../../src/core/model/delta.ts';
import { fateOf } from '../../../src/core/model/fate.ts';
import type { Belief, Judgement, ScanEvidence } from '../../../src/core/model/judgement.ts';
import { DEFAULT_POLICY, type Policy } from '../../../src/core/model/policy.ts';
import { nextBelief } from './run-judge.ts';
import { type Score, type ScoredAlert, score } from './score.ts';
import { type SeriesScan, type SimulationOptions, simulateSeries } from './simulate.ts';

/** One delta as it was reported or held internally, and whether it was true. */
export type Case = {
  kind: JudgedDelta['kind'];
  told: boolean;
  chance: number;
  true: boolean;
  scan: number;
  address: string;
  port?: number | undefined;
};

export type Measured = { score: Score; cases: Case[]; alerts: (ScoredAlert & { chance: number })[]; probes: number };

export type Live = { confirmations: number; passes: number };

/**
 * Judges a simulated series, with confirmations and baseline passes as the bot makes them, and compares it with the
 * truth.
 */
export function measure(options: SimulationOptions, live: Live, policy: Partial<Policy> = {}): Measured {
  const series = simulateSeries(options);
  const truth = { scans: series.map(({ changes }, scan) => ({ scan, changes })) };
  const when = changedAt(series);
  const [cases, alerts]: [Case[], Measured['alerts']] = [[], []];
  const rules: Policy = { ...DEFAULT_POLICY, ...policy };
  let belief: Belief = { group: {}, hosts: new Map() };
  let probes = 0;
  let number = 0;
  const judge = (evidence: ScanEvidence, scan: number): Judgement => {
    const judgement = judgeScan(belief, { ...evidence, number }, rules);
    belief = nextBelief(belief, judgement);
    for (const delta of judgement.deltas) {
      if (delta.state === 'refuted') continue;
      const fate = fateOf(delta, { groupId: 0, now: 0, policy: rules, mutes: [], openWindows: [], expectations: [] });
      const told = fate.state === 'confirmed';
      const { kind, address: host, port, probability: chance } = delta;
      if (told) alerts.push({ scan, kind, host, port, chance });
      const real = isTrue(delta, scan, series[scan], when);
      if (real !== undefined) cases.push({ kind, told, chance, true: real, scan, address: host, port });
    }
    return judgement;
  };
  for (const [scan, one] of series.entries()) {
    number++;
    const first = { ...one.evidence, askable: live.confirmations > 0 };
    let { doubts } = judge(first, scan);
    for (let pass = 0; scan === 0 && pass < live.passes; pass++) {
      const again = judge({ ...one.again(), kind: 'baseline' }, scan);
      if (again.passes.length === 0) break;
    }
    for (let attempt = 1; attempt <= live.confirmations && doubts.length > 0; attempt++) {
      probes += doubts.length;
      const askable = attempt < live.confirmations;
      doubts = one.ask(doubts).flatMap((evidence) => [...judge({ ...evidence, askable }, scan).doubts]);
    }
  }
  return { score: score(truth, alerts, 1), cases, alerts, probes };
}

type ChangedAt = { opened(key: string): number; up(address: string): number };

function changedAt(series: readonly SeriesScan[]): (scan: number) => ChangedAt {
  return (scan) => ({
    opened: (key) => {
      const [address = '', port = ''] = key.split(':');
      let at = scan;
      while (at > 0 && series[at - 1]?.state[address]?.open[Number(port)] !== undefined) at--;
      return at;
    },
    up: (address) => {
      let at = scan;
      while (at > 0 && series[at - 1]?.state[address]?.up === true) at--;
      return at;
    },
  });
}

function isTrue(
  { kind, address, port, members = [] }: JudgedDelta,
  scan: number,
  now: SeriesScan | undefined,
  when: (scan: number) => ChangedAt,
): boolean | undefined {
  const host = now?.state[address];
  const at = when(scan);
  switch (kind) {
    case 'service-removed':
      return host?.up !== true || host.open[port ?? 0] === undefined || now?.dark.has(address) === true;
    case 'host-down':
      return host?.up !== true;
    case 'service-added':
      return host?.open[port ?? 0] !== undefined && (at.opened(`${address}:${port}`) > 0 || at.up(address) > 0);
    case 'host-appeared':
      return host?.up === true && at.up(address) > 0;
    default:
      if (`${kind}` === 'host-dark') return now?.dark.has(address) === true;
      if (`${kind}` === 'firewall') return members.every((one) => now?.dark.has(one) === true);
      return undefined;
  }
}

export type Bin = { from: number; to: number; cases: number; told: number; false: number };

const EDGES = [0, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 1.01];

/** The share that was false next to the mean reported chance, in bins of the chance. */
export function reliability(cases: readonly Case[]): Bin[] {
  return EDGES.slice(0, -1).map((from, index) => {
    const to = EDGES[index + 1] ?? 1;
    const inside = cases.filter(({ chance }) => chance >= from && chance < to);
    const mean = (of: (one: Case) => number) =>
      inside.reduce((sum, one) => sum + of(one), 0) / Math.max(1, inside.length);
    return {
      from,
      to,
      cases: inside.length,
      told: mean(({ chance }) => chance),
      false: mean((one) => (one.true ? 0 : 1)),
    };
  });
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Markdown: reported chances next to actual ones. */
export function reliabilityTable(bins: readonly Bin[]): string {
  const rows = bins
    .filter((bin) => bin.cases > 0)
    .map((bin) => [
      `${percent(bin.from)} to ${percent(Math.min(1, bin.to))}`,
      `${bin.cases}`,
      percent(bin.told),
      percent(bin.false),
    ]);
  const head = ['chance of being false', 'cases', 'told', 'was false'];
  return [head, ['---', '---:', '---:', '---:'], ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
