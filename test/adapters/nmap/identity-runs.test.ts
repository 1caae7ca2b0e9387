import { describe, expect, it } from 'vitest';
import { dueOf, identifiedOf, identityRuns } from '../../../adapters/nmap/identity-runs.ts';
import type { HostObservation } from '../../../src/core/model/observation.ts';
import type { ChunkRequest } from '../../../src/core/model/scan.ts';

const [OWN, OTHER, MADE_UP] = ['00:11:22:33:44:55', '00:11:22:33:44:66', '02:11:22:33:44:55'] as const;

function seen(address: string, open: readonly number[], change: Partial<HostObservation> = {}): HostObservation {
  const ports = open.map((port) => ({ protocol: 'tcp', port, state: 'open', reason: 'syn-ack' }) as const);
  return { address, hostnames: [], status: 'up', reason: 'arp-response', timedOut: false, ports, extra: [], ...change };
}

const request: ChunkRequest = {
  ranges: [['10.0.0.0', '10.0.0.255']],
  family: 4,
  settings: {
    ...{ profile: 'standard', topPorts: 1000, tcp: true, udp: false, versionDetection: true, timing: 4 },
    ...{ resolveNames: false, skipDiscovery: false, maxRate: 500 },
  },
};

describe('what is due on a host', () => {
  const known = [{ address: '10.0.0.1', tcp: '22,80', mac: OWN }];

  it('is what is open and not known', () => {
    expect(dueOf([seen('10.0.0.1', [22, 443], { mac: OWN })], known)).toEqual([{ address: '10.0.0.1', tcp: '443' }]);
    expect(dueOf([seen('10.0.0.1', [22], { mac: OWN })], known)).toEqual([]);
    expect(dueOf([seen('10.0.0.1', [22])], known)).toEqual([]);
  });

  it('is everything when another network card answers', () => {
    for (const mac of [OTHER, MADE_UP]) {
      expect(dueOf([seen('10.0.0.1', [22, 80], { mac })], known)).toEqual([{ address: '10.0.0.1', tcp: '22,80' }]);
    }
  });

  it('is everything when one made-up network card has replaced another: a virtual machine has moved in', () => {
    const before = [{ address: '10.0.0.1', tcp: '22', mac: '52:54:00:00:00:01' }];
    const due = (mac: string) => dueOf([seen('10.0.0.1', [22], { mac })], before);
    expect(due('52:54:00:00:00:02')).toEqual([{ address: '10.0.0.1', tcp: '22' }]);
    expect(due('52:54:00:00:00:01')).toEqual([]);
  });

  it('is nothing when it is down or timed out', () => {
    expect(dueOf([seen('10.0.0.2', [22], { timedOut: true }), seen('10.0.0.3', [22], { status: 'down' })], [])).toEqual(
      [],
    );
  });
});

describe('what was read', () => {
  it('says of which ports the service did not say what it is', () => {
    const open = { protocol: 'tcp', state: 'open', reason: 'syn-ack' } as const;
    const ssh = { name: 'ssh', product: 'OpenSSH', method: 'probed', confidence: 10 } as const;
    const wrapped = { name: 'tcpwrapped', method: 'probed', confidence: 8 } as const;
    const guessed = { name: 'https', method: 'table', confidence: 3 } as const;
    const ports = [
      { ...open, port: 22, service: ssh },
      { ...open, port: 25, service: wrapped },
      { ...open, port: 443, service: guessed },
      { ...open, port: 8080 },
    ];
    const hosts = [seen('10.0.0.1', [], { ports }), seen('10.0.0.2', [], { ports: ports.slice(0, 1) })];
    expect(identifiedOf(hosts)).toEqual([
      { address: '10.0.0.1', tcp: '22,25,443,8080', unclear: '25,443,8080' },
      { address: '10.0.0.2', tcp: '22' },
    ]);
  });
});

describe('the runs that identify what is due', () => {
  const asked = (due: Parameters<typeof identityRuns>[1]) =>
    identityRuns(request, due).map(({ ranges, settings: { ports } }) => ({ ports, ranges }));

  it('ask exactly that, without discovery, at the pace of the scan', () => {
    const [run] = identityRuns(request, [{ address: '10.0.0.1', tcp: '22' }]);
    const { settings } = run ?? request;
    expect(settings).toMatchObject({ ports: '22', skipDiscovery: true, versionDetection: true, maxRate: 500 });
    expect(settings.topPorts).toBeUndefined();
    expect(run?.known).toBeUndefined();
  });

  it('begin with the ports of most hosts', () => {
    expect(
      asked([
        { address: '10.0.0.9', tcp: '443' },
        { address: '10.0.0.1', tcp: '22' },
        { address: '10.0.0.2', tcp: '22' },
      ]),
    ).toEqual([
      { ports: '22', ranges: [['10.0.0.1', '10.0.0.2']] },
      { ports: '443', ranges: [['10.0.0.9', '10.0.0.9']] },
    ]);
    expect(asked([])).toEqual([]);
  });

  it('are few, however different the hosts are, and leave out none', () => {
    const due = Array.from({ length: 40 }, (_, index) => ({ address: `10.0.0.${index}`, tcp: `${100 + index}` }));
    const runs = asked(due);
    expect(runs).toHaveLength(16);
    expect(runs.at(-1)).toEqual({ ports: '115-139', ranges: [['10.0.0.15', '10.0.0.39']] });
  });
});
