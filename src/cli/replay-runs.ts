import { mergedHosts } from '../core/compare/merge-hosts.ts';
import { runCoverage, sameSources } from '../core/compare/run-coverage.ts';
import { UserError } from '../core/errors.ts';
import type { AddressRange, HostObservation, RunEnd, RunHeader } from '../core/model/observation.ts';
import type { Coverage } from '../core/model/scan.ts';
import { fromAddressRanges, toAddressRanges } from '../core/network/address-ranges.ts';
import { type NmapTargets, nmapTargets } from '../core/network/nmap-targets.ts';
import { cleanText } from '../core/text.ts';
import type { XmlReader } from '../ports/xml-reader.ts';
import type { Io } from './io.ts';

export type RecordedRun = { path: string; header: RunHeader; hosts: readonly HostObservation[]; end: RunEnd };

/**
 * The runs of the files in order; a file to which nmap appended holds several. Throws UserError for one that holds
 * none.
 */
export async function* readRuns(
  files: readonly string[],
  reader: XmlReader,
  io: Io,
): AsyncGenerator<RecordedRun, void, undefined> {
  for (const path of files) {
    const { runs, end } = await readFile(path, reader);
    if (runs.length === 0) {
      throw new UserError(`${path} can’t be read as nmap’s XML: ${end.error ?? 'it has no header'}.`, {
        hint: 'Give files that nmap wrote with -oX, plain or gzip, the oldest first.',
      });
    }
    if (runs.length > 1) io.stderr(`${path} holds ${runs.length} runs of nmap: each is judged as a scan.`);
    for (const run of runs) {
      warn(run, io);
      yield { ...run, hosts: mergedHosts(run.hosts) };
    }
  }
}

async function readFile(path: string, reader: XmlReader): Promise<{ runs: RecordedRun[]; end: RunEnd }> {
  const runs: (Omit<RecordedRun, 'hosts'> & { hosts: HostObservation[] })[] = [];
  const close = (end: RunEnd): void => {
    const run = runs.at(-1);
    if (run !== undefined) run.end = end;
  };
  const end = await reader.read(
    { path },
    {
      onHeader: (header) => runs.push({ path, header, hosts: [], end: { complete: false } }),
      onHosts(batch) {
        for (const host of batch) runs.at(-1)?.hosts.push(host);
      },
      onNextRun: close,
    },
  );
  close(end);
  return { runs, end };
}

function warn({ path, end, hosts }: RecordedRun, io: Io): void {
  if (!end.complete) {
    const why = end.error ?? 'nmap did not finish';
    io.stderr(`${path} is not whole (${why}): its ${hosts.length} complete hosts are judged.`);
  }
  for (const remark of end.remarks ?? []) io.stderr(`${path}: ${cleanText(remark, 500)}.`);
}

/**
 * The targets of a list can't be read from the command line, and neither can the addresses of names. Addresses seen in
 * earlier runs with the same lists and names count as targets, except those to which a name no longer resolves.
 */
export function createCoverage(): (header: RunHeader, end: RunEnd, hosts: readonly HostObservation[]) => Coverage {
  let listed: { targets: NmapTargets; seen: Map<string, readonly string[]> } | undefined;
  return (header, end, hosts) => {
    const coverage = runCoverage(header, end, hosts);
    const targets = nmapTargets(header.args);
    if (targets.elsewhere.lists.length + targets.elsewhere.names.length === 0) return coverage;
    const same = listed !== undefined && sameSources(listed.targets, targets) ? listed.seen : [];
    const names = new Set(hosts.flatMap(({ askedAs = [] }) => askedAs));
    const still = [...same].filter(([, askedAs]) => !askedAs.some((name) => names.has(name)));
    const seen = new Map([...still, ...hosts.map(({ address, askedAs = [] }) => [address, askedAs] as const)]);
    listed = { targets, seen };
    if (!end.complete || targets.partial) return coverage;
    const addresses = [...coverage.addresses, ...[...seen.keys()].map((address): AddressRange => [address, address])];
    return { ...coverage, addresses: toAddressRanges(fromAddressRanges(addresses)) };
  };
}
