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
import { emptyOutcome, mergeOutcome, type Outcome, type ScanContext } from './context.ts';
import { knockPorts } from './controls.ts';
import { summable } from './filter.ts';
import { PATH_LOST } from './loss.ts';
import { hostMemory, keepHost, serviceMemory } from './memory.ts';
import { type Counts, count, rateOf, SERVICE_RISKS } from './rates.ts';
import { byPort, type Reading } from './reading.ts';
import { judgeOpened } from './service-opened.ts';
import { judgeDenied, judgeOpen } from './service-present.ts';
import type { JudgedService } from './service-removed.ts';
import { judgeSilent, serviceShyness } from './service-silent.ts';
import { type Ignored, ignoredPorts, stillIgnored } from './tcpwrapped.ts';

/** Gone services kept as intervals; of a host with more, the oldest are dropped. */
const MAX_GONE = 256;

type JudgedServices = Outcome & { services: readonly ServiceState[]; memory: Memory };

/** Judges all ports of a host that answered. */
export function judgeServices(context: ScanContext, host: HostState, reading: Reading): JudgedServices {
  const outcome = emptyOutcome();
  const open = new Map<string, PortObservation>(reading.open.map((seen) => [key(seen), seen]));
  const ignored = stillIgnored(context, host, reading);
  const services: ServiceState[] = [];
  for (const service of host.services) {
    const seen = open.get(key(service));
    open.delete(key(service));
    const judged = judgeKnown(context, host, service, seen, reading, ignored);
    if (judged !== undefined) mergeOutcome(outcome, judged);
    services.push(judged?.service ?? service);
  }
  countServices(context, host, reading, outcome.counts);
  const closed = open.size === 0 ? NO_PORTS : unpackPorts(hostMemory(host.memory).denied);
  for (const seen of open.values()) {
    if (ignored(seen)) continue;
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
  ignored: Ignored,
): JudgedService | undefined {
  if (!service.present) {
    if (seen === undefined || ignored(seen)) return undefined;
    return judgeOpened(context, host, seen, service, NO_PORTS);
  }
  if (seen !== undefined) return judgeOpen(context, host.address, service, seen);
  const { protocol, port } = service;
  if (hasPort(reading.denied, protocol, port)) return judgeDenied(context, host.address, service, reading);
  if (!hasPort(reading.silent, protocol, port) && !hasPort(reading.notOpen, protocol, port)) return undefined;
  const heard = unionPorts(reading.denied, reading.openPorts);
  return judgeSilent(context, { host, reading, controls: knockPorts(host, 1, heard) }, service);
}

/** How its services fared, for the group's record of how often such events happen. */
function countServices(context: ScanContext, host: HostState, reading: Reading, counts: Counts): void {
  if (context.confirmation) return;
  const path = summable(context.survey.portMiss(host.address));
  const share = rateOf(context.group, 'shy');
  let [asked, shy] = [0, 0];
  for (const service of host.services) {
    if (!service.present || !isCovered(reading, service)) continue;
    asked += 1;
    if (serviceMemory(service.memory).shyness === undefined) continue;
    const odds = share * serviceShyness(context, host.address, service, 0);
    shy += odds / (1 + odds);
  }
  for (const rate of SERVICE_RISKS) count(counts, rate, asked, 0);
  count(counts, 'shy', asked, shy);
  if (path <= PATH_LOST) count(counts, 'blip', asked, -asked * path);
}

const isCovered = ({ openPorts, silent, denied }: Reading, { protocol, port }: ServiceState): boolean =>
  hasPort(openPorts, protocol, port) || hasPort(silent, protocol, port) || hasPort(denied, protocol, port);

/** Which ports are known to be closed, and which of the answering ones were silent in this scan. */
function withPorts(context: ScanContext, host: HostState, reading: Reading): Memory {
  const known = hostMemory(host.memory);
  const memory = { ...known, wrapped: ignoredPorts(context, known.wrapped, reading) };
  const { denied, openPorts, silent } = reading;
  const closed = subtractPorts(unionPorts(unpackPorts(memory.denied), denied), openPorts);
  if (context.confirmation) return keepHost({ ...memory, denied: packPorts(closed) });
  const answering = unionPorts(closed, portsOf(host.services.filter(({ present }) => present)));
  const covered = unionPorts(unionPorts(denied, openPorts), silent);
  const quiet = unionPorts(intersectPorts(answering, silent), subtractPorts(unpackPorts(memory.quiet), covered));
  return keepHost({ ...memory, denied: packPorts(closed), quiet: packPorts(quiet) });
}

const key = ({ protocol, port }: { protocol: string; port: number }): string => `${protocol}/${port}`;

function inOrder(services: readonly ServiceState[]): ServiceState[] {
  const sorted = [...services].sort(byPort);
  const gone = sorted.filter((service) => !service.present);
  if (gone.length <= MAX_GONE) return sorted;
  const forgotten = new Set([...gone].sort((a, b) => (a.until ?? 0) - (b.until ?? 0)).slice(0, gone.length - MAX_GONE));
  return sorted.filter((service) => !forgotten.has(service));
}
