import { readHost } from '../core/judge/reading.ts';
import type { DeltaSubject, JudgedDelta } from '../core/model/delta.ts';
import type { Policy } from '../core/model/policy.ts';
import { formatEndpoint } from '../core/network/endpoint.ts';
import { cleanText } from '../core/text.ts';
import { explain } from '../core/why/explain.ts';
import type { Explanation } from '../core/why/explanation.ts';
import { sightingWords, type Where } from '../core/why/explanation.ts';
import type { Io } from './io.ts';
import { replayFate } from './replay-fate.ts';
import type { ReplayedScan, ReplayPrinter } from './replay-output.ts';

const SCANS_SHOWN = 10;

type Look = { scan: number; path: string; words: string };
type Said = { scan: number; kind: string; outcome: string; probability: number; evidence: readonly string[] };

/** Instead of the alerts: the final belief about one host or port, and why. */
export function whyReplay(where: Where, policy: Policy, io: Io, json: boolean): ReplayPrinter {
  const looks: Look[] = [];
  const said: Said[] = [];
  let last: ReplayedScan | undefined;
  return {
    scan(scan) {
      last = scan;
      const { index, path, coverage, hosts, judgement, told } = scan;
      const observation = hosts.find(({ address }) => address === where.address);
      looks.push({ scan: index, path, words: sightingWords(where, coverage, observation) });
      for (const delta of judgement.deltas) {
        if (!concerns(where, delta)) continue;
        const { kind, probability, evidence } = delta;
        said.push({ scan: index, kind, outcome: outcomeOf(delta, told, policy), probability, evidence });
      }
    },
    end() {
      if (last === undefined) return;
      const shown = looks.slice(-SCANS_SHOWN).reverse();
      const explanation = explained(where, last, policy);
      if (json) io.stdout(JSON.stringify({ ...where, ...explanation, scans: shown, deltas: said }));
      else for (const line of lines(where, explanation, shown, said)) io.stdout(line);
    },
  };
}

function explained(where: Where, { belief, coverage, hosts }: ReplayedScan, policy: Policy): Explanation {
  const seen = hosts.find(({ address }) => address === where.address);
  const reading = seen === undefined ? {} : { reading: readHost(seen, coverage.ports, 'raw') };
  const host = belief.hosts.get(where.address);
  return explain({ group: belief.group, host, policy, askable: false, ...reading }, where);
}

/** Its own deltas, those of its host, and those that stand for many hosts including this one. */
function concerns(
  { address, protocol = 'tcp', port }: Where,
  delta: DeltaSubject & { members?: readonly string[] },
): boolean {
  if (delta.address !== address && delta.members?.includes(address) !== true) return false;
  return port === undefined || delta.port === undefined || (delta.port === port && delta.protocol === protocol);
}

function outcomeOf(delta: JudgedDelta, told: readonly JudgedDelta[], policy: Policy): string {
  if (told.includes(delta)) return 'reported';
  if (delta.state === 'candidate') return 'in doubt: waits for more evidence';
  if (delta.state === 'refuted') return 'refuted';
  return `held back: ${replayFate(delta, policy).heldBack ?? 'hide-repeats'}`;
}

function lines(where: Where, explanation: Explanation, looks: readonly Look[], said: readonly Said[]): string[] {
  const { belief, remembered, chance, held, changes } = explanation;
  const since = belief.since === undefined ? '.' : ` since ${timeWords(belief.since)}.`;
  return [
    `${whereWords(where)}: ${belief.words}${since}`,
    ...remembered,
    ...(chance === undefined ? [] : [`The chance that it is there all the same is ${percent(chance)}.`]),
    ...block(
      'Recent scans, newest first:',
      looks.map(({ scan, path, words }) => `scan ${scan} ${path}: ${words}`),
    ),
    ...block(
      'What the judge said of it, newest first:',
      [...said]
        .reverse()
        .slice(0, SCANS_SHOWN)
        .map((one) => `scan ${one.scan} ${one.kind}, ${one.outcome} (${falseWords(one)}): ${one.evidence.join('; ')}`),
    ),
    ...block('What would hold a change back now:', held),
    ...block('What would change it:', changes),
  ];
}

const falseWords = ({ probability }: Said): string => `chance of a false alarm ${percent(probability)}`;

function percent(chance: number): string {
  return `${chance < 0.1 ? Math.round(chance * 1000) / 10 : Math.round(chance * 100)} %`;
}

function whereWords({ address, protocol = 'tcp', port }: Where): string {
  return port === undefined ? address : formatEndpoint({ address, protocol, port });
}

const timeWords = (time: number): string => `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const block = (head: string, items: readonly string[]): string[] =>
  items.length === 0 ? [] : [head, ...items.map((item) => `  ${cleanText(item, 400)}`)];
