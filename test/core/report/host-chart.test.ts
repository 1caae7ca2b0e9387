import { describe, expect, it } from 'vitest';
import { hostChart } from '../../../src/core/report/host-chart.ts';
import { WEEK_MS } from '../../../src/core/report/report.ts';

const NOW = Date.UTC(2026, 10, 30, 12);
const ago = (weeks: number) => NOW - weeks * WEEK_MS;
const about = { address: '10.0.0.5', group: 'lab', now: NOW };
const tcp = (port: number, since: number, until?: number) =>
  ({ protocol: 'tcp', port, since, ...(until === undefined ? {} : { until }) }) as const;

describe('the weeks of a host', () => {
  it('begin a quarter ago, with the status at that time', () => {
    const codes = [
      { at: ago(20), code: 'new' },
      { at: ago(19), code: 'unchanged' },
      { at: ago(3), code: 'unresponsive' },
      { at: ago(2), code: 'down' },
      { at: ago(1), code: 'recovered' },
      { at: ago(0.5), code: 'services-added' },
    ] as const;
    const chart = hostChart({ codes, services: [] }, about);
    expect(chart.from).toBe(ago(13));
    expect(chart.standings).toEqual([
      { from: ago(13), to: ago(3), standing: 'up' },
      { from: ago(3), to: ago(2), standing: 'silent' },
      { from: ago(2), to: ago(1), standing: 'down' },
      { from: ago(1), to: NOW, standing: 'up' },
    ]);
    expect(chart.changes).toEqual([ago(0.5)]);
  });

  it('begin when it was first seen, a week ago at the latest', () => {
    const seen = (weeks: number) => hostChart({ codes: [{ at: ago(weeks), code: 'new' }], services: [] }, about);
    expect(seen(4).from).toBe(ago(4));
    expect(seen(0.1).from).toBe(ago(1));
    expect(hostChart({ codes: [], services: [] }, about)).toMatchObject({ from: ago(1), standings: [], services: [] });
  });

  it('show each port in one row, currently open ones first, and count what does not fit', () => {
    const services = [tcp(22, ago(10), ago(8)), tcp(22, ago(5), ago(4)), tcp(443, ago(6)), tcp(80, ago(30), ago(20))];
    const chart = hostChart({ codes: [{ at: ago(30), code: 'new' }], services }, about);
    expect(chart.services.map(({ label, spans }) => [label, spans.length])).toEqual([
      ['443/tcp', 1],
      ['22/tcp', 2],
    ]);
    const many = Array.from({ length: 20 }, (_, port) => tcp(port + 1, ago(1)));
    const crowded = hostChart({ codes: [], services: many }, about);
    expect([crowded.services.length, crowded.more]).toEqual([14, 6]);
  });
});
