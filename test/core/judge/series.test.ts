import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runCoverage } from '../../../src/core/compare/run-coverage.ts';
import { parseRun } from '../../../src/core/nmap-xml/parse-run.ts';
import { judgeSeries } from '../../bench/noise/run-judge.ts';
import { score, type Truth } from '../../bench/noise/score.ts';
import { type SimulationOptions, simulateSeries } from '../../bench/noise/simulate.ts';

const recorded = new URL('../../fixtures/series-loss20/', import.meta.url);

function readSeries() {
  const names = readdirSync(recorded).filter((name) => name.startsWith('scan-'));
  return names.sort().map((name, index) => {
    const { header, hosts, end } = parseRun(gunzipSync(readFileSync(new URL(name, recorded))));
    const { nmapVersion, scanTypes, startedAt } = header;
    const coverage = runCoverage(header, end, hosts);
    return { number: index + 1, at: startedAt, kind: 'scan' as const, nmapVersion, scanTypes, coverage, hosts };
  });
}

function scoreOf(options: Omit<SimulationOptions, 'seed'>, seed: number) {
  const series = simulateSeries({ ...options, seed });
  const { alerts } = judgeSeries(series.map(({ evidence }) => evidence));
  return score({ scans: series.map(({ changes }, scan) => ({ scan, changes })) }, alerts);
}

describe('20 recorded scans of 60 hosts with 20 % loss', () => {
  const truth: Truth = JSON.parse(readFileSync(new URL('truth.json', recorded), 'utf8'));

  it('report every change and nothing else', () => {
    const { alerts } = judgeSeries(readSeries());
    expect(score(truth, alerts)).toMatchObject({ changes: 19, alerted: 19, false: 0, precision: 1, recall: 1 });
  });

  it('distinguish the judge from one that reports nothing, or too much', () => {
    expect(score(truth, []).recall).toBe(0);
    const noise = judgeSeries(readSeries()).alerts.flatMap((alert) => [alert, { ...alert, port: 4711 }]);
    expect(score(truth, noise).precision).toBeLessThan(0.6);
  });
});

describe('simulated series', () => {
  const storm = { hosts: 60, scans: 30, loss: 0.03, retries: 1, rate: 1, bursts: true, outage: true, tarpit: true };

  it.each([1])('with bursts, two outages and two tarpits report nothing false (seed %s)', (seed) => {
    expect(scoreOf(storm, seed)).toMatchObject({ false: 0 });
    expect(scoreOf(storm, seed).recall).toBeGreaterThan(0.85);
  });

  it.each([1])('of 30 hosts that never change, 5 % loss, 60 scans, report nothing at all (seed %s)', (seed) => {
    const series = simulateSeries({ hosts: 30, scans: 60, loss: 0.05, retries: 1, rate: 0, seed });
    expect(judgeSeries(series.map(({ evidence }) => evidence)).alerts).toEqual([]);
  });

  it.each([1])('without retries and with 8 % loss report nothing false (seed %s)', (seed) => {
    expect(scoreOf({ hosts: 60, scans: 30, loss: 0.08, retries: 0, rate: 1 }, seed)).toMatchObject({ false: 0 });
  });
});
