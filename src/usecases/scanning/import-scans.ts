import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { runCoverage } from '../../core/compare/run-coverage.ts';
import { UserError } from '../../core/errors.ts';
import type { Group } from '../../core/model/group.ts';
import type { HostObservation, RunEnd, RunHeader } from '../../core/model/observation.ts';
import type { ChannelRef, PrincipalKey } from '../../core/model/principal.ts';
import { profileSettings } from '../../core/model/profile.ts';
import type { ChunkRequest, Coverage, Scan } from '../../core/model/scan.ts';
import { fromAddressRanges, type IpRanges, toCidrs } from '../../core/network/address-ranges.ts';
import { subtractRanges } from '../../core/network/range-set.ts';
import type { Resolver } from '../../ports/resolver.ts';
import type { Store } from '../../ports/store.ts';
import type { XmlReader } from '../../ports/xml-reader.ts';
import { resolveTargets } from './resolve-targets.ts';

export type ImportDeps = {
  store: Store;
  reader: XmlReader;
  resolver: Resolver;
  allowed: readonly string[];
  /** Judges it as of that time (epoch ms), with nobody else judging the group meanwhile. */
  judge(scanId: number, at: number): Promise<void>;
};

export type ImportFile = { name: string; data: Buffer };
export type ImportRequest = { group: Group; files: readonly ImportFile[]; by: PrincipalKey; channel: ChannelRef };
/** What became of each run, in the order of their times. */
export type Imported = { file: string; at: number; scan?: Scan; hosts: number; known?: boolean };

type Run = {
  file: string;
  xml: Buffer;
  digest: string;
  header: RunHeader;
  end: RunEnd;
  coverage: Coverage;
  hosts: number;
};

/** Decompressed; a bomb must not fill the memory. */
const MAX_BYTES = 512 * 1024 * 1024;
const MAX_LISTED = 20;

/**
 * Scans that were made elsewhere, judged like any other, in the order of their times. All files are read and checked
 * before the first is judged; one that was imported before changes nothing. Throws UserError.
 */
export async function importScans(deps: ImportDeps, request: ImportRequest): Promise<Imported[]> {
  const { group } = request;
  const runs: Run[] = [];
  for (const file of request.files) runs.push(...(await readRuns(deps.reader, file)));
  runs.sort((a, b) => a.header.startedAt - b.header.startedAt);
  await refuseOutside(deps, group, runs);
  const imported: Imported[] = [];
  const fresh: Run[] = [];
  for (const run of runs) {
    const known = (await deps.store.settings.get(keyOf(group, run))) !== undefined;
    if (known || fresh.some((other) => other.digest === run.digest)) imported.push({ ...brief(run), known: true });
    else fresh.push(run);
  }
  await refuseLate(deps.store, group, fresh);
  for (const run of fresh) imported.push({ ...brief(run), scan: await judgeRun(deps, request, run) });
  return imported.sort((a, b) => a.at - b.at);
}

const brief = ({ file, header, hosts }: Run) => ({ file, at: header.startedAt, hosts });

function keyOf(group: Group, run: Run): string {
  return `import:${group.id}:${run.digest}`;
}

async function readRuns(reader: XmlReader, { name, data }: ImportFile): Promise<Run[]> {
  const runs: Run[] = [];
  for (const xml of splitRuns(name, plainXml(name, data))) {
    const addresses: Pick<HostObservation, 'address'>[] = [];
    const read: { header?: RunHeader } = {};
    let hosts = 0;
    const end = await reader.read(
      { data: xml },
      {
        onHeader: (header) => {
          read.header = header;
        },
        onHosts: (batch) => {
          for (const { address, status } of batch) {
            addresses.push({ address });
            if (status === 'up') hosts += 1;
          }
        },
      },
    );
    const { header } = read;
    if (header === undefined || header.startedAt <= 0) throw unreadable(name, end.error);
    const coverage = runCoverage(header, end, addresses);
    if (coverage.addresses.length === 0) throw unreadable(name, 'it covers no address');
    const digest = createHash('sha256').update(xml).digest('hex').slice(0, 40);
    runs.push({ file: name, xml, digest, header, end, coverage, hosts });
  }
  return runs;
}

function plainXml(name: string, data: Buffer): Buffer {
  if (data[0] !== 0x1f || data[1] !== 0x8b) return data;
  try {
    return gunzipSync(data, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    throw unreadable(name, error instanceof Error ? error.message : 'broken gzip');
  }
}

/** Runs that were appended to one file, each as a document of its own: the evidence of each is judged by itself. */
function splitRuns(name: string, data: Buffer): Buffer[] {
  const starts: number[] = [];
  for (let at = data.indexOf('<nmaprun'); at >= 0; at = data.indexOf('<nmaprun', at + 1)) starts.push(at);
  if (data.length === 0) throw unreadable(name, 'it is empty');
  if (starts.length < 2) return [data];
  return starts.map((start, index) => data.subarray(start, starts[index + 1] ?? data.length));
}

function unreadable(name: string, reason: string | undefined): UserError {
  return new UserError(`${name} can’t be imported${reason === undefined ? '' : `: ${reason}`}.`, {
    hint: 'It must be nmap’s XML (-oX), plain or gzip, of a scan that says when it started. Nothing was imported.',
  });
}

async function refuseOutside(deps: ImportDeps, group: Group, runs: readonly Run[]): Promise<void> {
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

/** What is older than what was judged already would take belief back in time. */
async function refuseLate(store: Store, group: Group, runs: readonly Run[]): Promise<void> {
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

async function judgeRun(deps: ImportDeps, { group, by, channel }: ImportRequest, run: Run): Promise<Scan> {
  const at = run.end.finishedAt ?? run.header.startedAt;
  const settings = profileSettings(group.profile);
  const family = run.coverage.addresses[0]?.[0].includes(':') === true ? 6 : 4;
  // One chunk, whatever is in it: nobody runs it, it only says what was covered.
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
    ...{ hostsTotal: run.end.hostsTotal ?? run.hosts, queuedAt: run.header.startedAt },
    notes: [`imported: ${run.file}`],
    staged: [{ xml: gzipSync(run.xml), outcome: 'complete' }],
  });
  if (!added) {
    throw new UserError(`Scan ${scan.id} of ${group.name} is under way.`, { hint: 'Import again when it is done.' });
  }
  await deps.judge(scan.id, at);
  await deps.store.settings.set(keyOf(group, run), String(scan.id));
  return (await deps.store.scans.byId(scan.id)) ?? scan;
}
