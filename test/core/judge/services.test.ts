import { describe, expect, it } from 'vitest';
import { host, judgeAll, linesOf, many, repeat, scanOf, service, told, toldInAll } from './scans.ts';

const A = '10.0.0.1';
const web = { [A]: { open: [22, 80] } };

describe('a service', () => {
  it('that was closed and is open alerts at once, even on the second scan', () => {
    const judged = judgeAll([scanOf(1, web), scanOf(2, { [A]: { open: [22, 23, 80] } })]);
    expect(told(judged.judgements[1])).toEqual([`service-added ${A} 23/tcp`]);
    expect(judged.judgements[1]?.deltas[0]).toMatchObject({ grade: 'green', after: { present: true } });
    expect(host(judged).code).toBe('services-added');
  });

  it('that answers with a reset is gone at once', () => {
    const judged = judgeAll([scanOf(1, web), scanOf(2, { [A]: { open: [22] } })]);
    expect(told(judged.judgements[1])).toEqual([`service-removed ${A} 80/tcp`]);
    expect(judged.judgements[1]?.deltas[0]?.evidence).toContain('closed: reset received');
    expect(service(judged, 80)).toMatchObject({ present: false, until: 2 * 86_400_000 });
    expect(host(judged).code).toBe('services-removed');
  });

  it('that a filter rejects is gone at once', () => {
    const judged = judgeAll([scanOf(1, web), scanOf(2, { [A]: { open: [22], rejected: [80] } })]);
    expect(told(judged.judgements[1])).toEqual([`service-removed ${A} 80/tcp`]);
  });

  it('that is silent once is a candidate, and refuted when it answers', () => {
    const silent = scanOf(5, { [A]: { open: [22], silent: [80] } });
    const judged = judgeAll([...repeat(4, 1, web), silent, scanOf(6, web)]);
    expect(linesOf(judged.judgements[4], 'candidate')).toEqual([`service-removed ${A} 80/tcp`]);
    expect(judged.judgements[4]?.deltas[0]?.grade).toBe('red');
    expect(judged.judgements[4]?.doubts).toContainEqual({ address: A, protocol: 'tcp', port: 80 });
    expect(linesOf(judged.judgements[5], 'refuted')).toEqual([`service-removed ${A} 80/tcp`]);
    expect(toldInAll(judged)).toEqual([]);
  });

  it('that stays silent on a path without loss is reported as gone within five scans', () => {
    const silent = repeat(5, 21, { [A]: { open: [22], silent: [80] } });
    const judged = judgeAll([...repeat(20, 1, web), ...silent]);
    expect(toldInAll(judged)).toEqual([`service-removed ${A} 80/tcp`]);
    expect(told(judged.judgements[20])).toEqual([]);
    const delta = judged.judgements.flatMap((one) => one.deltas).find((one) => one.state === 'confirmed');
    expect(delta?.evidence[0]).toMatch(/^no answer in \d scans in a row$/);
  });

  it('with more refuted misses on record waits longer', () => {
    const miss = (number: number) => scanOf(number, { [A]: { open: [22], silent: [80] } });
    const steady = judgeAll([...repeat(20, 1, web), ...Array.from({ length: 8 }, (_, i) => miss(21 + i))]);
    const shaky = judgeAll([
      ...Array.from({ length: 20 }, (_, i) => (i % 4 === 3 ? miss(i + 1) : scanOf(i + 1, web))),
      ...Array.from({ length: 8 }, (_, i) => miss(21 + i)),
    ]);
    const when = (judged: typeof steady) => judged.judgements.findIndex((one) => told(one).length > 0);
    expect(when(steady)).toBeGreaterThan(20);
    expect(when(shaky) === -1 ? 99 : when(shaky)).toBeGreaterThan(when(steady));
  });

  it('is not lost to silence while most other ports of its host are silent too', () => {
    const lossy = {
      [A]: { open: [22], silent: [80, ...Array.from({ length: 60 }, (_, i) => i + 1)].filter((p) => p !== 22) },
    };
    const alternating = Array.from({ length: 12 }, (_, i) => scanOf(4 + i, i % 2 === 0 ? lossy : web));
    const judged = judgeAll([...repeat(3, 1, web), ...alternating]);
    expect(toldInAll(judged)).toEqual([]);
    expect(judged.judgements.flatMap((one) => linesOf(one, 'candidate'))).toEqual([]);
  });

  it('that all neighbours drop at once is not lost on the path, and neither are two of them', () => {
    const ports = [22, 80, 443].map((port) => [port, port] as const);
    const before = repeat(4, 1, many(20, { open: [22, 80, 443] }), { ports });
    const { judgements } = judgeAll([...before, scanOf(5, many(20, { open: [22], silent: [80, 443] }), { ports })]);
    expect(linesOf(judgements[4], 'candidate')).toHaveLength(40);
    for (const { evidence } of judgements[4]?.deltas ?? [])
      expect(evidence).toContain('next to none of such probes are lost in this scan');
    expect(judgements[4]?.notes).toEqual([]);
  });

  it('is not judged by a host that timed out, whatever its ports look like', () => {
    const timedOut = { [A]: { silent: [22, 80], timedOut: true } };
    const judged = judgeAll([...repeat(3, 1, web), ...repeat(10, 4, timedOut)]);
    expect(toldInAll(judged)).toEqual([]);
    expect(host(judged)).toMatchObject({ code: 'undetermined', present: true });
    expect(host(judged).lastSeen).toBeUndefined();
    expect(judged.judgements.at(-1)?.notes).toEqual([
      'one host took longer than the host timeout: that scan gave no evidence about their ports',
    ]);
  });

  it('outside the scanned ports is not closed', () => {
    const narrow = repeat(5, 4, { [A]: { open: [22] } }, { ports: [[1, 30]] });
    const judged = judgeAll([...repeat(3, 1, { [A]: { open: [22, 35] } }), ...narrow]);
    expect(toldInAll(judged)).toEqual([]);
    expect(service(judged, 35)?.present).toBe(true);
  });

  it('of UDP that falls silent is reported as gone like any other', () => {
    const udp = (seen: object) => ({ [A]: { protocol: 'udp' as const, bare: true, ...seen } });
    const asked = { udp: true };
    const silent = repeat(6, 7, udp({ silent: [53] }), asked);
    const judged = judgeAll([...repeat(6, 1, udp({ open: [53] }), asked), ...silent]);
    expect(told(judged.judgements[6])).toEqual([]);
    expect(toldInAll(judged)).toEqual([`service-removed ${A} 53/udp`]);
  });

  it('behind tcpwrapped is ignored by a group that is set so', () => {
    const wrapped = scanOf(2, {
      [A]: { open: [22, 23, 80], identities: { 23: { name: 'tcpwrapped', confidence: 8 } } },
    });
    expect(toldInAll(judgeAll([scanOf(1, web), wrapped]))).toEqual([`service-added ${A} 23/tcp`]);
    expect(toldInAll(judgeAll([scanOf(1, web), wrapped, scanOf(3, web)], { ignoreTcpwrapped: true }))).toEqual([]);
    const later = judgeAll([scanOf(3, web)], { ignoreTcpwrapped: true }, judgeAll([scanOf(1, web), wrapped]).belief);
    expect(toldInAll(later)).toEqual([]);
    expect(service(later, 23)?.present).toBe(false);
  });

  describe('behind an ignored tcpwrapped port', () => {
    const read = (name: string) => ({ name, method: 'probed' as const, confidence: 8 });
    const wrapped = (number: number) =>
      scanOf(number, { [A]: { open: [22, 23, 80], identities: { 23: read('tcpwrapped') } } });
    const unread = (number: number) => scanOf(number, { [A]: { open: [22, 23, 80] } });
    const judged = (...scans: ReturnType<typeof scanOf>[]) => toldInAll(judgeAll(scans, { ignoreTcpwrapped: true }));
    const added = `service-added ${A} 23/tcp`;

    it('is not reported by a scan that reads no versions, on a known host and on a new one', () => {
      expect(judged(scanOf(1, web), wrapped(2), unread(3), unread(4), wrapped(5), unread(6))).toEqual([]);
      expect(judged(wrapped(1), unread(2))).toEqual([]);
    });

    it('is reported when a scan reads what it is', () => {
      const telnet = scanOf(4, { [A]: { open: [22, 23, 80], identities: { 23: read('telnet') } } });
      expect(judged(scanOf(1, web), wrapped(2), unread(3), telnet, unread(5))).toEqual([added]);
      const unknown = scanOf(4, { [A]: { open: [22, 23, 80], identities: { 22: read('ssh') } } });
      expect(judged(scanOf(1, web), wrapped(2), unread(3), unknown)).toEqual([added]);
    });

    it('is reported when the port was closed meanwhile, or the group no longer ignores it', () => {
      expect(judged(scanOf(1, web), wrapped(2), scanOf(3, web), unread(4))).toEqual([added]);
      const before = judgeAll([scanOf(1, web), wrapped(2)], { ignoreTcpwrapped: true }).belief;
      expect(toldInAll(judgeAll([unread(3)], {}, before))).toEqual([added]);
    });
  });

  it('that flaps is called unstable once and then held back', () => {
    const flapping = Array.from({ length: 16 }, (_, i) => scanOf(2 + i, i % 2 === 0 ? { [A]: { open: [22] } } : web));
    const judged = judgeAll([scanOf(1, web), ...flapping]);
    expect(toldInAll(judged)).toHaveLength(4);
    const notes = judged.judgements.flatMap((one) => one.notes);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/10\.0\.0\.1 80\/tcp is unstable/);
    const held = judged.judgements.flatMap((one) => one.deltas).filter((delta) => delta.suppressed === 'unstable');
    expect(held).toHaveLength(12);
    expect(toldInAll(judgeAll([scanOf(1, web), ...flapping], { unstableAfter: 0 }))).toHaveLength(16);
  });

  it('that was unstable is reported again after it has been quiet', () => {
    const flapping = Array.from({ length: 8 }, (_, i) => scanOf(2 + i, i % 2 === 0 ? { [A]: { open: [22] } } : web));
    const judged = judgeAll([scanOf(1, web), ...flapping, ...repeat(20, 10, web), scanOf(30, { [A]: { open: [22] } })]);
    expect(told(judged.judgements.at(-1))).toEqual([`service-removed ${A} 80/tcp`]);
  });
});
