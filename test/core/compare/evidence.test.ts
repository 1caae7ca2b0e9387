import { describe, expect, it } from 'vitest';
import {
  compareIdentity,
  hostEvidence,
  portEvidence,
  portLookup,
  sameIdentity,
  stateEvidence,
} from '../../../src/core/compare/evidence.ts';
import type {
  HostObservation,
  PortObservation,
  PortState,
  ServiceIdentity,
} from '../../../src/core/model/observation.ts';

const host = (change: Partial<HostObservation> = {}): HostObservation => ({
  address: '10.0.0.1',
  hostnames: [],
  status: 'up',
  reason: 'echo-reply',
  timedOut: false,
  ports: [],
  extra: [],
  ...change,
});
const port = (number: number, state: PortState, reason: string): PortObservation => ({
  protocol: 'tcp',
  port: number,
  state,
  reason,
});
const identity = (change: Partial<ServiceIdentity>): ServiceIdentity => ({
  name: 'http',
  method: 'probed',
  confidence: 10,
  ...change,
});

describe('the evidence of a port state', () => {
  it.each<[PortState, string, string]>([
    ['open', 'syn-ack', 'strong-present'],
    ['open', 'udp-response', 'strong-present'],
    ['closed', 'reset', 'strong-absent'],
    ['closed', 'conn-refused', 'strong-absent'],
    ['closed', 'port-unreach', 'strong-absent'],
    ['closed', 'no-ipid-change', 'weak-absent'],
    ['filtered', 'admin-prohibited', 'strong-absent'],
    ['filtered', 'host-prohibited', 'strong-absent'],
    ['filtered', 'port-unreach', 'strong-absent'],
    ['filtered', 'host-unreach', 'weak-absent'],
    ['filtered', 'no-response', 'weak-absent'],
    ['open|filtered', 'no-response', 'none'],
    ['unfiltered', 'reset', 'none'],
    ['closed|filtered', 'no-ipid-change', 'weak-absent'],
  ])('%s by %s is %s', (state, reason, strength) => {
    expect(stateEvidence(state, reason).strength).toBe(strength);
  });

  it('describes a reset in words', () => {
    expect(stateEvidence('closed', 'reset').words).toBe('closed: reset received');
  });
});

describe('a port of a host', () => {
  it('is found among the extra ports by their ranges', () => {
    const one = host({
      ports: [port(22, 'open', 'syn-ack')],
      extra: [
        {
          state: 'closed',
          reason: 'reset',
          protocol: 'tcp',
          ports: [
            [1, 21],
            [23, 79],
            [81, 100],
          ],
        },
        { state: 'filtered', reason: 'no-response', protocol: 'tcp', ports: [[80, 80]] },
      ],
    });
    const look = portLookup(one);
    expect(look('tcp', 22).strength).toBe('strong-present');
    expect(look('tcp', 21).strength).toBe('strong-absent');
    expect(look('tcp', 100).strength).toBe('strong-absent');
    expect(look('tcp', 80).strength).toBe('weak-absent');
  });

  it('that is not listed anywhere was not covered', () => {
    const one = host({ extra: [{ state: 'closed', reason: 'reset', protocol: 'tcp', ports: [[1, 10]] }] });
    expect(portEvidence(one, 'tcp', 11)).toEqual({ strength: 'none', words: 'not covered by this scan' });
    expect(portEvidence(one, 'udp', 5).strength).toBe('none');
  });

  it('is no evidence when the host timed out, whatever is listed', () => {
    const one = host({ timedOut: true, ports: [port(22, 'open', 'syn-ack'), port(23, 'closed', 'reset')] });
    expect(portEvidence(one, 'tcp', 22).strength).toBe('none');
    expect(portEvidence(one, 'tcp', 23).strength).toBe('none');
  });

  it('is found in ranges that are not sorted', () => {
    const one = host({
      extra: [
        {
          state: 'closed',
          reason: 'reset',
          protocol: 'tcp',
          ports: [
            [50, 60],
            [1, 10],
            [20, 30],
          ],
        },
      ],
    });
    expect([5, 25, 55].map((number) => portEvidence(one, 'tcp', number).strength)).toEqual(
      Array(3).fill('strong-absent'),
    );
    expect(portEvidence(one, 'tcp', 15).strength).toBe('none');
  });
});

