import { describe, expect, it } from 'vitest';
import { judgeAll, linesOf, repeat, scanOf, service, told, toldInAll } from './scans.ts';

const A = '10.0.0.1';
type Read = { name?: string; product?: string; version?: string; method?: 'table' | 'probed'; confidence?: number };
const read = (identity: Read) => ({ [A]: { open: [80], identities: { 80: identity } } });
const nginx = read({ name: 'http', product: 'nginx', version: '1.18.0' });
const apache = read({ name: 'http', product: 'Apache httpd', version: '2.4.52' });
const CHANGED = `service-changed ${A} 80/tcp`;

describe('the identity of a service', () => {
  it('changes when two reads agree on another one', () => {
    const judged = judgeAll([...repeat(3, 1, nginx), ...repeat(2, 4, apache)]);
    expect(linesOf(judged.judgements[3], 'candidate')).toEqual([CHANGED]);
    expect(told(judged.judgements[4])).toEqual([CHANGED]);
    expect(judged.judgements[4]?.deltas[0]).toMatchObject({
      grade: 'green',
      before: { identity: { product: 'nginx' } },
      after: { identity: { product: 'Apache httpd' } },
    });
    expect(service(judged, 80)?.identity?.product).toBe('Apache httpd');
  });

  it('read differently once is a candidate that the next read refutes', () => {
    const judged = judgeAll([...repeat(3, 1, nginx), scanOf(4, apache), scanOf(5, nginx)]);
    expect(linesOf(judged.judgements[4], 'refuted')).toEqual([CHANGED]);
    expect(toldInAll(judged)).toEqual([]);
  });

  it('is not changed by two reads that agree neither with it nor with each other', () => {
    const lighttpd = read({ name: 'http', product: 'lighttpd', version: '1.4' });
    expect(toldInAll(judgeAll([...repeat(3, 1, nginx), scanOf(4, apache), scanOf(5, lighttpd)]))).toEqual([]);
  });

  it('spelt differently is the same', () => {
    const proxy = read({ name: 'http-proxy', product: 'nginx/1.18.0' });
    expect(toldInAll(judgeAll([...repeat(3, 1, nginx), ...repeat(5, 4, proxy)]))).toEqual([]);
  });

  it('is not changed by a guess from the port number, nor by tcpwrapped', () => {
    const guess = read({ name: 'http', method: 'table', confidence: 3 });
    const wrapped = read({ name: 'tcpwrapped', confidence: 8 });
    const judged = judgeAll([
      ...repeat(3, 1, nginx),
      ...repeat(5, 4, guess),
      ...repeat(5, 9, wrapped),
      scanOf(14, nginx),
    ]);
    expect(judged.judgements.flatMap((one) => one.deltas)).toEqual([]);
    expect(service(judged, 80)?.identity?.product).toBe('nginx');
  });

  it('is learnt without a delta where it was only guessed or wrapped before', () => {
    const wrapped = read({ name: 'tcpwrapped', confidence: 8 });
    const judged = judgeAll([scanOf(1, wrapped), scanOf(2, nginx)]);
    expect(judged.judgements[1]?.deltas).toEqual([]);
    expect(service(judged, 80)?.identity?.product).toBe('nginx');
  });

  it('that vanishes twice may still be a probe that timed out; it is reported when it stays away', () => {
    const bare = read({ name: 'http', product: 'nginx' });
    const judged = judgeAll([...repeat(3, 1, nginx), ...repeat(6, 4, bare)]);
    expect(told(judged.judgements[4])).toEqual([]);
    expect(toldInAll(judged)).toEqual([CHANGED]);
  });

  it('read by another nmap is learnt again without a delta', () => {
    const newer = { nmapVersion: '7.95' };
    const judged = judgeAll([...repeat(3, 1, nginx), ...repeat(3, 4, apache, newer), ...repeat(2, 7, nginx, newer)]);
    expect(told(judged.judgements[4])).toEqual([]);
    expect(toldInAll(judged)).toEqual([CHANGED]);
    expect(told(judged.judgements[7])).toEqual([CHANGED]);
  });

  it('of a network seen as root, then unprivileged, then by an nmap that spells it differently, is never reported', () => {
    const proxy = read({ name: 'http-proxy', product: 'nginx/1.18.0' });
    const other = read({ name: 'http', product: 'nginx web server', version: '1.18' });
    const connect = { scanTypes: ['connect'] };
    const judged = judgeAll([
      ...repeat(3, 1, nginx),
      ...repeat(3, 4, nginx, connect),
      ...repeat(3, 7, proxy, { ...connect, nmapVersion: '7.80' }),
      ...repeat(3, 10, other, { nmapVersion: '7.95' }),
    ]);
    expect(judged.judgements.flatMap((one) => one.deltas)).toEqual([]);
  });

  it('that is more specific is remembered and not reported', () => {
    const exact = read({ name: 'http', product: 'nginx', version: '1.18.0 Ubuntu' });
    const judged = judgeAll([...repeat(3, 1, nginx), scanOf(4, exact)]);
    expect(judged.judgements[3]?.deltas).toEqual([]);
    expect(service(judged, 80)?.identity?.version).toBe('1.18.0 Ubuntu');
  });
});
