import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInlineReader } from '../../../adapters/nmap/read-source.ts';
import { judgeScan as judge } from '../../../src/core/judge/judge-scan.ts';
import type { Group } from '../../../src/core/model/group.ts';
import type { Doubt } from '../../../src/core/model/judgement.ts';
import type { HostObservation, PortObservation } from '../../../src/core/model/observation.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/policy.ts';
import type { ChunkRequest, Scan, ScanSettings } from '../../../src/core/model/scan.ts';
import { parsePorts } from '../../../src/core/network/ports.ts';
import { writeRun } from '../../../src/core/nmap-xml/write-run.ts';
import { canAskAgain, confirmationChunks } from '../../../src/usecases/judging/confirm-doubts.ts';
import { judgeChunksHere } from '../../../src/usecases/judging/judge-chunks.ts';
import { judgeScan } from '../../../src/usecases/judging/judge-scan.ts';
import { openWorkshop, quiet, type Workshop } from '../workshop.ts';

let workshop: Workshop;
let doubts: readonly Doubt[];
let unheard: boolean;
beforeEach(async () => {
  workshop = await openWorkshop();
  doubts = [];
  unheard = false;
});
afterEach(() => workshop.close());

const HOSTS = 60;
const settings: ScanSettings = {
  ...{ profile: 'quick', ports: '1-100', tcp: true, udp: false, versionDetection: false, timing: 4 },
  ...{ resolveNames: false, skipDiscovery: false },
};
const WHOLE: ChunkRequest = { ranges: [['10.0.0.0', '10.0.0.255']], family: 4, settings };
const ADDRESSES = Array.from({ length: HOSTS }, (_, index) => `10.0.0.${index + 1}`);

/** All open 22 and 80 and refuse the rest, until a firewall begins to drop packets to 80. */
function seen(address: string, asked: readonly number[], dropped: boolean): HostObservation {
  const isOpen = (port: number) => port === 22 || (port === 80 && !dropped);
  const isSilent = (port: number) => port === 80 && dropped;
  const ranges = (those: readonly number[]) => those.map((port) => [port, port] as const);
  const closed = ranges(asked.filter((port) => !isOpen(port) && !isSilent(port)));
  return {
    ...{ address, hostnames: [], status: 'up', reason: 'echo-reply', timedOut: false },
    ports: asked
      .filter((port) => isOpen(port) || isSilent(port))
      .map((port) => {
        const heard = isOpen(port)
          ? ({ state: 'open', reason: 'syn-ack' } as const)
          : ({ state: 'filtered', reason: 'no-response' } as const);
        return { protocol: 'tcp', port, ...heard };
      }),
    extra: closed.length === 0 ? [] : [{ state: 'closed', reason: 'reset', protocol: 'tcp', ports: closed }],
  };
}

/** The path to this host loses the probes of a confirmation. */
const UNHEARD = '10.0.0.60';

const silent = (port: PortObservation): PortObservation => ({ ...port, state: 'filtered', reason: 'no-response' });

function documentOf({ ranges, settings: { ports = '' } }: ChunkRequest, dropped: boolean): Buffer {
  const set = parsePorts(ports);
  const asked = (set.tcp ?? []).flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index),
  );
  const within = new Set(ranges.map(([first]) => first));
  const hosts = ADDRESSES.filter((address) => ranges.length === 1 || within.has(address));
  const header = { nmapVersion: '7.93', scanTypes: ['syn'], ports: set, args: 'nmap', startedAt: workshop.time.now };
  const isUnheard = (address: string) => unheard && ranges.length > 1 && address === UNHEARD;
  const observations = hosts.map((address) => {
    const host = seen(address, asked, dropped);
    return isUnheard(address) ? { ...host, reason: 'user-set', ports: host.ports.map(silent), extra: [] } : host;
  });
  return gzipSync(writeRun(header, observations, { hostsTotal: 256, finishedAt: workshop.time.now }));
}

async function night(group: Group, dropped: boolean, confirming?: { parentId: number; chunks: ChunkRequest[] }) {
  workshop.time.now += 86_400_000;
  const { store, clock, channelsOf, placesOf } = workshop;
  const chunks = confirming?.chunks ?? [WHOLE];
  const kind = confirming === undefined ? { kind: 'scan' } : { kind: 'confirmation', parentId: confirming.parentId };
  const { scan } = await store.scans.add({
    ...{ groupId: group.id, settings, site: 'local', hostsTotal: 256, queuedAt: clock.now(), notes: [], chunks },
    ...{ origin: { type: 'schedule', schedule: 1 }, ...(kind as Pick<Scan, 'kind'>) },
  });
  await store.scans.transition(scan.id, ['queued'], 'running', { startedAt: clock.now() });
  for (const [index, chunk] of chunks.entries()) {
    await store.scans.stageChunk(scan.id, index, 1, { xml: documentOf(chunk, dropped), outcome: 'complete' });
  }
  await judgeScan(
    {
      ...{ store, clock, channelsOf, placesOf, log: quiet, wake: () => undefined, startNext: async () => undefined },
      judgeChunks: judgeChunksHere({ reader: createInlineReader(), judge }),
      canAsk: canAskAgain.bind(undefined, store),
      confirm: async (_scan, _group, left) => {
        doubts = left;
      },
      baseline: async () => undefined,
    },
    scan.id,
  );
  await workshop.deliver();
  return scan;
}

const alerts = () => workshop.board.posted.filter((one) => one.inThreadOf === undefined).map(({ card }) => card.title);

describe('60 hosts that drop port 80 from one night on', () => {
  it('are one alert in that night, with confirmations', async () => {
    const group = await workshop.addGroup();
    for (let before = 0; before < 4; before++) await night(group, false);
    const before = alerts().length;
    const scan = await night(group, true);
    expect(alerts().slice(before)).toEqual([]);
    await night(group, true, { parentId: scan.id, chunks: confirmationChunks(doubts, settings) });
    expect(alerts().slice(before)).toEqual(['HTTP closed on 60 hosts of lab (10.0.0.1-60)']);
  });

  it('are one alert together with the one that only shows in the next night', async () => {
    const group = await workshop.addGroup();
    for (let before = 0; before < 4; before++) await night(group, false);
    const before = alerts().length;
    const scan = await night(group, true);
    unheard = true;
    await night(group, true, { parentId: scan.id, chunks: confirmationChunks(doubts, settings) });
    expect(alerts().slice(before)).toEqual(['HTTP closed on 59 hosts of lab (10.0.0.1-59)']);
    await night(group, true);
    expect(alerts()).toHaveLength(before + 1);
    const { items } = await workshop.store.deltas.list(
      { groupId: group.id, states: ['confirmed'] },
      { limit: 99, offset: 0 },
    );
    expect(new Set(items.filter(({ port }) => port === 80).map(({ alertId }) => alertId)).size).toBe(1);
    expect(items.filter(({ port }) => port === 80)).toHaveLength(60);
  });

  it('are one alert by the second night, without', async () => {
    const group = await workshop.addGroup({ policy: { ...DEFAULT_POLICY, confirmAttempts: 0 } });
    for (let before = 0; before < 10; before++) await night(group, false);
    const before = alerts().length;
    for (let after = 0; after < 2; after++) await night(group, true);
    expect(alerts().slice(before)).toEqual(['HTTP closed on 60 hosts of lab (10.0.0.1-60)']);
  });
});
