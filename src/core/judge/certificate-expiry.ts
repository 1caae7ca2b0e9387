import type { PortObservation } from '../model/observation.ts';
import type { HostState, ServiceState } from '../model/state.ts';
import { emptyOutcome, makeDelta, type Outcome, type ScanContext } from './context.ts';
import { compact, serviceMemory } from './memory.ts';
import { STRONG_PROBABILITY } from './probability.ts';

const DAY = 86_400_000;
/** So many days before a certificate ends it is reported, each time once. */
const WARNINGS = [30, 14, 3] as const;

/** An open service: its certificate as this scan read it, or as it is believed. What was reported is over once it is renewed. */
export function judgeExpiry(
  context: ScanContext,
  address: string,
  service: ServiceState,
  seen: PortObservation,
): Outcome & { service: ServiceState } {
  const outcome = emptyOutcome();
  const identity = seen.service?.certificate === undefined ? service.identity : seen.service;
  const { w: warned } = serviceMemory(service.memory);
  const left = ((identity?.certificate?.expiresAt ?? Number.POSITIVE_INFINITY) - context.at) / DAY;
  const due = WARNINGS.findLast((days) => left <= days);
  if (context.confirmation || !context.policy.certExpiry || due === warned) return { ...outcome, service };
  if (due !== undefined && due < (warned ?? Number.POSITIVE_INFINITY)) {
    const side = identity === undefined ? { present: true } : { present: true, identity };
    const rest = { probability: STRONG_PROBABILITY, evidence: [inWords(left)], before: side, after: side };
    outcome.deltas.push(makeDelta('confirmed', 'certificate-expiring', address, service, rest));
  } else outcome.resolved.push(expirySubject(address, service));
  return { ...outcome, service: { ...service, memory: compact({ ...service.memory, w: due }) } };
}

/** When a certificate of this host is to be reported first, epoch ms; `Infinity` where it shows none. */
export function firstWarning({ services }: HostState): number {
  const ends = services.map(({ identity }) => identity?.certificate?.expiresAt ?? Number.POSITIVE_INFINITY);
  return Math.min(Number.POSITIVE_INFINITY, ...ends) - WARNINGS[0] * DAY;
}

export const expirySubject = (address: string, { protocol, port }: ServiceState) =>
  ({ kind: 'certificate-expiring', address, protocol, port }) as const;

function inWords(left: number): string {
  const days = Math.floor(Math.abs(left));
  const words = days === 1 ? 'one day' : `${days} days`;
  if (left < 0) return days === 0 ? 'its certificate expired today' : `its certificate expired ${words} ago`;
  return days === 0 ? 'its certificate expires within a day' : `its certificate expires in ${words}`;
}
