import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hostPng, hostSvg } from '../../../adapters/charts/host-picture.ts';
import { drawHost } from '../../../src/app/report-thread.ts';
import { hostChart } from '../../../src/core/report/host-chart.ts';
import { WEEK_MS } from '../../../src/core/report/report.ts';

const NOW = Date.UTC(2026, 10, 30, 12);
const ago = (weeks: number) => NOW - weeks * WEEK_MS;
const identity = (name: string) => ({ name, method: 'probed', confidence: 10 }) as const;

const office = hostChart(
  {
    codes: [
      { at: ago(20), code: 'new' },
      { at: ago(11), code: 'services-added' },
      { at: ago(10.9), code: 'unchanged' },
      { at: ago(7), code: 'unresponsive' },
      { at: ago(6.5), code: 'down' },
      { at: ago(5), code: 'recovered' },
      { at: ago(4.9), code: 'unchanged' },
      { at: ago(3), code: 'undetermined' },
      { at: ago(2.6), code: 'services-changed' },
      { at: ago(2.5), code: 'unchanged' },
      { at: ago(0.2), code: 'services-removed' },
    ],
    services: [
      { protocol: 'tcp', port: 22, since: ago(20), until: ago(6.5), identity: identity('ssh') },
      { protocol: 'tcp', port: 22, since: ago(5), identity: identity('ssh') },
      { protocol: 'tcp', port: 443, since: ago(11), until: ago(0.2), identity: identity('https') },
      { protocol: 'tcp', port: 27017, since: ago(2.6), identity: identity('mongodb <img src=x>') },
      { protocol: 'udp', port: 161, since: ago(0.01), identity: identity('snmp') },
    ],
  },
  { address: '2001:db8:1234:5678:9abc:def0:1234:5678', group: 'office <b>', now: NOW },
);
const dmz = hostChart(
  { codes: [{ at: ago(0.3), code: 'new' }], services: [{ protocol: 'tcp', port: 80, since: ago(0.3) }] },
  { address: '10.0.0.5', group: 'dmz', now: NOW },
);

it.each(['light', 'dark'] as const)(
  'the weeks of a host are a %s picture that is readable on a phone',
  async (theme) => {
    const svg = hostSvg([office, dmz], theme);
    const sizes = [...svg.matchAll(/font-size="(\d+)"/g)].map(([, size]) => Number(size));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(20);
    expect(svg).not.toContain('<img');
    // The text also says what the colours show.
    for (const word of ['up', 'misses scans', 'down', 'undetermined', 'services changed', 'port open']) {
      expect(svg).toContain(`>${word}</text>`);
    }
    const places = [...svg.matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)];
    for (const [, x, width] of places) expect(Number(x) + Number(width)).toBeLessThanOrEqual(830.1);
    const png = hostPng([office, dmz], theme);
    expect(png.readUInt32BE(16)).toBe(860);
    const shots = process.env['NETDELTA_SCREENSHOTS'];
    if (shots !== undefined) {
      await mkdir(shots, { recursive: true });
      await writeFile(join(shots, `host-${theme}.png`), png);
    }
  },
);

it('it is drawn off the event loop', async () => {
  const png = Buffer.from(await drawHost([dmz], 'dark'));
  expect(png.equals(hostPng([dmz], 'dark'))).toBe(true);
});
