import type { JudgedDelta } from '../../../src/core/model/delta.ts';
import type { DeltaKind } from '../../../src/core/model/delta-kinds.ts';
import type { ScanEvidence } from '../../../src/core/model/judgement.ts';
import type { Policy } from '../../../src/core/model/policy.ts';
import { many, repeat, type Seen, scanOf } from './scans.ts';

/** The scans that show a kind of delta, all about 10.0.0.1 or its network. A new kind needs a row here. */
export type KindEvidence = {
  /** A policy without which it is never reported. */
  policy?: Partial<Policy>;
  /** Scans after which nothing has changed yet. */
  before: readonly ScanEvidence[];
  /** After this scan it is a candidate; for kinds that wait for something. */
  candidate?: ScanEvidence;
  /** Follows the candidate, and refutes it. */
  refuting?: ScanEvidence;
  /** Follow `before`: the last one confirms it. */
  confirming: readonly ScanEvidence[];
};

export const A = '10.0.0.1';
const hosts = many(20, { open: [22, 80] });
const { [A]: _, ...withoutA } = hosts;
const seen = (host: Seen) => ({ ...hosts, [A]: host });
const reads = (product: string) => seen({ open: [22, 80], identities: { 80: { product } } });
const certified = (fingerprint: string) =>
  seen({ open: [22, 80], identities: { 80: { tunnel: 'ssl', certificate: { fingerprint, subject: 'CN=a' } } } });
const expiring = seen({
  open: [22, 80],
  identities: { 80: { tunnel: 'ssl', certificate: { fingerprint: 'aa', expiresAt: 33.5 * 86_400_000 } } },
});
const keyed = (fingerprint: string) =>
  seen({ open: [22, 80], identities: { 22: { hostKeys: [{ type: 'ssh-rsa', fingerprint }] } } });
const everything = Array.from({ length: 100 }, (_, index) => index + 1);
const usual = repeat(3, 1, hosts);

/** A kind that no scan shows: host names are compared before the judge. */
type Named = { given: JudgedDelta };

export const EVIDENCE: Readonly<Record<DeltaKind, KindEvidence | Named>> = {
  'host-appeared': { before: repeat(3, 1, withoutA), confirming: [scanOf(4, hosts)] },
  'host-down': {
    before: usual,
    candidate: scanOf(4, withoutA),
    refuting: scanOf(5, hosts),
    confirming: repeat(3, 4, withoutA),
  },
  'host-recovered': { before: [...usual, ...repeat(3, 4, withoutA)], confirming: [scanOf(7, hosts)] },
  'target-added': named('target-added', false),
  'target-removed': named('target-removed', true),
  'service-added': { before: usual, confirming: [scanOf(4, seen({ open: [22, 80, 90] }))] },
  'service-removed': {
    before: usual,
    candidate: scanOf(4, seen({ open: [22], silent: [80] })),
    refuting: scanOf(5, hosts),
    confirming: [scanOf(4, seen({ open: [22] }))],
  },
  'service-changed': {
    before: repeat(3, 1, reads('Apache')),
    candidate: scanOf(4, reads('nginx')),
    refuting: scanOf(5, reads('Apache')),
    confirming: repeat(2, 4, reads('nginx')),
  },
  'certificate-changed': {
    before: repeat(3, 1, certified('aa')),
    candidate: scanOf(4, certified('bb')),
    refuting: scanOf(5, certified('aa')),
    confirming: repeat(2, 4, certified('bb')),
  },
  'certificate-expiring': {
    policy: { certExpiry: true },
    before: repeat(3, 1, expiring),
    confirming: [scanOf(4, expiring)],
  },
  'host-key-changed': {
    before: repeat(3, 1, keyed('aa')),
    candidate: scanOf(4, keyed('bb')),
    refuting: scanOf(5, keyed('aa')),
    confirming: repeat(2, 4, keyed('bb')),
  },
  'mac-changed': {
    before: repeat(3, 1, seen({ open: [22, 80], mac: '00:11:22:33:44:55' })),
    confirming: [scanOf(4, seen({ open: [22, 80], mac: '66:77:88:99:AA:BB' }))],
  },
  'os-changed': {
    policy: { compare: ['os'] },
    before: repeat(3, 1, seen({ open: [22, 80], os: 'Linux 5.4' })),
    confirming: repeat(2, 4, seen({ open: [22, 80], os: 'FreeBSD 13' })),
  },
  'scripts-changed': {
    policy: { compare: ['scripts'] },
    before: repeat(3, 1, seen({ open: [22, 80], scripts: { 'http-title': 'Shop' } })),
    confirming: repeat(2, 4, seen({ open: [22, 80], scripts: { 'http-title': 'Hacked' } })),
  },
  outage: { before: usual, confirming: [scanOf(4, {})] },
  'host-dark': {
    before: usual,
    candidate: scanOf(4, seen({ silent: everything })),
    refuting: scanOf(5, hosts),
    confirming: repeat(2, 4, seen({ silent: everything })),
  },
  firewall: { before: usual, confirming: repeat(2, 4, { ...hosts, ...many(5, { silent: everything }) }) },
  'all-ports-open': { before: usual, confirming: [scanOf(4, seen({ open: everything }))] },
};

function named(kind: DeltaKind, present: boolean): Named {
  const sides = { before: { present }, after: { present: !present } };
  const sure = { state: 'confirmed', grade: 'green', probability: 0 } as const;
  return { given: { kind, address: A, ...sure, ...sides, evidence: ['router.example resolves otherwise'] } };
}
