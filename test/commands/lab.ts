import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { createConsoleChat } from '../../adapters/console/console-chat.ts';
import { channelsOf, placesOf } from '../../src/app/channels.ts';
import type { Card } from '../../src/cards/card.ts';
import { createDispatcher } from '../../src/commands/create-dispatcher.ts';
import type { Deps } from '../../src/commands/deps.ts';
import type { CommandCall, CommandResult, Dispatcher } from '../../src/commands/dispatcher.ts';
import type { Group } from '../../src/core/model/group.ts';
import type { Principal, Role } from '../../src/core/model/principal.ts';
import { profileSettings } from '../../src/core/model/profile.ts';
import type { ChunkRequest, Scan } from '../../src/core/model/scan.ts';
import type { HostState } from '../../src/core/model/state.ts';
import { toAddressRanges } from '../../src/core/network/address-ranges.ts';
import { groupRanges } from '../../src/core/network/group-ranges.ts';
import { CHAT_NAMES } from '../../src/core/platforms.ts';
import type { NewDelta, Store } from '../../src/ports/store.ts';
import { deliverDue } from '../../src/usecases/delivery/deliver.ts';
import { openFreshStore } from '../fresh-store.ts';

export const NOW = Date.UTC(2026, 10, 24, 12, 0, 0);
export const ADMIN = person('UADMIN', 'ada');

export function person(id: string, name: string, memberships: readonly string[] = []): Principal {
  return { key: `slack:${id}`, platform: 'slack', name, memberships };
}

export type ConsoleEvent = {
  event: string;
  id: string;
  thread?: string;
  text: string;
  card: Card;
  buttons: { id: string; label: string }[];
};

export type Lab = {
  store: Store;
  deps: Deps;
  dispatcher: Dispatcher;
  /** The calls of use cases beyond the store. */
  calls: string[];
  logged: { fields: Record<string, unknown>; message: string }[];
  clock: { now: number };
  run(text: string, options?: Partial<CommandCall>): Promise<CommandResult>;
  click(
    actionId: string,
    options?: { principal?: Principal; fields?: Record<string, string>; canShowForm?: boolean },
  ): Promise<CommandResult>;
  /** Sends due messages to a console, and returns the resulting events. */
  deliver(): Promise<ConsoleEvent[]>;
  /** A judged scan of a group that reports these deltas in one alert, with its messages. */
  tell(
    group: Group,
    deltas: readonly NewDelta[],
    hosts?: readonly HostState[],
  ): Promise<{ scan: Scan; deltaIds: number[]; alertId: number }>;
  grant(who: string, role: Role): Promise<void>;
  close(): Promise<void>;
};

