import { firstDeterminedCard } from '../../src/cards/first-determined.ts';
import { scanCard } from '../../src/cards/scan.ts';
import type { Scan } from '../../src/core/model/scan.ts';
import { MINUTE, NOW, office, scan, service } from './samples.ts';
import type { Scene } from './scenes.ts';

/** A scan's one message while it runs and when it has failed, and what was first found. */
export function scanScenes(): Scene[] {
  const running = { ...scan, status: 'running' as const, startedAt: NOW - 2 * MINUTE };
  const { finishedAt: _end, ...unfinished } = running;
  return [
    one('scan-queued', { ...unfinished, status: 'queued' }),
    one('progress-begun', { ...unfinished, hostsDone: 0, hostsUp: 0, chunksDone: 0 }),
    one('progress-step', { ...unfinished, hostsDone: 0, hostsUp: 0, chunksDone: 0, percent: 97 }),
    one('progress-half', { ...unfinished, hostsDone: 128, hostsUp: 17, chunksDone: 2 }),
    one('scan-judging', { ...unfinished, status: 'judging' }),
    one('scan-failed', { ...scan, status: 'failed', error: 'nmap: no route to host 10.0.4.0/24' }),
    one('scan-cancelled', { ...scan, status: 'cancelled', hostsDone: 12 }),
    { name: 'first-scan', messages: [{ card: firstDeterminedCard({ group: office, items: firstItems() }) }] },
  ];
}

function one(name: string, shown: Scan): Scene {
  return { name, messages: [{ card: scanCard({ scan: shown, group: office, now: NOW }) }] };
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
