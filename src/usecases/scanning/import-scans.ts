import { gzipSync } from 'node:zlib';
import { UserError } from '../../core/errors.ts';
import type { Group } from '../../core/model/group.ts';
import type { Imported } from '../../core/model/imported.ts';
import type { RunEnd } from '../../core/model/observation.ts';
import type { ChannelRef, PrincipalKey } from '../../core/model/principal.ts';
import { profileSettings } from '../../core/model/profile.ts';
import type { ChunkRequest, Scan } from '../../core/model/scan.ts';
import { countAddresses, fromAddressRanges, type IpRanges, toCidrs } from '../../core/network/address-ranges.ts';
import { subtractRanges } from '../../core/network/range-set.ts';
import type { Resolver } from '../../ports/resolver.ts';
import type { Store } from '../../ports/store.ts';
import type { XmlReader } from '../../ports/xml-reader.ts';
import { type ImportedRun, type ImportFile, readRuns } from './read-runs.ts';
import { resolveTargets } from './resolve-targets.ts';

export type ImportDeps = {
  store: Store;
  reader: XmlReader;
  resolver: Resolver;
  allowed: readonly string[];
  /** Judges it as of that time (epoch ms), while nobody else judges the group. */
  judge(scanId: number, at: number): Promise<void>;
};

export type ImportRequest = { group: Group; files: readonly ImportFile[]; by: PrincipalKey; channel: ChannelRef };
const MAX_LISTED = 20;

/**
 * Imports scans that were made elsewhere and judges them like any others, in the order of their times. All files are
 * read and checked before the first is judged; one that was imported before changes nothing. Throws UserError.
 */
export async function importScans(deps: ImportDeps, request: ImportRequest): Promise<Imported[]> {
  const { group } = request;
  const runs = await readRuns(deps.reader, request.files);
  await refuseOutside(deps, group, runs);
  const imported: Imported[] = [];
  const fresh: ImportedRun[] = [];
  for (const run of runs) {
    if (run.coverage.addresses.length === 0) imported.push({ ...brief(run), unused: 'empty' });
    else if (fresh.some((other) => other.digest === run.digest) || (await wasImported(deps.store, group, run)))
      imported.push({ ...brief(run), unused: 'known' });
    else fresh.push(run);
  }
  await refuseLate(deps.store, group, fresh);
  for (const run of fresh) imported.push({ ...brief(run), scan: await judgeRun(deps, request, run) });
  return imported.sort((a, b) => a.at - b.at);
}

function brief({ file, header, end, coverage, up, open }: ImportedRun): Omit<Imported, 'scan' | 'unused'> {
  const addresses = countAddresses(fromAddressRanges(coverage.addresses));
  return { file, at: header.startedAt, counts: { addresses, up, open }, remarks: remarksOf(end) };
}

function remarksOf({ error, remarks = [] }: RunEnd): string[] {
  return error === undefined ? [...remarks] : [error, ...remarks];
}

/** A failed scan has reported nothing, so its run may be imported again. A pruned one had been judged. */
async function wasImported(store: Store, group: Group, run: ImportedRun): Promise<boolean> {
  const scanId = await store.settings.get(keyOf(group, run));
  if (scanId === undefined) return false;
  return (await store.scans.byId(Number(scanId)))?.status !== 'failed';
}

function keyOf(group: Group, run: ImportedRun): string {
  return `import:${group.id}:${run.digest}`;
}

async function refuseOutside(deps: ImportDeps, group: Group, runs: readonly ImportedRun[]): Promise<void> {
  const { ranges } = await resolveTargets(deps, group.targets, group.exclude);
  for (const run of runs) {
    const outside: IpRanges = subtractRanges(fromAddressRanges(run.coverage.addresses), ranges);
    if (outside.length === 0) continue;
    const list = toCidrs(outside);
    const more = list.length > MAX_LISTED ? ` and ${list.length - MAX_LISTED} more` : '';
    throw new UserError(
      `${run.file} holds addresses outside of ${group.name}: ${list.slice(0, MAX_LISTED).join(', ')}${more}.`,
      {
        hint: `Add them with \`group edit ${group.name} add:…\`, or leave that file out. Nothing was imported.`,
      },
    );
  }
}

/** A run older than the last judged scan would take the belief back in time. */
async function refuseLate(store: Store, group: Group, runs: readonly ImportedRun[]): Promise<void> {
  const [oldest] = runs;
  const { items } = await store.scans.list(
    { groupId: group.id, kind: 'scan', statuses: ['done'] },
    { limit: 1, offset: 0 },
  );
  const [newest] = items;
  const judged = newest?.startedAt ?? newest?.queuedAt;
  if (oldest === undefined || judged === undefined || oldest.header.startedAt >= judged) return;
  const times = [oldest.header.startedAt, judged].map((at) =>
    new Date(at).toISOString().slice(0, 16).replace('T', ' '),
  );
  throw new UserError(`${oldest.file} is of ${times[0]} UTC; ${group.name} has a newer scan, of ${times[1]} UTC.`, {
    hint: 'Import old scans into a group before it is scanned, all at once. Nothing was imported.',
  });
}

async function judgeRun(deps: ImportDeps, { group, by, channel }: ImportRequest, run: ImportedRun): Promise<Scan> {
  const at = run.end.finishedAt ?? run.header.startedAt;
  const settings = profileSettings(group.profile);
  const family = run.coverage.addresses[0]?.[0].includes(':') === true ? 6 : 4;
  // One chunk, whatever it contains: it is never run and only records the coverage.
  const chunks: ChunkRequest[] = [{ ranges: run.coverage.addresses, family, settings }];
  const { scan, added } = await deps.store.scans.add({
    ...{
      groupId: group.id,
      kind: 'scan',
      origin: { type: 'command', by, channel },
      settings,
      site: group.site,
      chunks,
    },
    ...{ hostsTotal: run.end.hostsTotal ?? run.up, queuedAt: run.header.startedAt },
    notes: [`imported: ${run.file}`, ...remarksOf(run.end)],
    staged: [{ xml: gzipSync(run.xml), outcome: 'complete' }],
  });
  if (!added) {
    throw new UserError(`Scan ${scan.id} of ${group.name} is under way.`, { hint: 'Import again when it is done.' });
  }
  // Recorded before it is judged: if the process dies meanwhile, the scan is judged at the next start.
  await deps.store.settings.set(keyOf(group, run), String(scan.id));
  await deps.judge(scan.id, at);
  return (await deps.store.scans.byId(scan.id)) ?? scan;
}
