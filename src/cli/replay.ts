import { CommanderError } from 'commander';
import { UserError } from '../core/errors.ts';
import { judgeScan } from '../core/judge/judge-scan.ts';
import { deltaKey, type JudgedDelta } from '../core/model/delta.ts';
import type { Belief, Judgement } from '../core/model/judgement.ts';
import type { Policy } from '../core/model/policy.ts';
import type { XmlReader } from '../ports/xml-reader.ts';
import { EXIT, type Io } from './io.ts';
import { replayFate } from './replay-fate.ts';
import { parseReplayOptions } from './replay-options.ts';
import { jsonReplay, type ReplayPrinter, textReplay } from './replay-output.ts';
import { createCoverage, readRuns } from './replay-runs.ts';
import { whyReplay } from './replay-why.ts';

/** Runs recorded scans through the judge, in order, and prints what would have been posted. 0: done, 2: error. */
export async function runReplay(argv: readonly string[], io: Io, reader: XmlReader): Promise<number> {
  try {
    const { json, policy, files, why } = parseReplayOptions(argv, io);
    const alerts = json ? jsonReplay(io) : textReplay(io);
    await replay(files, policy, io, reader, why === undefined ? alerts : whyReplay(why, policy, io, json));
    return EXIT.ok;
  } catch (error) {
    // commander has already printed its refusal.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.wrongUse;
    if (!(error instanceof UserError)) throw error;
    io.stderr(error.message);
    if (error.hint !== undefined) io.stderr(error.hint);
    return EXIT.wrongUse;
  }
}

async function replay(
  files: readonly string[],
  policy: Policy,
  io: Io,
  reader: XmlReader,
  printer: ReplayPrinter,
): Promise<void> {
  const told = new Set<string>();
  const coverageOf = createCoverage();
  let belief: Belief = { group: {}, hosts: new Map() };
  let startedAt = 0;
  let index = -1;
  for await (const { path, header, hosts, end } of readRuns(files, reader, io)) {
    index++;
    if (header.startedAt < startedAt) io.stderr(`${path} is older than the scan before it: is the order right?`);
    startedAt = header.startedAt;
    const coverage = coverageOf(header, end, hosts);
    const judgement = judgeScan(
      belief,
      {
        number: index + 1,
        at: header.startedAt,
        kind: 'scan',
        nmapVersion: header.nmapVersion,
        scanTypes: header.scanTypes,
        coverage,
        hosts,
      },
      policy,
    );
    const hostsUp = hosts.filter(({ status }) => status === 'up').length;
    belief = follow(belief, judgement);
    const names = (address: string): readonly string[] => belief.hosts.get(address)?.hostnames ?? [];
    const news = announced(judgement, policy, told);
    printer.scan({ index, path, header, coverage, hosts, hostsUp, judgement, belief, told: news, names });
  }
  printer.end();
}

/** Nothing is acknowledged in a replay, so every reported delta stays open: `hide-repeats` prints each of them once. */
function announced(judgement: Judgement, policy: Policy, told: Set<string>): JudgedDelta[] {
  return judgement.deltas.filter((delta) => {
    if (replayFate(delta, policy).state !== 'confirmed') return false;
    const repeated = policy.hideRepeats && told.has(deltaKey(delta));
    told.add(deltaKey(delta));
    return !repeated;
  });
}

function follow(belief: Belief, judgement: Judgement): Belief {
  const hosts = new Map(belief.hosts);
  for (const state of judgement.hosts) hosts.set(state.address, state);
  return { group: judgement.group, hosts };
}
