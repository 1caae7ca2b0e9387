import { failedScansCard } from '../../src/cards/failed-scans.ts';
import { firstDeterminedCard } from '../../src/cards/first-determined.ts';
import { scanCard } from '../../src/cards/scan.ts';
import type { ScanSummary } from '../../src/cards/scan-result.ts';
import type { Scan, ScanPhase, SeenHost, UnderWay } from '../../src/core/model/scan.ts';
import { addresses, HOUR, MINUTE, NOW, office, scan, service } from './samples.ts';
import type { Scene } from './scenes.ts';
import { outage } from './scenes-alert.ts';

/** A scan's one message while it runs and when it has failed, and what was first found. */
export function scanScenes(): Scene[] {
  const running = { ...scan, status: 'running' as const, startedAt: NOW - 2 * MINUTE };
  const { finishedAt: _end, ...unfinished } = running;
  const { startedAt: _start, ...waiting } = unfinished;
  const begun = { ...unfinished, hostsDone: 0, hostsUp: 0, chunksDone: 0 };
  const going = (done: number, upDone: number, phases: readonly ScanPhase[], change: Partial<UnderWay> = {}) => {
    return { percent: done, underWay: { phases, upDone, done, at: NOW, ...change } };
  };
  const half = { ...unfinished, chunkCount: 1, chunksDone: 0, hostsDone: 241, hostsUp: 30 };
  return [
    one('scan-queued', { ...waiting, status: 'queued' }),
    one('progress-begun', { ...begun, ...going(0, 0, ['discovery']) }),
    one('progress-step', { ...begun, ...going(0, 0, ['ports'], { step: 97 }), hostsDone: 226, hostsUp: 30 }),
    one('progress-half', { ...half, ...going(50, 15, ['ports', 'versions']) }),
    one('progress-lost', {
      ...half,
      startedAt: NOW - 9 * MINUTE,
      ...going(50, 15, ['versions'], { at: NOW - 4 * MINUTE }),
    }),
    one('scan-judging', { ...unfinished, status: 'judging' }),
    one('scan-failed', { ...scan, status: 'failed', error: 'nmap: no route to host 10.0.4.0/24' }),
    one('scan-cancelled', { ...scan, status: 'cancelled', hostsDone: 0 }),
    { name: 'first-scan', messages: [{ card: firstDeterminedCard({ group: office, items: firstItems() }) }] },
    judged('first-scan-asked-for', { baseline: true, seen: { ...SEEN, hosts: seenHosts() } }),
    judged('scan-quiet', {}),
    judged('scan-first-determined', { firstDetermined: firstItems().slice(3, 5) }),
    judged('scan-part-silent', { seen: { ...SEEN, believed: { ...BELIEVED, silentHosts: 2, uncoveredHosts: 4 } } }),
    judged('scan-blind', { ...BLIND, candidates: 28, askedAgainAt: NOW + 20 * MINUTE }),
    judged('scan-blind-outage', { ...BLIND, deltas: [outage()] }),
    recheck(),
    { name: 'failed-schedule', messages: [{ card: failedScansCard(FAILED) }] },
    { name: 'failed-schedule-third', messages: [{ card: failedScansCard({ ...FAILED, latest: third, count: 3 }) }] },
    {
      name: 'failed-schedule-over',
      messages: [
        {
          card: failedScansCard({
            ...FAILED,
            latest: third,
            count: 3,
            ended: { ...scan, id: 16, finishedAt: NOW + 73 * HOUR },
          }),
        },
      ],
    },
  ];
}

function one(name: string, shown: Scan): Scene {
  return { name, messages: [{ card: scanCard({ scan: shown, group: office, now: NOW }) }] };
}

const SEEN = { hostsUp: 28, openPorts: 36 };
const BELIEVED = { hosts: 30, silentHosts: 0, uncoveredHosts: 0, services: 36, silentServices: 0 };
const BLIND = {
  seen: { hostsUp: 0, openPorts: 0, believed: { ...BELIEVED, silentHosts: 28, silentServices: 34 } },
};
const broken: Scan = {
  ...scan,
  id: 13,
  status: 'failed',
  finishedAt: NOW + HOUR,
  error: 'nmap: no route to host 10.0.4.0/24',
};
const third: Scan = { ...broken, id: 15, finishedAt: NOW + 49 * HOUR };
const FAILED = { group: office, first: broken, latest: broken, count: 1, lastGood: scan };

function judged(name: string, change: Partial<ScanSummary>): Scene {
  const nothing = { seen: SEEN, deltas: [], candidates: 0, heldBack: 0, baseline: false, firstDetermined: [] };
  return {
    name,
    messages: [{ card: scanCard({ scan, group: office, now: NOW, summary: { ...nothing, ...change } }) }],
  };
}

function seenHosts(): SeenHost[] {
  const ports = [
    { protocol: 'tcp' as const, port: 22, service: service('ssh') },
    { protocol: 'tcp' as const, port: 443, service: service('https') },
  ];
  return addresses(28).map((address) => ({ address, hostnames: [], timedOut: false, ports }));
}

function recheck(): Scene {
  const answers = [
    {
      address: '10.0.4.7',
      protocol: 'tcp' as const,
      port: 3389,
      words: 'open: syn-ack received',
      open: true,
      was: true,
    },
  ];
  const { topPorts: _top, ...asked } = scan.settings;
  const settings = { ...asked, ports: 'T:3389' };
  const shown: Scan = {
    ...scan,
    settings,
    id: 14,
    kind: 'confirmation',
    origin: { type: 'recheck', by: 'slack:U0ANN' },
  };
  const nothing = { deltas: [], candidates: 0, heldBack: 0, baseline: false, firstDetermined: [] };
  const summary = { ...nothing, seen: { hostsUp: 1, openPorts: 1, answers } };
  return { name: 'recheck', messages: [{ card: scanCard({ scan: shown, group: office, now: NOW, summary }) }] };
}

function firstItems() {
  const found = { scanId: 12, at: NOW };
  const services = [
    [22, 'ssh'],
    [443, 'https'],
  ] as const;
  return ['10.0.4.1', '10.0.4.7', '10.0.4.20'].flatMap((address) => [
    { ...found, address },
    ...services.map(([port, name]) => ({ ...found, address, protocol: 'tcp' as const, port, identity: service(name) })),
  ]);
}
