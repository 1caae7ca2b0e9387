import type { DeltaSide, JudgedDelta } from '../core/model/delta.ts';
import { countByKind } from '../core/model/delta-kinds.ts';
import type { Belief, Judgement } from '../core/model/judgement.ts';
import type { HostObservation, RunHeader } from '../core/model/observation.ts';
import type { Coverage } from '../core/model/scan.ts';
import { cleanText } from '../core/text.ts';
import type { Io } from './io.ts';

export type ReplayedScan = {
  /** 0-based. */
  index: number;
  path: string;
  header: RunHeader;
  coverage: Coverage;
  hosts: readonly HostObservation[];
  hostsUp: number;
  judgement: Judgement;
  /** After this scan. */
  belief: Belief;
  /** The deltas that would have been posted. */
  told: readonly JudgedDelta[];
  /** Names that were seen with an address. */
  names(address: string): readonly string[];
};

export type ReplayPrinter = { scan(scan: ReplayedScan): void; end(): void };

/** One line per alert: `{"scan":0,"kind":…,"host":…}`. */
export function jsonReplay(io: Io): ReplayPrinter {
  return {
    scan({ index, told, names }) {
      for (const { kind, address, protocol, port, grade, probability, before, after, evidence, members } of told) {
        const service = port === undefined ? {} : { protocol, port };
        const line = {
          scan: index,
          kind,
          host: address,
          ...(names(address).length === 0 ? {} : { names: names(address) }),
          ...service,
          grade,
          probability,
          before,
          after,
          evidence,
          members,
        };
        io.stdout(JSON.stringify(line));
      }
    },
    end: () => undefined,
  };
}

const IN_WORDS = { green: 'certain', amber: 'likely', red: 'doubtful' } as const;
const MEMBERS_SHOWN = 8;

/** Only scans with something to report, then totals. */
export function textReplay(io: Io): ReplayPrinter {
  const told: JudgedDelta[] = [];
  let [scans, learnt, held, refuted] = [0, 0, 0, 0];
  return {
    scan(scan) {
      scans++;
      learnt += scan.judgement.firstDetermined.length;
      held += scan.judgement.deltas.filter(({ state }) => state === 'confirmed').length - scan.told.length;
      refuted += scan.judgement.deltas.filter(({ state }) => state === 'refuted').length;
      told.push(...scan.told);
      if (scan.told.length + scan.judgement.notes.length === 0) return;
      io.stdout(scanLine(scan));
      for (const delta of scan.told) for (const line of deltaLines(delta, scan.names(delta.address))) io.stdout(line);
      for (const note of scan.judgement.notes) io.stdout(`  note      ${cleanText(note, 300)}`);
      io.stdout('');
    },
    end() {
      const kinds = countByKind(told).map(({ kind, count }) => `${count} ${kind}`);
      io.stdout(
        `${plural(scans, 'scan')}, ${plural(told.length, 'alert')}${kinds.length > 0 ? `: ${kinds.join(', ')}` : ''}.`,
      );
      io.stdout(`${plural(learnt, 'host or service', 'hosts and services')} first determined, without an alert.`);
      if (refuted > 0) io.stdout(`${plural(refuted, 'doubt was', 'doubts were')} refuted by a later scan.`);
      if (held > 0) io.stdout(`${plural(held, 'delta')} held back by the policy.`);
    },
  };
}

function scanLine({ index, path, header, hostsUp }: ReplayedScan): string {
  const started =
    header.startedAt === 0 ? '' : `, ${new Date(header.startedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `scan ${index + 1}  ${cleanText(path, 200)}${started}, ${plural(hostsUp, 'host')} up`;
}

function deltaLines(
  { kind, address, protocol, port, before, after, grade, evidence, members }: JudgedDelta,
  names: readonly string[],
): string[] {
  const called = names.length === 0 ? '' : ` (${cleanText(names.join(', '), 100)})`;
  const service = port === undefined ? '' : ` ${port}/${protocol ?? 'tcp'}`;
  const sides = port === undefined ? '' : `  ${sideWords(before)} → ${sideWords(after)}`;
  const head = `  ${IN_WORDS[grade].padEnd(9)} ${kind.padEnd(15)} ${address}${called}${service}${sides}`;
  const list = members === undefined ? [] : [memberWords(members)];
  return [head, `  ${''.padEnd(26)}${[...evidence, ...list].map((text) => cleanText(text, 300)).join('; ')}`];
}

function sideWords(side: DeltaSide | undefined): string {
  if (side?.present !== true) return 'not open';
  const { name, product, version } = side.identity ?? { name: 'open', product: undefined, version: undefined };
  return cleanText([name, product, version].filter((part) => part !== undefined).join(' '), 120);
}

function memberWords(members: readonly string[]): string {
  const more = members.length - MEMBERS_SHOWN;
  return members.slice(0, MEMBERS_SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}
