import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCoverage } from '../../../src/core/compare/run-coverage.ts';
import type { ScanEvidence } from '../../../src/core/model/judgement.ts';
import { parseRun } from '../../../src/core/nmap-xml/parse-run.ts';
import { host, judgeAll, service, toldInAll } from './scans.ts';

const directory = new URL('../../fixtures/nmap/', import.meta.url);

/** Recorded scans as evidence, one after the other. */
function recorded(...names: string[]): ScanEvidence[] {
  return names.map((name, index) => {
    const { header, hosts, end } = parseRun(readFileSync(new URL(`${name}.xml`, directory)));
    const { nmapVersion, scanTypes } = header;
    const coverage = runCoverage(header, end, hosts);
    return { number: index + 1, at: (index + 1) * 86_400_000, kind: 'scan', nmapVersion, scanTypes, coverage, hosts };
  });
}

const times = (count: number, name: string): string[] => Array.from({ length: count }, () => name);
const A = '10.8.0.2';

/** The base's host, with port 22 as another recording saw it. */
function asSeen(name: string): ScanEvidence {
  const [evidence] = recorded(name);
  if (evidence === undefined) throw new Error(name);
  const hosts = [...evidence.hosts].map((one) => ({ ...one, address: A }));
  return { ...evidence, coverage: { ...evidence.coverage, addresses: [[A, A]] }, hosts };
}

const numbered = (scans: readonly ScanEvidence[]): ScanEvidence[] =>
  scans.map((scan, index) => ({ ...scan, number: index + 1 }));

describe('a recording by nmap', () => {
  it('a host that timed out loses no service', () => {
    const judged = judgeAll(recorded(...times(4, 'base'), ...times(10, 'timedout')));
    expect(toldInAll(judged)).toEqual([]);
    expect(service(judged, 22, A)?.present).toBe(true);
    expect(host(judged, A)).toMatchObject({ code: 'undetermined', present: true });
  });

  it('a run that was killed only covers its complete hosts', () => {
    const judged = judgeAll(recorded(...times(4, 'base'), ...times(10, 'interrupted')));
    expect(toldInAll(judged)).toEqual([]);
    expect(host(judged, A)).toMatchObject({ code: 'undetermined', present: true });
  });

  it.each(['wrap_drop', 'wrap_rst'])('tcpwrapped (%s) is no change of identity', (name) => {
    const judged = judgeAll(
      numbered([...recorded(...times(4, 'base')), ...times(5, name).map(asSeen), ...recorded('base')]),
    );
    expect(judged.judgements.flatMap((one) => one.deltas)).toEqual([]);
    expect(service(judged, 22, A)?.identity?.product).toBe('OpenSSH');
  });

  it('a scan in which all hosts timed out is no evidence', () => {
    const judged = judgeAll(recorded(...times(4, 'static_truth_sV'), 'all_hosts_timedout', 'static_truth_sV'));
    expect(judged.judgements.flatMap((one) => one.deltas)).toEqual([]);
    expect(new Set([...judged.belief.hosts.values()].map(({ code }) => code))).toEqual(new Set(['unchanged']));
  });

  it.each([1, 2, 3])('a blackout of 8 s in %s scans in a row removes no service', (count) => {
    const judged = judgeAll(recorded(...times(4, 'static_truth_sV'), ...times(count, 'blackout8s_during_sS')));
    expect(toldInAll(judged)).toEqual([]);
    const back = judgeAll(
      numbered(recorded('static_truth_sV')).map((scan) => ({ ...scan, number: 99 })),
      {},
      judged.belief,
    );
    expect(toldInAll(back)).toEqual([]);
  });

  it('one network seen as root and without privileges is one network', () => {
    const judged = judgeAll(recorded('privileged', ...times(6, 'unprivileged'), ...times(3, 'privileged')));
    expect(judged.judgements.flatMap((one) => one.deltas)).toEqual([]);
    const other = judgeAll(recorded(...times(2, 'unprivileged'), ...times(6, 'privileged')));
    expect(other.judgements.flatMap((one) => one.deltas)).toEqual([]);
  });

  it('what never changes is never reported', () => {
    expect(toldInAll(judgeAll(recorded(...times(12, 'static_truth_sV'))))).toEqual([]);
  });
});
