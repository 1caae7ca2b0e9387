import { describe, expect, it } from 'vitest';
import { judgeAll, many, type Seen, scanOf, told, toldInAll } from './scans.ts';

const A = '10.0.0.1';
const DAY = 86_400_000;
const certified = (fingerprint: string, expires: number): Record<string, Seen> => ({
  ...many(4, { open: [443] }),
  [A]: { open: [443], identities: { 443: { tunnel: 'ssl', certificate: { fingerprint, expiresAt: expires * DAY } } } },
});
/** One scan a day, from day 1 to the last; the certificate expires on day 40, and is renewed on day 39. */
const days = (last: number) =>
  Array.from({ length: last }, (_, i) => scanOf(i + 1, i + 1 < 39 ? certified('aa', 40) : certified('bb', 400)));
const line = `certificate-expiring ${A} 443/tcp`;

describe('a certificate that expires', () => {
  const judged = judgeAll(days(41), { certExpiry: true });

  it('is reported 30, 14 and 3 days before, once each, with the days left', () => {
    const nights = judged.judgements.flatMap((one, i) => (told(one).includes(line) ? [i + 1] : []));
    expect(nights).toEqual([10, 26, 37]);
    const words = judged.judgements.flatMap((one) =>
      one.deltas.filter(({ kind }) => kind === 'certificate-expiring').flatMap(({ evidence }) => evidence),
    );
    expect(words).toEqual([
      'its certificate expires in 30 days',
      'its certificate expires in 14 days',
      'its certificate expires in 3 days',
    ]);
  });

  it('is resolved by the first scan that reads its successor', () => {
    const resolved = judged.judgements.map((one) => one.resolved);
    expect(resolved[38]).toEqual([{ kind: 'certificate-expiring', address: A, protocol: 'tcp', port: 443 }]);
    expect(resolved.flat()).toHaveLength(1);
  });

  it('is resolved when its service is closed', () => {
    const closed = { ...certified('aa', 40), [A]: { open: [80] } };
    const after = judgeAll(
      [scanOf(39, closed, { ports: [[1, 500]] })],
      { certExpiry: true },
      judgeAll(days(38), { certExpiry: true }).belief,
    );
    expect(after.judgements[0]?.resolved).toHaveLength(1);
  });

  it('is ignored by a group that has not enabled it', () => {
    expect(toldInAll(judgeAll(days(38)))).toEqual([]);
  });
});