describe('a host', () => {
  it('that is up for a network reason is there, even when it timed out', () => {
    expect(hostEvidence(host({ timedOut: true })).strength).toBe('strong-present');
  });

  it('that is up because the user said so counts only by its ports', () => {
    const silent = [port(22, 'filtered', 'no-response'), port(53, 'open|filtered', 'no-response')];
    expect(hostEvidence(host({ reason: 'user-set', ports: silent })).strength).toBe('none');
    const rejected = [port(22, 'filtered', 'admin-prohibited')];
    expect(hostEvidence(host({ reason: 'user-set', ports: rejected })).strength).toBe('none');
    const reset = [{ state: 'closed', reason: 'reset', protocol: 'tcp', ports: [[1, 10]] }] as const;
    expect(hostEvidence(host({ reason: 'user-set', ports: silent, extra: reset })).strength).toBe('strong-present');
  });

  it('that is down was silent', () => {
    expect(hostEvidence(host({ status: 'down', reason: 'no-response' }))).toEqual({
      strength: 'weak-absent',
      words: 'no answer in one scan',
    });
  });
});

const key = (fingerprint: string, type = 'ed25519') => ({ type, fingerprint });

describe('two reads of a service', () => {
  it.each<[string, Partial<ServiceIdentity>, Partial<ServiceIdentity>, string]>([
    ['another product', { product: 'nginx' }, { product: 'Apache httpd' }, 'strong-changed'],
    [
      'another version',
      { product: 'nginx', version: '1.18.0' },
      { product: 'nginx', version: '1.25.3' },
      'strong-changed',
    ],
    [
      'a distribution patch',
      { product: 'OpenSSH', version: '8.9p1 Ubuntu 3' },
      { product: 'OpenSSH', version: '8.9p1 Ubuntu 4' },
      'strong-changed',
    ],
    ['little confidence', { product: 'nginx' }, { product: 'Apache httpd', confidence: 5 }, 'weak-changed'],
    ['a vanished version', { product: 'nginx', version: '1.18.0' }, { product: 'nginx' }, 'weak-changed'],
    ['a vanished product', { product: 'nginx' }, {}, 'weak-changed'],
    ['a product read for the first time', {}, { product: 'nginx' }, 'same'],
    [
      'a range of versions',
      { product: 'Samba', version: '3.X - 4.X' },
      { product: 'Samba', version: '4.6.2' },
      'weak-changed',
    ],
    [
      'another spelling',
      { product: 'nginx', version: '1.18.0' },
      { name: 'http-proxy', product: 'nginx/1.18.0' },
      'same',
    ],
    [
      'a less exact version',
      { product: 'OpenSSH', version: '8.9p1 Ubuntu 3' },
      { product: 'OpenSSH', version: '8.9p1' },
      'same',
    ],
    ['tcpwrapped', { product: 'nginx' }, { name: 'tcpwrapped', confidence: 8 }, 'none'],
    ['a guess from the port number', { product: 'nginx' }, { name: 'ssh', method: 'table', confidence: 3 }, 'none'],
    ['another key', { hostKeys: [key('aa')] }, { hostKeys: [key('bb')] }, 'strong-changed'],
    ['a further type of key', { hostKeys: [key('aa')] }, { hostKeys: [key('aa'), key('cc', 'rsa')] }, 'same'],
    ['keys of other types', { hostKeys: [key('aa')] }, { hostKeys: [key('cc', 'rsa')] }, 'same'],
    [
      'another certificate',
      { certificate: { fingerprint: 'aa' } },
      { certificate: { fingerprint: 'bb' } },
      'strong-changed',
    ],
    ['TLS that is gone', { tunnel: 'ssl' }, {}, 'strong-changed'],
  ])('%s', (_, before, after, strength) => {
    expect(compareIdentity(identity(before), identity(after)).strength).toBe(strength);
  });

  it('of which one is missing are no change', () => {
    expect(sameIdentity(undefined, identity({ product: 'nginx' }))).toBe(true);
    expect(sameIdentity(identity({ product: 'nginx' }), identity({ product: 'lighttpd' }))).toBe(false);
  });
});
