import { describe, expect, it } from 'vitest';
import { host, judgeAll, linesOf, many, repeat, scanOf, service, told, toldInAll } from './scans.ts';

const A = '10.0.0.1';
const web = { [A]: { open: [22, 80] } };
const ports = Array.from({ length: 100 }, (_, i) => i + 1);
const tarpit = { [A]: { open: ports } };

describe('a host that answers on all ports', () => {
  it('is one delta, and its services are left as they were', () => {
    const judged = judgeAll([scanOf(1, web), ...repeat(4, 2, tarpit)]);
    expect(toldInAll(judged)).toEqual([`all-ports-open ${A}`]);
    expect(judged.judgements[1]?.deltas[0]?.members).toEqual(['1-100/tcp']);
    expect(
      host(judged)
        .services.filter((one) => one.present)
        .map((one) => one.port),
    ).toEqual([22, 80]);
  });

  it('is one delta too when it accepts only some of the ports, scan after scan', () => {
    const asked = { ports: [[1, 400]] } as const;
    const part = { [A]: { open: [22, ...Array.from({ length: 60 }, (_, i) => 101 + i)] } };
    const judged = judgeAll([
      scanOf(1, { [A]: { open: [22] } }, asked),
      ...[2, 3, 4].map((n) => scanOf(n, part, asked)),
    ]);
    expect(toldInAll(judged)).toEqual([`all-ports-open ${A}`]);
  });

  it('is one too where a thousand ports of a new host answer, including closed ones', () => {
    const asked = { ports: [[1, 5_000]] } as const;
    const part = { [A]: { open: Array.from({ length: 1_200 }, (_, i) => 1 + i * 4) } };
    const judged = judgeAll([1, 2, 3, 4, 5, 6].map((n) => scanOf(n, n < 5 ? {} : part, asked)));
    expect(toldInAll(judged)).toEqual([`all-ports-open ${A}`]);
    expect(judged.belief.hosts.size).toBe(0);
  });

  it('is one for a subnet too, which is over when all its hosts are as before', () => {
    const [net, proxied] = [many(6, { open: [22] }), many(6, { open: ports })];
    const last = { ...net, [A]: { open: ports } };
    const judged = judgeAll([...repeat(3, 1, net), scanOf(4, proxied), scanOf(5, last), scanOf(6, net)]);
    expect(toldInAll(judged)).toEqual(['all-ports-open 10.0.0.0/24']);
    const [, , , , some = [], all = []] = judged.judgements.map(({ resolved }) =>
      resolved.map(({ address }) => address),
    );
    expect(some).not.toContain('10.0.0.0/24');
    expect(all).toContain('10.0.0.0/24');
  });

  it('is none where a host that drops the rest opens eleven services: a domain controller, not a tarpit', () => {
    const walled = (open: number[]) => ({ [A]: { open, silent: ports.filter((port) => !open.includes(port)) } });
    const roles = [22, ...Array.from({ length: 11 }, (_, i) => 60 + i)];
    const judged = judgeAll([...repeat(4, 1, walled([22])), scanOf(5, walled(roles))]);
    expect(told(judged.judgements[4])).toEqual(roles.slice(1).map((port) => `service-added ${A} ${port}/tcp`));
    const accepting = judgeAll([...repeat(4, 1, walled([22])), scanOf(5, walled(ports.slice(0, 80)))]);
    expect(toldInAll(accepting)).toEqual([`all-ports-open ${A}`]);
  });

  it('is reported again only after it has stopped', () => {
    const judged = judgeAll([scanOf(1, web), ...repeat(2, 2, tarpit), scanOf(4, web), scanOf(5, tarpit)]);
    expect(toldInAll(judged)).toEqual([`all-ports-open ${A}`, `all-ports-open ${A}`]);
    expect(judged.judgements[3]?.notes).toEqual([`${A} no longer answers on all ports`]);
  });

  it('reports what really changed once it has stopped', () => {
    const judged = judgeAll([scanOf(1, web), ...repeat(2, 2, tarpit), scanOf(4, { [A]: { open: [22] } })]);
    expect(told(judged.judgements[3])).toEqual([`service-removed ${A} 80/tcp`]);
    expect(service(judged, 22)?.present).toBe(true);
  });

  it('is recognised even when the path loses most of its answers', () => {
    const lossy = scanOf(2, {
      [A]: { bare: true, open: [3, 9, 14, 30, 41], silent: ports.filter((port) => port > 41) },
    });
    expect(toldInAll(judgeAll([...repeat(3, 1, web), { ...lossy, number: 4 }]))).toEqual([`all-ports-open ${A}`]);
  });

  it('is recognised by a short list of ports too, all of which turn from closed to open', () => {
    const short = { ports: [[1, 10]] } as const;
    const turned = scanOf(2, { [A]: { open: ports.slice(0, 10) } }, short);
    expect(toldInAll(judgeAll([scanOf(1, { [A]: { open: [1] } }, short), turned]))).toEqual([`all-ports-open ${A}`]);
    const four = { ports: [[1, 4]] } as const;
    const opened = scanOf(2, { [A]: { open: [1, 2, 3, 4] } }, four);
    expect(toldInAll(judgeAll([scanOf(1, { [A]: {} }, four), opened]))).toHaveLength(4);
  });

  it('is not a new host: a proxy that answers for unused addresses is one delta', () => {
    const proxy = { ...web, ...many(30, { open: ports }, 100) };
    const judged = judgeAll([...repeat(4, 1, web), ...repeat(3, 5, proxy)]);
    expect(toldInAll(judged)).toEqual(['all-ports-open 10.0.0.0/24']);
    expect([...judged.belief.hosts.keys()]).toEqual([A]);
  });

  it('is only mentioned while its network is learnt', () => {
    const judged = judgeAll([scanOf(1, { ...web, '10.0.0.9': { open: ports } })]);
    expect(toldInAll(judged)).toEqual([]);
    expect(judged.judgements[0]?.notes).toEqual(['10.0.0.9 answers on all its ports: its services are not judged']);
  });

  it('is genuine when a port that nobody uses is closed', () => {
    const busy = { [A]: { open: [...ports.slice(0, 70)] } };
    const judged = judgeAll([...repeat(2, 1, web), scanOf(3, busy)]);
    const controls = judged.judgements[2]?.doubts.map((doubt) => doubt.port ?? 0) ?? [];
    expect(controls).toHaveLength(3);
    expect(Math.min(...controls)).toBeGreaterThanOrEqual(20_000);
    const asked = { kind: 'confirmation', ports: controls.map((port) => [port, port] as const) } as const;
    const after = judgeAll([scanOf(3, { [A]: {} }, asked), scanOf(4, busy)], {}, judged.belief);
    expect(linesOf(after.judgements[0], 'refuted')).toEqual([`all-ports-open ${A}`]);
    expect(told(after.judgements[1]).filter((line) => line.startsWith('service-added'))).toHaveLength(69);
    const proved = judgeAll([scanOf(3, { [A]: { open: controls } }, asked), scanOf(4, busy)], {}, judged.belief);
    expect(toldInAll(proved)).toEqual([]);
  });

  it('is not a host that opens a few ports, nor a new one with many services', () => {
    const opened = scanOf(2, { [A]: { open: [22, 80, 1, 2, 3, 4, 5, 6] } });
    expect(toldInAll(judgeAll([scanOf(1, web), opened]))).toHaveLength(6);
    const server = { '10.0.0.9': { open: ports.slice(0, 20) } };
    expect(judgeAll([scanOf(1, server)]).judgements[0]?.firstDetermined).toHaveLength(21);
  });
});