/** The commands on a real database, with the console as the chat; scans and confirmations are only recorded. */
export async function openLab(overrides: Partial<Deps> = {}): Promise<Lab> {
  const dir = await mkdtemp(join(tmpdir(), 'netdelta-commands-'));
  const store = await openFreshStore(join(dir, 'test.sqlite'));
  const clock = { now: NOW };
  const calls: string[] = [];
  const logged: Lab['logged'] = [];
  const deps: Deps = {
    store,
    clock: { now: () => clock.now },
    log: { error: (fields, message) => void logged.push({ fields, message }) },
    admins: [ADMIN.key],
    allowed: ['10.0.0.0/8', '127.0.0.0/8', 'fc00::/7'],
    resolveNames: async (name) => (name === 'gw.lab.example' ? ['10.0.0.1'] : []),
    channelsOf: channelsOf(store, undefined),
    placesOf: placesOf(store, undefined),
    platforms: () => CHAT_NAMES,
    reader: { read: async () => ({ complete: true }) },
    wake: () => undefined,
    newReference: () => 'ref12345',
    requestScan: async (request) => {
      calls.push(`scan ${request.group.name} ${request.profile ?? '-'} ${request.ports ?? '-'}`);
      return await addScan(store, request.group, clock.now);
    },
    cancelScan: async (id, by) => {
      calls.push(`cancel ${id} ${by}`);
      return await store.scans.transition(id, ['queued', 'running'], 'cancelled', { finishedAt: clock.now });
    },
    recheck: async ({ deltaIds }) => {
      calls.push(`recheck ${deltaIds.join(',')}`);
      return { note: 'Checking it again.' };
    },
    followEdit: async () => ({ trimmed: [], cancelled: [] }),
    settleFalseAlarm: async (id) => void calls.push(`settle ${id}`),
    compareScans: async (older, newer) => {
      calls.push(`compare ${older} ${newer}`);
      return [{ kind: 'service-added', where: '10.0.0.5 22/tcp', change: 'not open → open' }];
    },
    drawReport: async () => new Uint8Array(),
    drawHost: async (charts, theme) => Buffer.from(`${theme} ${JSON.stringify(charts)}`),
    readBatch: async () => [],
    importScans: async ({ group, files }) => {
      calls.push(`import ${group.name} ${files.map(({ name, data }) => `${name} ${data}`).join(', ')}`);
      return [];
    },
    schedulesChanged: async () => void calls.push('schedules'),
    queueStats: async () => ({ sites: [{ site: 'local', workers: 1, waiting: 0, active: 0, delayed: 0 }] }),
    ...overrides,
  };
  const dispatcher = createDispatcher(deps);
  const out = new PassThrough();
  const screen = createConsoleChat({ out, json: true, isTTY: false, columns: () => 80, noColor: true });
  return {
    store,
    deps,
    dispatcher,
    calls,
    logged,
    clock,
    run: (text, options = {}) =>
      dispatcher.command({
        principal: ADMIN,
        channel: 'console:main',
        input: { type: 'text', text },
        canShowForm: false,
        ...options,
      }),
    click: (actionId, { principal = ADMIN, fields, canShowForm = false } = {}) =>
      dispatcher.click({
        principal,
        channel: 'console:main',
        actionId,
        canShowForm,
        ...(fields === undefined ? {} : { fields }),
      }),
    async deliver() {
      const chats = new Map([['console', screen.chat]]);
      const log = { debug: noLog, info: noLog, warn: noLog, error: noLog };
      const due = {
        store,
        chats,
        sinks: new Map(),
        clock: deps.clock,
        log,
        instance: 'test',
        sinkDeadline: () => AbortSignal.timeout(1000),
        drawReport: async () => new Uint8Array(),
        undeliverable: async () => undefined,
      };
      for (let sends = await deliverDue(due); sends.length > 0; sends = await deliverDue(due)) await Promise.all(sends);
      const text = String(out.read() ?? '');
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as ConsoleEvent);
    },
    tell: (group, deltas, hosts = []) => tell(store, group, deltas, hosts, clock.now),
    grant: (who, role) => store.roles.grant({ who, role, grantedBy: ADMIN.key, grantedAt: clock.now }),
    async close() {
      await store.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function noLog(): void {
  // Deliveries of these tests have nothing to report.
}

export async function addGroup(lab: Lab, name = 'lab', targets = '10.0.0.0/28'): Promise<Group> {
  await lab.run(`group add ${name} ${targets} channel:console:main`);
  const group = await lab.store.groups.byName(name);
  if (group === undefined) throw new Error(`group ${name} was not added`);
  return group;
}

async function addScan(store: Store, group: Group, at: number): Promise<{ scan: Scan; added: boolean }> {
  const settings = profileSettings(group.profile);
  const chunk: ChunkRequest = { ranges: toAddressRanges(groupRanges(group)), family: 4, settings };
  return await store.scans.add({
    groupId: group.id,
    kind: 'scan',
    origin: { type: 'command', by: ADMIN.key, channel: 'console:main' },
    settings,
    site: group.site,
    // Up to three results may be staged.
    chunks: [chunk, chunk, chunk],
    hostsTotal: 16,
    queuedAt: at,
    notes: [],
  });
}

async function tell(store: Store, group: Group, deltas: readonly NewDelta[], hosts: readonly HostState[], at: number) {
  const { scan } = await addScan(store, group, at);
  await store.scans.transition(scan.id, ['queued'], 'judging', { startedAt: at - 60_000 });
  const addresses = [...new Set(deltas.map((delta) => delta.address))];
  const refs = deltas.map((_, index) => `new:${index}` as const);
  const channel = 'console:main';
  const { alertId, deltaIds } = await store.deltas.commit({
    scanId: scan.id,
    groupId: group.id,
    at,
    status: 'done',
    finishedAt: at,
    coverage: { addresses: [['10.0.0.0', '10.0.0.15']], ports: { tcp: [[1, 1000]] } },
    group: {},
    hosts,
    firstDetermined: [],
    newDeltas: new Map(
      refs.map((ref, index) => [ref, { ...newDelta(deltas[index]), scanId: scan.id, groupId: group.id }]),
    ),
    changedDeltas: [],
    alert: { scanId: scan.id, thread: 'hosts', deltas: refs },
    repeats: [],
    expectationsMet: [],
    announce: [
      { about: { type: 'alert' }, channel },
      ...(addresses.length === 1 ? [] : addresses).map((host) => ({
        about: { type: 'alert-host' as const, host },
        channel,
      })),
    ],
    touch: [],
  });
  if (alertId === undefined) throw new Error('no alert was opened');
  return { scan, deltaIds, alertId };
}

export function newDelta(change: Partial<NewDelta> = {}): NewDelta {
  return {
    kind: 'service-added',
    address: '10.0.0.5',
    protocol: 'tcp',
    port: 23,
    groupId: 0,
    scanId: 0,
    at: NOW,
    state: 'confirmed',
    before: { present: false },
    after: { present: true, identity: { name: 'telnet', method: 'table', confidence: 3 } },
    grade: 'green',
    probability: 0.004,
    evidence: ['open: syn-ack received', 'was closed: reset received'],
    risk: 'high',
    riskHint: 'telnet: log-in and password cross the network in clear text',
    firstSeen: NOW,
    lastSeen: NOW,
    ...change,
  };
}

export function cardOf(result: CommandResult): Card {
  if (result.type !== 'card') throw new Error(`the answer is no card but ${JSON.stringify(result)}`);
  return result.card;
}
