import { describe, expect, it } from 'vitest';
import { believedIn } from '../../../src/core/compare/believed.ts';
import type { ScanEvidence } from '../../../src/core/model/judgement.ts';
import type { HostObservation, PortState } from '../../../src/core/model/observation.ts';
import type { HostState } from '../../../src/core/model/state.ts';

const believed = (address: string, ports: readonly number[], present = true): HostState => ({
  ...{ address, code: 'unchanged', present, firstSeen: 1, hostnames: [], memory: {} },
  services: ports.map((port) => ({ protocol: 'tcp', port, present: true, since: 1, memory: {} })),
});

const observed = (
  address: string,
  ports: readonly [port: number, state: PortState, reason: string][],
  change: Partial<HostObservation> = {},
): HostObservation => ({
  ...{ address, status: 'up', reason: 'echo-reply', hostnames: [], timedOut: false, extra: [] },
  ports: ports.map(([port, state, reason]) => ({ protocol: 'tcp', port, state, reason })),
  ...change,
});

const scan = (hosts: readonly HostObservation[]): ScanEvidence[] => [
  {
    ...{ number: 2, at: 2, kind: 'scan', nmapVersion: '7.93', scanTypes: ['syn'], hosts },
    coverage: { addresses: [['10.0.0.0', '10.0.0.9']], ports: { tcp: [[1, 1000]] } },
  },
];

describe('the silence of a scan', () => {
  it('counts hosts that did not answer; a reset is an answer, and a host that is already down is not counted', () => {
    const hosts = [
      believed('10.0.0.1', [22, 80, 8080]),
      believed('10.0.0.2', [22, 80]),
      believed('10.0.0.3', [22], false),
      believed('10.0.1.1', [22]),
    ];
    const seen = [
      observed('10.0.0.1', [
        [22, 'open', 'syn-ack'],
        [80, 'closed', 'reset'],
      ]),
      observed('10.0.0.2', [], { status: 'down', reason: 'no-response' }),
    ];
    expect(believedIn(hosts, scan(seen))).toEqual({
      ...{ hosts: 2, silentHosts: 1, uncoveredHosts: 1 },
      ...{ services: 4, silentServices: 2 },
    });
  });

  it('includes all services of a host that timed out, and of one whose ports drop everything', () => {
    const hosts = [believed('10.0.0.1', [22, 80]), believed('10.0.0.2', [22, 80])];
    const seen = [
      observed('10.0.0.1', [], { timedOut: true }),
      observed('10.0.0.2', [
        [22, 'filtered', 'no-response'],
        [80, 'filtered', 'admin-prohibited'],
      ]),
    ];
    expect(believedIn(hosts, scan(seen))).toMatchObject({ hosts: 2, silentHosts: 0, services: 4, silentServices: 3 });
  });
});
