import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createHostTable } from '../../../src/core/compare/host-table.ts';
import { parseRun } from '../../../src/core/nmap-xml/parse-run.ts';
import { fixture } from '../nmap-xml/documents.ts';

const { hosts, header } = parseRun(fixture('static_truth_sV.xml'));

describe('the table of hosts', () => {
  it('returns what was put in, except what is not compared', () => {
    const table = createHostTable(header.ports);
    for (const host of hosts) table.add(host);
    for (const host of hosts) {
      const ports = host.ports.map((port) => {
        const { service, ...rest } = port;
        if (port.state !== 'open' || service === undefined) return rest;
        return port;
      });
      const { vendor: _, ...rest } = host;
      expect(table.take(host.address)).toEqual({ ...rest, ports });
    }
  });

  it('separates values that hardly repeat', () => {
    const table = createHostTable(header.ports);
    const service = { name: 'http', product: 'own', method: 'probed', confidence: 10 } as const;
    const port = { protocol: 'tcp', port: 80, state: 'open', reason: 'syn-ack' } as const;
    const numbers = Array.from({ length: 10_000 }, (_, index) => index);
    const [first] = hosts;
    if (first === undefined) throw new Error('no hosts');
    const host = (number: number) => ({
      ...first,
      address: `10.0.${number >> 8}.${number & 255}`,
      ports: [{ ...port, service: { ...service, version: `v"${number}` } }],
    });
    for (const number of numbers) table.add(host(number));
    const wrong = numbers.filter((number) => !isDeepStrictEqual(table.take(host(number).address), host(number)));
    expect(wrong).toEqual([]);
  });

  it('returns each host once and knows those it has returned', () => {
    const table = createHostTable(header.ports);
    const [first, second] = hosts;
    if (first === undefined || second === undefined) throw new Error('no hosts');
    table.add(first);
    table.add({ ...first, status: 'down' });
    table.add(second);
    expect(table.take(first.address)).toMatchObject({ status: 'up' });
    expect(table.take(first.address)).toBe('seen');
    expect(table.take('10.0.0.1')).toBe('none');
    expect(table.take('10.0.0.1')).toBe('seen');
    expect([...table.rest()].map((host) => host.address)).toEqual([second.address]);
  });
});
