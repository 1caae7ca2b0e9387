import type { Text } from '../../cards/card.ts';
import { expectationLine } from '../../cards/holds.ts';
import type { WhyView } from '../../cards/why.ts';
import { defined } from '../../core/defined.ts';
import { readHost } from '../../core/judge/reading.ts';
import type { Group } from '../../core/model/group.ts';
import type { HostObservation } from '../../core/model/observation.ts';
import type { Coverage, Scan, ScanSettings } from '../../core/model/scan.ts';
import { fromAddressRanges, rangesContain } from '../../core/network/address-ranges.ts';
import { expectsHost, expectsPort } from '../../core/network/expected-change.ts';
import { groupRanges } from '../../core/network/group-ranges.ts';
import { hasPort } from '../../core/network/port-sets.ts';
import { parsePorts } from '../../core/network/ports.ts';
import { explain } from '../../core/why/explain.ts';
import { sightingWords, type Where } from '../../core/why/explanation.ts';
import type { Store } from '../../ports/store.ts';
import type { XmlReader } from '../../ports/xml-reader.ts';
import { readChunks } from '../scanning/gather-evidence.ts';
import { holdsInForce } from './holds-in-force.ts';

const SCANS_READ = 10;
const DELTAS_READ = 100;
const DELTAS_SHOWN = 5;

type Deps = { store: Store; reader: XmlReader };

/** What each group (or only the requested one) believes and why; groups that do not watch it are left out. */
export async function whyViews(deps: Deps, where: Where, now: number, only: Group | undefined): Promise<WhyView[]> {
  const groups = only === undefined ? await deps.store.groups.list() : [only];
  const views: WhyView[] = [];
  for (const group of groups) {
    const host = await deps.store.states.host(group.id, where.address);
    if (host === undefined && !rangesContain(groupRanges(group), where.address)) continue;
    views.push(await whyView(deps, group, where, now));
  }
  return views;
}

async function whyView({ store, reader }: Deps, group: Group, where: Where, now: number): Promise<WhyView> {
  const belief = await store.states.load(group.id);
  const looks = await recentLooks({ store, reader }, group, where.address);
  const last = looks.find(({ scan, seen }) => scan.kind === 'scan' && seen?.observation !== undefined)?.seen;
  const { observation } = last ?? {};
  const reading =
    last === undefined || observation === undefined
      ? {}
      : { reading: readHost(observation, last.coverage.ports, 'raw') };
  const host = belief.hosts.get(where.address);
  const deltas = await store.deltas.list(
    { groupId: group.id, address: where.address },
    { limit: DELTAS_READ, offset: 0 },
  );
  const confirmation = await confirmationOf(store, group, where);
  return {
    group,
    explanation: explain({ group: belief.group, host, policy: group.policy, askable: true, ...reading }, where),
    sightings: looks.map(({ scan, seen }) => ({ scan, words: lookWords(where, seen) })),
    deltas: deltas.items.filter((delta) => concerns(where, delta)).slice(0, DELTAS_SHOWN),
    holds: await holdsOf(store, group, where, now),
    now,
    ...defined({ confirmation }),
  };
}

/** For a port: its own deltas and those of its host. */
function concerns({ protocol = 'tcp', port }: Where, delta: { protocol?: string; port?: number }): boolean {
  if (port === undefined || delta.port === undefined) return true;
  return delta.port === port && (delta.protocol ?? 'tcp') === protocol;
}

type Look = { scan: Scan; seen: { coverage: Coverage; observation: HostObservation | undefined } | undefined };

/** Only chunks that were to scan this address are read. */
async function recentLooks({ store, reader }: Deps, group: Group, address: string): Promise<Look[]> {
  const page = { limit: SCANS_READ, offset: 0 };
  const { items } = await store.scans.list({ groupId: group.id, statuses: ['done', 'cancelled'] }, page);
  const looks: Look[] = [];
  for (const scan of items) {
    const staged = await store.scans.staged(scan.id);
    if (staged.length === 0) looks.push({ scan, seen: undefined });
    else looks.push({ scan, seen: await lookIn({ store, reader }, scan, staged, address) });
  }
  return looks;
}

async function lookIn(
  { store, reader }: Deps,
  scan: Scan,
  staged: Awaited<ReturnType<Store['scans']['staged']>>,
  address: string,
): Promise<NonNullable<Look['seen']>> {
  const chunks = await store.scans.chunks(scan.id);
  const own = staged.filter(({ chunk }) => rangesContain(fromAddressRanges(chunks[chunk]?.ranges ?? []), address));
  const read = await readChunks(chunks, own, reader, (host) => host.address === address);
  const observation = read.flatMap(({ hosts }) => hosts)[0];
  const best = read.find(({ hosts }) => hosts.length > 0) ?? read[0];
  if (best === undefined) return { coverage: { addresses: [], ports: {} }, observation: undefined };
  return { coverage: { addresses: best.covered, ports: best.header.ports }, observation };
}

function lookWords(where: Where, seen: Look['seen']): string {
  return seen === undefined ? 'its detail is pruned' : sightingWords(where, seen.coverage, seen.observation);
}

async function holdsOf(store: Store, group: Group, { address, protocol = 'tcp', port }: Where, now: number) {
  const { minGrade, silentKinds } = group.policy;
  const waiting = (await store.holds.expectations({ groupId: group.id, status: 'waiting' })).filter(
    ({ what }) =>
      expectsHost(what, address) &&
      (port === undefined || what.ports === undefined || expectsPort(what, protocol, port)),
  );
  const policy: Text[] = [
    ...(minGrade === 'red' ? [] : [`min-grade ${minGrade}: what is less sure is recorded only.`]),
    ...(silentKinds.length === 0 ? [] : [`alert-on leaves out ${silentKinds.join(', ')}.`]),
    ...(group.status === 'paused' ? ['The group is paused: its schedules do not run.'] : []),
  ];
  const expected = waiting.map((one) => expectationLine(one, group.name));
  return [...(await holdsInForce(store, now, { group, address })), ...expected, ...policy];
}

/** A confirmation of other hosts or ports does not concern it. */
async function confirmationOf(store: Store, group: Group, { address, ...where }: Where): Promise<Scan | undefined> {
  const filter = { groupId: group.id, statuses: ['queued', 'running'], kind: 'confirmation' } as const;
  for (const scan of (await store.scans.list(filter, { limit: SCANS_READ, offset: 0 })).items) {
    const chunks = await store.scans.chunks(scan.id);
    if (
      chunks.some(
        ({ ranges, settings }) => rangesContain(fromAddressRanges(ranges), address) && asksFor(settings, where),
      )
    )
      return scan;
  }
  return undefined;
}

/** A confirmation's settings contain its ports. */
function asksFor({ ports }: ScanSettings, { protocol = 'tcp', port }: Omit<Where, 'address'>): boolean {
  return port === undefined || ports === undefined || hasPort(parsePorts(ports), protocol, port);
}
