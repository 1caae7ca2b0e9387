import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFirstScan, judgeFirstScan } from '../../../src/core/judge/first-scan.ts';
import { judgeScan } from '../../../src/core/judge/judge-scan.ts';
import { NO_STEADY } from '../../../src/core/model/judgement.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/policy.ts';
import { sortAddresses } from '../../../src/core/network/addresses.ts';
import { type Seen, scanOf } from './scans.ts';

const PORTS = Array.from({ length: 40 }, (_, i) => i + 1);
const ADDRESSES = [0, 1, 2].flatMap((net) => Array.from({ length: 8 }, (_, host) => `10.0.${net}.${host + 1}`));

const states = fc.constantFrom('open', 'closed', 'closed', 'silent', 'rejected');
const host: fc.Arbitrary<Seen> = fc
  .record({
    states: fc.oneof(
      fc.array(states, { minLength: PORTS.length, maxLength: PORTS.length }),
      fc.constantFrom('open', 'silent', 'closed').map((state) => PORTS.map(() => state)),
    ),
    timedOut: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    reason: fc.constantFrom(...Array.from({ length: 40 }, () => 'echo-reply'), 'user-set'),
  })
  .map(({ states: ports, timedOut, reason }) => {
    const of = (state: string) => PORTS.filter((_, index) => ports[index] === state);
    return { open: of('open'), silent: of('silent'), rejected: of('rejected'), timedOut, reason };
  });

const scan = fc
  .tuple(fc.dictionary(fc.constantFrom(...ADDRESSES), host), fc.constantFrom('syn', 'connect'), fc.boolean())
  .map(([hosts, type, ignoreTcpwrapped]) => ({
    evidence: scanOf(1, hosts, {
      ...{ addresses: [['10.0.0.0', '10.0.1.255']], ports: [[1, 40]], scanTypes: [type] },
      steady: NO_STEADY,
    }),
    policy: { ...DEFAULT_POLICY, ignoreTcpwrapped },
  }));

describe('a first scan that is judged in parts', () => {
  it('is judged exactly as a whole, whatever the parts are', () => {
    fc.assert(
      fc.property(scan, fc.integer({ min: 1, max: 9 }), ({ evidence, policy }, size) => {
        const { hosts: given, steady: _, ...rest } = evidence;
        const byAddress = new Map([...given].map((one) => [one.address, one]));
        const hosts = sortAddresses(byAddress.keys()).flatMap((address) => byAddress.get(address) ?? []);
        const assumed = hosts.some(({ reason }) => reason === 'user-set');
        const parted = judgeFirstScan({}, { ...rest, assumed }, policy);
        const parts = [];
        for (let at = 0; at < hosts.length; at += size) parts.push(parted.take(hosts.slice(at, at + size)));
        const together = {
          ...parted.end(),
          hosts: parts.flatMap((part) => part.hosts),
          firstDetermined: parts.flatMap((part) => part.firstDetermined),
          steady: new Map(parts.flatMap((part) => [...part.steady])),
        };
        expect(together).toEqual(judgeScan({ group: {}, hosts: new Map() }, evidence, policy));
      }),
    );
  });

  it('is one of a group of which no scan was judged', () => {
    const { group } = judgeScan({ group: {}, hosts: new Map() }, scanOf(1, {}), DEFAULT_POLICY);
    expect([isFirstScan({}), isFirstScan(group)]).toEqual([true, false]);
  });
});
