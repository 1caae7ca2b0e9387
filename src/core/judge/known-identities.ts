import { type IdentityRead, readOf } from '../model/identity-reads.ts';
import type { Policy } from '../model/policy.ts';
import type { KnownHost } from '../model/scan.ts';
import type { HostState, ServiceState } from '../model/state.ts';
import { type ExpectedChange, expectsHost, expectsPort } from '../network/expected-change.ts';
import { portsOf } from '../network/port-sets.ts';
import { formatRanges } from '../network/range-set.ts';
import { DAY_MS, HOUR_MS } from '../time/units.ts';
import { isExpiryDue } from './certificate-expiry.ts';
import { type HostMemory, hostMemory, serviceMemory } from './memory.ts';

type When = {
  /** When the scan was requested, epoch ms. */
  askedAt: number;
  /** When it begins, epoch ms. */
  now: number;
  /** From where it scans: behind another site the same addresses may be other hosts. */
  site: string;
  /** How long an identity counts as known, ms. */
  everyMs: number;
  policy: Pick<Policy, 'certExpiry'>;
  /** Announced changes that have not happened yet: they are reported when they don't. */
  expected: readonly ExpectedChange[];
};

/** A daily scan starts a little earlier or later than the day before. */
const EARLY = { share: 0.1, most: HOUR_MS } as const;
/** A scan is judged when it has ended: this long after its start, at most. */
const SCAN_LASTS = DAY_MS;

/**
 * The open services of a host whose identity a scan need not read again; undefined when each is due. Whatever is in
 * doubt is due: a host or service that was silent or refused, another identity that was read once, a certificate that
 * is about to be reported, a change that was announced.
 */
export function knownIdentities(host: HostState, reads: readonly IdentityRead[], when: When): KnownHost | undefined {
  if (!isQuiet(host)) return undefined;
  const expected = when.expected.filter((change) => expectsHost(change, host.address));
  const known = host.services.filter((service) => isKnown(service, reads, { ...when, expected }));
  const { tcp = [] } = portsOf(known);
  if (tcp.length === 0) return undefined;
  const { address, mac } = host;
  return { address, tcp: formatRanges(tcp), ...(mac === undefined ? {} : { mac }) };
}

/** What a host is remembered for while it is not simply there. */
const UNREST: readonly (keyof HostMemory)[] = ['run', 'dark', 'flood', 'unheardSince'];

function isQuiet({ present, lastSeen, code, memory }: HostState): boolean {
  if (!present || lastSeen !== undefined || code === 'undetermined') return false;
  const known = hostMemory(memory);
  return UNREST.every((key) => known[key] === undefined);
}

function isKnown(service: ServiceState, reads: readonly IdentityRead[], when: When): boolean {
  const { askedAt, now, site, everyMs, policy, expected } = when;
  const { run, pending } = serviceMemory(service.memory);
  if (!service.present || service.protocol !== 'tcp' || run !== undefined || pending !== undefined) return false;
  if (expected.some((change) => expectsPort(change, service.protocol, service.port))) return false;
  const read = readOf(reads, service.port);
  // A port that was closed in between may be another service.
  if (read === undefined || read.at < service.since || read.site !== site) return false;
  const age = askedAt - read.askedAt;
  const limit = everyMs - Math.min(everyMs * EARLY.share, EARLY.most);
  // A scan that was requested in time may have waited for days.
  const isFresh = age >= 0 && age < limit && now - read.at < everyMs;
  return isFresh && !(policy.certExpiry && isExpiryDue(service, now + SCAN_LASTS));
}
