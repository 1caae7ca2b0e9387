import { describe, expect, it } from 'vitest';
import { createHostTable } from '../../src/core/host-table.ts';
import { parseRun } from '../../src/core/nmap-xml/parse-run.ts';
import { fixture } from './nmap-xml/documents.ts';

const hosts = parseRun(fixture('static_truth_sV.xml')).hosts;

describe('the table of hosts', () => {
  it('gives back what was put in, but for the services of ports that are not open', () => {
    const table = createHostTable();
    for (const host of hosts) table.add(host);
    for (const host of hosts) {
      const ports = host.ports.map((port) => {
        if (port.state === 'open') return port;
        const { service: _, ...rest } = port;
        return rest;
      });
      expect(table.take(host.address)).toEqual({ ...host, ports });
    }
  });

  it('gives each host once and knows those it gave', () => {
    const table = createHostTable();
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
