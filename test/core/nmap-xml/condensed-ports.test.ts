import { describe, expect, it } from 'vitest';
import { portLookup } from '../../../src/core/compare/evidence.ts';
import type { HostObservation, PortState } from '../../../src/core/model/observation.ts';
import { condensedPorts } from '../../../src/core/nmap-xml/condensed-ports.ts';

const TCP = { ports: { tcp: [[1, 100]] as const }, scanTypes: ['syn'] };
const BOTH = { ports: { tcp: [[1, 100]] as const, udp: [[1, 50]] as const }, scanTypes: ['syn', 'udp'] };
const of = (state: PortState | undefined, reason: string, count: number | undefined) => ({ state, reason, count });
const worth = (extra: HostObservation['extra'], protocol: 'tcp' | 'udp', port: number) =>
  portLookup({
    address: '10.0.0.1',
    hostnames: [],
    status: 'up',
    reason: 'reset',
    timedOut: false,
    ports: [],
    extra,
  })(protocol, port);

describe('ports of which an old nmap only wrote the number', () => {
  it('in one state are all in it', () => {
    const extra = condensedPorts([of('closed', 'reset', 100)], TCP, []);
    expect(extra).toEqual([{ state: 'closed', reason: 'reset', protocol: 'tcp', ports: [[1, 100]] }]);
  });

  it('in two states are not open, closed as certainly as their mix suggests', () => {
    const extra = condensedPorts([of('closed', 'reset', 60), of('filtered', 'no-response', 40)], TCP, []);
    expect(worth(extra, 'tcp', 80)).toMatchObject({ strength: 'not-open', closed: 0.6 });
  });

  it('closed for two reasons are closed', () => {
    const extra = condensedPorts([of('closed', 'reset', 60), of('closed', 'conn-refused', 40)], TCP, []);
    expect(worth(extra, 'tcp', 80)).toMatchObject({ strength: 'strong-absent' });
  });

  it('silent for two reasons are silent', () => {
    const extra = condensedPorts([of('filtered', 'no-response', 60), of('filtered', 'host-unreach', 40)], TCP, []);
    expect(worth(extra, 'tcp', 80)).toMatchObject({ strength: 'weak-absent' });
  });

  it('are counted by protocol where the reasons identify it', () => {
    const counts = [
      of('closed', 'reset', 100),
      of('closed', 'port-unreach', 20),
      of('open|filtered', 'no-response', 30),
    ];
    const extra = condensedPorts(counts, BOTH, []);
    expect(worth(extra, 'tcp', 80)).toMatchObject({ strength: 'strong-absent' });
    // A UDP port among them may be open and not answer.
    expect(worth(extra, 'udp', 30)).toMatchObject({ strength: 'none' });
  });

  it('that a filter rejected may be of either protocol, and are not open in both', () => {
    const counts = [
      of('closed', 'reset', 90),
      of('closed', 'port-unreach', 40),
      of('filtered', 'admin-prohibited', 20),
    ];
    const extra = condensedPorts(counts, BOTH, []);
    expect(worth(extra, 'tcp', 80)).toMatchObject({ strength: 'not-open', closed: 0.9 });
    expect(worth(extra, 'udp', 30)).toMatchObject({ strength: 'not-open', closed: 0.8 });
  });

  it.each([
    ['too few', [of('closed', 'reset', 99)]],
    ['too many', [of('closed', 'reset', 99), of('filtered', 'no-response', 2)]],
    ['in no state that is known', [of('closed', 'reset', 90), of(undefined, 'no-response', 10)]],
    ['perhaps open', [of('closed', 'reset', 90), of('open|filtered', 'no-response', 10)]],
    ['perhaps open behind a filter', [of('filtered', 'no-response', 90), of('unfiltered', 'reset', 10)]],
    ['without a number', [of('closed', 'reset', undefined), of('filtered', 'no-response', 10)]],
    ['more of one protocol than were asked', [of('closed', 'port-unreach', 100)]],
  ])('that are %s reveal nothing', (_, counts) => {
    expect(worth(condensedPorts(counts, TCP, []), 'tcp', 80).strength).toBe('none');
  });

  it('of a scan in which open ports are silent may be open', () => {
    const counts = [of('closed', 'reset', 90), of('open|filtered', 'no-response', 10)];
    expect(condensedPorts(counts, { ...TCP, scanTypes: ['fin'] }, [])).toEqual([]);
  });

  it('leave out those that are listed', () => {
    const extra = condensedPorts([of('closed', 'reset', 99)], TCP, [{ protocol: 'tcp', port: 22 }]);
    expect(worth(extra, 'tcp', 22).strength).toBe('none');
    expect(worth(extra, 'tcp', 23).strength).toBe('strong-absent');
  });
});
