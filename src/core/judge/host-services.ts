import type { PortObservation } from '../model/observation.ts';
import type { HostState, Memory, ServiceState } from '../model/state.ts';
import {
  hasPort,
  intersectPorts,
  NO_PORTS,
  packPorts,
  portsOf,
  subtractPorts,
  unionPorts,
  unpackPorts,
} from '../network/port-sets.ts';
import { emptyOutcome, isIgnored, mergeOutcome, type Outcome, type ScanContext } from './context.ts';
import { knockPorts } from './controls.ts';
import { PATH_LOST } from './loss.ts';
import { compact, hostMemory, serviceMemory } from './memory.ts';
import { summable } from './probability.ts';
import { type Counts, count, rateOf, SERVICE_RISKS } from './rates.ts';
import { byPort, type Reading } from './reading.ts';
import { judgeOpened } from './service-opened.ts';
import { judgeDenied, judgeOpen } from './service-present.ts';
import type { JudgedService } from './service-removed.ts';
import { judgeSilent, serviceShyness } from './service-silent.ts';

/** Gone services kept as intervals; of a host with more, the oldest are forgotten. */
const MAX_GONE = 256;

type JudgedServices = Outcome & { services: readonly ServiceState[]; memory: Memory };

/** All ports of a host that answered. */
export function judgeServices(context: ScanContext, host: HostState, reading: Reading): JudgedServices {
  const outcome = emptyOutcome();
  const open = new Map<string, PortObservation>(reading.open.map((seen) => [key(seen), seen]));
  const services: ServiceState[] = [];
  for (const service of host.services) {
    const seen = open.get(key(service));
    open.delete(key(service));
    const judged = judgeKnown(context, host, service, seen, reading);
    if (judged !== undefined) mergeOutcome(outcome, judged);
    services.push(judged?.service ?? service);
  }
  countServices(context, host, reading, outcome.counts);
  const closed = open.size === 0 ? NO_PORTS : unpackPorts(hostMemory(host.memory).d);
  for (const seen of open.values()) {
    if (isIgnored(context, seen.service?.name)) continue;
    const judged = judgeOpened(context, host, seen, undefined, closed);
    mergeOutcome(outcome, judged);
    services.push(judged.service);
  }
  return { ...outcome, services: inOrder(services), memory: withPorts(context, host, reading) };
}

function judgeKnown(
  context: ScanContext,
  host: HostState,
  service: ServiceState,
  seen: PortObservation | undefined,
  reading: Reading,
): JudgedService | undefined {
  if (!service.present) {
    if (seen === undefined || isIgnored(context, seen.service?.name)) return undefined;
    return judgeOpened(context, host, seen, service, NO_PORTS);
  }
  if (seen !== undefined) return judgeOpen(context, host.address, service, seen);
  const { protocol, port } = service;
  if (hasPort(reading.denied, protocol, port)) return judgeDenied(context, host.address, service, reading);
  if (!hasPort(reading.silent, protocol, port) && !hasPort(reading.notOpen, protocol, port)) return undefined;
  const heard = unionPorts(reading.denied, reading.openPorts);
  return judgeSilent(context, { host, reading, controls: knockPorts(host, 1, heard) }, service);
}

/** How its services fared, for the group's record of how often such things happen. */
function countServices(context: ScanContext, host: HostState, reading: Reading, counts: Counts): void {
  if (context.confirmation) return;
  const path = summable(context.survey.portMiss(host.address));
  const share = rateOf(context.group, 'shy');
  let [asked, shy] = [0, 0];
  for (const service of host.services) {
    if (!service.present || !isCovered(reading, service)) continue;
    asked += 1;
    if (serviceMemory(service.memory).s === undefined) continue;
    const odds = share * serviceShyness(context, host.address, service, 0);
    shy += odds / (1 + odds);
  }
  for (const rate of SERVICE_RISKS) count(counts, rate, asked, 0);
  count(counts, 'shy', asked, shy);
  if (path <= PATH_LOST) count(counts, 'blip', asked, -asked * path);
}

const isCovered = ({ openPorts, silent, denied }: Reading, { protocol, port }: ServiceState): boolean =>
  hasPort(openPorts, protocol, port) || hasPort(silent, protocol, port) || hasPort(denied, protocol, port);

/** Which ports are known to be closed, and which of those that answer were silent just now. */
function withPorts({ confirmation }: ScanContext, host: HostState, reading: Reading): Memory {
  const memory = hostMemory(host.memory);
  const { denied, openPorts, silent } = reading;
  const closed = subtractPorts(unionPorts(unpackPorts(memory.d), denied), openPorts);
  if (confirmation) return compact({ ...memory, d: packPorts(closed) });
  const answering = unionPorts(closed, portsOf(host.services.filter(({ present }) => present)));
  const covered = unionPorts(unionPorts(denied, openPorts), silent);
  const quiet = unionPorts(intersectPorts(answering, silent), subtractPorts(unpackPorts(memory.q), covered));
  return compact({ ...memory, d: packPorts(closed), q: packPorts(quiet) });
}

const key = ({ protocol, port }: { protocol: string; port: number }): string => `${protocol}/${port}`;

function inOrder(services: readonly ServiceState[]): ServiceState[] {
  const sorted = [...services].sort(byPort);
  const gone = sorted.filter((service) => !service.present);
  if (gone.length <= MAX_GONE) return sorted;
  const forgotten = new Set([...gone].sort((a, b) => (a.until ?? 0) - (b.until ?? 0)).slice(0, gone.length - MAX_GONE));
  return sorted.filter((service) => !forgotten.has(service));
}
