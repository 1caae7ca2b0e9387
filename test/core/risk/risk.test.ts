import { describe, expect, it } from 'vitest';
import { normaliseIdentity } from '../../../src/core/compare/identity.ts';
import type { DeltaSide, DeltaSubject } from '../../../src/core/model/delta.ts';
import type { ServiceIdentity } from '../../../src/core/model/observation.ts';
import { riskOf } from '../../../src/core/risk/risk.ts';

const open = (identity?: Partial<ServiceIdentity>): DeltaSide => ({
  present: true,
  ...(identity === undefined ? {} : { identity: { name: 'unknown', method: 'probed', confidence: 10, ...identity } }),
});
const closed: DeltaSide = { present: false };
const service = (port: number, change: Partial<DeltaSubject> = {}): DeltaSubject => ({
  kind: 'service-added',
  address: '10.0.0.5',
  protocol: 'tcp',
  port,
  ...change,
});
const added = (port: number, identity?: Partial<ServiceIdentity>, address = '10.0.0.5') =>
  riskOf(service(port, { address }), { before: closed, after: open(identity) });

describe('a service that opens', () => {
  it.each([
    [4444, 'critical', 'back doors'],
    [2375, 'critical', 'owns the host'],
    [502, 'critical', 'industrial control'],
    [23, 'high', 'clear text'],
    [3389, 'high', 'Remote Desktop'],
    [3306, 'high', 'database'],
    [6379, 'high', 'no password'],
    [445, 'high', 'worms'],
    [8080, 'medium', 'admin page'],
    [443, 'low', 'web server'],
    [22, 'low', 'SSH'],
  ])('on port %i is %s: %s', (port, risk, hint) => {
    const found = added(port);
    expect(found.risk).toBe(risk);
    expect(found.hint).toContain(hint);
  });

  it('on an unknown port is medium, without a hint', () => {
    expect(added(61_234)).toEqual({ risk: 'medium' });
  });

  it('is recognised by what it answers, wherever it listens', () => {
    expect(added(61_234, { name: 'telnet' }).risk).toBe('high');
    expect(added(8443, { name: 'bindshell' }).risk).toBe('critical');
  });

  it('is not recognised by a name that was only guessed from the port', () => {
    expect(added(61_234, { name: 'telnet', method: 'table' })).toEqual({ risk: 'medium' });
  });

  it('to the world counts one step more, unless it is meant for the world', () => {
    expect(added(3306, undefined, '8.8.8.8')).toMatchObject({
      risk: 'critical',
      hint: expect.stringContaining('open to the world'),
    });
    expect(added(4444, undefined, '2001:4860::8888').risk).toBe('critical');
    expect(added(443, undefined, '8.8.8.8').risk).toBe('low');
    for (const address of ['10.0.0.5', '192.168.1.1', '127.0.0.1', '100.64.0.1', 'fd00::1', 'fe80::1', '::1']) {
      expect(added(3306, undefined, address).risk).toBe('high');
    }
  });

  it('distinguishes TCP from UDP', () => {
    expect(riskOf(service(161, { protocol: 'udp' }), { after: open() }).risk).toBe('high');
    expect(riskOf(service(161), { after: open() }).risk).toBe('medium');
  });
});

describe('a service that goes', () => {
  const removed = (port: number) =>
    riskOf(service(port, { kind: 'service-removed' }), { before: open(), after: closed });

  it('matters where people depend on it', () => {
    expect(removed(443)).toEqual({ risk: 'medium', hint: 'a web server went silent' });
    expect(removed(5432).hint).toBe('a database went silent');
  });

  it('is good where it was a danger, and matters little elsewhere', () => {
    expect(removed(23).risk).toBe('info');
    expect(removed(61_234).risk).toBe('low');
  });
});

describe('a service that changes', () => {
  const changed = (before: Partial<ServiceIdentity>, after: Partial<ServiceIdentity>) =>
    riskOf(service(22, { kind: 'service-changed' }), { before: open(before), after: open(after) });

  it('in its version is low, into another product medium, into an equally dangerous one as bad as that', () => {
    expect(
      changed({ name: 'ssh', product: 'OpenSSH', version: '8.9' }, { name: 'ssh', product: 'OpenSSH', version: '9.0' })
        .risk,
    ).toBe('low');
    expect(changed({ name: 'ssh', product: 'OpenSSH' }, { name: 'ssh', product: 'dropbear' }).risk).toBe('medium');
    expect(changed({ name: 'ssh' }, { name: 'telnet' }).risk).toBe('high');
  });

  it('that lost its TLS is high', () => {
    expect(changed({ name: 'http', tunnel: 'ssl' }, { name: 'http' }).risk).toBe('high');
  });
});

describe('hosts and paths', () => {
  it.each([
    ['host-appeared', 'medium'],
    ['host-down', 'medium'],
    ['host-recovered', 'info'],
    ['target-added', 'low'],
    ['target-removed', 'low'],
    ['outage', 'high'],
    ['all-ports-open', 'medium'],
  ] as const)('%s is %s', (kind, risk) => {
    expect(riskOf({ kind, address: kind === 'outage' ? '10.0.0.0/24' : '10.0.0.5' }, {}).risk).toBe(risk);
  });
});

describe('a probed service that contradicts its port', () => {
  const opens = (port: number, name: string) =>
    riskOf(
      { kind: 'service-added', address: '10.0.0.5', protocol: 'tcp', port },
      { after: { present: true, identity: { name, method: 'probed', confidence: 10 } } },
    );

  it('has the hint of the service, not of the port', () => {
    expect(opens(3389, 'http').hint).toMatch(/web server/);
    expect(opens(22, 'ajp13')).toEqual({ risk: 'medium' });
  });

  it('that only answers HTTP where HTTP is spoken keeps the name of its port', () => {
    expect(opens(2375, 'http').risk).toBe('critical');
    expect(opens(3389, 'tcpwrapped').hint).toMatch(/Remote Desktop/);
  });
});

describe('a service whose name every object inherits', () => {
  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'])('%s has no known risk', (name) => {
    expect(added(65_000, { name })).toEqual({ risk: 'medium' });
    expect(normaliseIdentity({ name, method: 'probed', confidence: 10 }).family).toBe(name.toLowerCase());
  });
});
