import type { PortObservation, ServiceIdentity } from '../model/observation.ts';
import type { HostState, ServiceState } from '../model/state.ts';
import { DAY_MS } from '../time/units.ts';
import { emptyOutcome, makeDelta, type Outcome, type ScanContext } from './context.ts';
import { STRONG_PROBABILITY } from './filter.ts';
import { keepService, serviceMemory } from './memory.ts';

/** Days before a certificate expires at which it is reported, once each. */
const WARNINGS = [30, 14, 3] as const;

/**
 * Judges the certificate of an open service: as this scan read it, or as it is believed. A reported expiry is resolved
 * once the certificate is renewed.
 */
export function judgeExpiry(
  context: ScanContext,
  address: string,
  service: ServiceState,
  seen: PortObservation,
): Outcome & { service: ServiceState } {
  const outcome = emptyOutcome();
  const identity = seen.service?.certificate === undefined ? service.identity : seen.service;
  const { warnedDays: warned } = serviceMemory(service.memory);
  const left = daysLeft(identity, context.at);
  const due = warningAt(left);
  if (context.confirmation || !context.policy.certExpiry || due === warned) return { ...outcome, service };
  if (due !== undefined && due < (warned ?? Number.POSITIVE_INFINITY)) {
    const side = identity === undefined ? { present: true } : { present: true, identity };
    const rest = { probability: STRONG_PROBABILITY, evidence: [inWords(left)], before: side, after: side };
    outcome.deltas.push(makeDelta('confirmed', 'certificate-expiring', address, service, rest));
  } else outcome.resolved.push(expirySubject(address, service));
  return {
    ...outcome,
    service: { ...service, memory: keepService({ ...serviceMemory(service.memory), warnedDays: due }) },
  };
}

const daysLeft = (identity: ServiceIdentity | undefined, at: number): number =>
  ((identity?.certificate?.expiresAt ?? Number.POSITIVE_INFINITY) - at) / DAY_MS;

const warningAt = (left: number): (typeof WARNINGS)[number] | undefined => WARNINGS.findLast((days) => left <= days);

/**
 * Whether its certificate should be read before it is reported: its next warning is due, or it was warned about and may
 * be renewed any day. An expired one is read like any other service.
 */
export function isExpiryDue({ identity, memory }: ServiceState, at: number): boolean {
  const left = daysLeft(identity, at);
  const { warnedDays } = serviceMemory(memory);
  return warningAt(left) !== warnedDays || (warnedDays !== undefined && left > 0);
}

/** When a certificate of this host is first to be reported, epoch ms; `Infinity` when it shows none. */
export function firstWarning({ services }: HostState): number {
  const ends = services.map(({ identity }) => identity?.certificate?.expiresAt ?? Number.POSITIVE_INFINITY);
  return Math.min(Number.POSITIVE_INFINITY, ...ends) - WARNINGS[0] * DAY_MS;
}

export const expirySubject = (address: string, { protocol, port }: ServiceState) =>
  ({ kind: 'certificate-expiring', address, protocol, port }) as const;

function inWords(left: number): string {
  const days = Math.floor(Math.abs(left));
  const words = days === 1 ? 'one day' : `${days} days`;
  if (left < 0) return days === 0 ? 'its certificate expired today' : `its certificate expired ${words} ago`;
  return days === 0 ? 'its certificate expires within a day' : `its certificate expires in ${words}`;
}
