import { describe, expect, it } from 'vitest';
import { readHost } from '../../../src/core/judge/reading.ts';
import type { ScanEvidence } from '../../../src/core/model/judgement.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/policy.ts';
import { explain } from '../../../src/core/why/explain.ts';
import type { Explanation } from '../../../src/core/why/explanation.ts';
import { sightingWords } from '../../../src/core/why/explanation.ts';
import { judgeAll, linesOf, many, type Seen, scanOf } from './scans.ts';

const A = '10.0.0.1';
const net = many(6, { open: [22, 80] });
const covered = scanOf(1, {}).coverage;

function why(scans: readonly ScanEvidence[], port?: number, address = A, policy = DEFAULT_POLICY): Explanation {
  const { belief } = judgeAll(scans, policy);
  const last = [...(scans.at(-1)?.hosts ?? [])].find((host) => host.address === address);
  return explain(
    {
      ...{ group: belief.group, host: belief.hosts.get(address), policy, askable: true },
      ...(last === undefined ? {} : { reading: readHost(last, covered.ports, 'raw') }),
    },
    { address, ...(port === undefined ? {} : { port }) },
  );
}

const scans = (...hosts: Record<string, Seen>[]) => hosts.map((seen, index) => scanOf(index + 1, seen));
/** It answers, but not on port 80. */
const quiet = { ...net, [A]: { open: [22], silent: [80] } };
const { [A]: _, ...without } = net;

describe('an explanation', () => {
  it('of a service that answers shows since when it is open, and what would remove it', () => {
    const { belief, chance, held, changes } = why(scans(net, net, net), 80);
    expect(belief).toEqual({ words: 'It is believed open', since: 86_400_000 });
    expect([chance, held]).toEqual([undefined, []]);
    expect(changes[0]).toBe('A reset says that it is closed: that is reported as a removed service.');
    expect(changes[1]).toMatch(/^At the usual loss it is reported as removed after about \d+ silent scans?, or sooner/);
  });

  it('of a silent service shows the chance that the judge itself gave', () => {
    const all = scans(net, net, net, quiet).map((scan) => ({ ...scan, askable: true }));
    const candidate = judgeAll(all)
      .judgements.at(-1)
      ?.deltas.find(({ state }) => state === 'candidate');
    expect(linesOf(judgeAll(all).judgements.at(-1), 'candidate')).toEqual([`service-removed ${A} 80/tcp`]);
    const { chance, remembered, held, changes } = why(all, 80);
    expect(chance).toBeCloseTo(candidate?.probability ?? -1, 2);
    expect(remembered[0]).toBe('It was silent in one scan.');
    expect(held).toEqual(['Its silence is not sure enough yet: a lost probe looks the same.']);
    expect(changes[0]).toBe('An answer ends the doubt: nothing is reported.');
  });

  it('of a silent host counts towards down-after', () => {
    const { belief, chance, held, changes } = why(scans(net, net, net, without));
    expect(belief.words).toBe('It is believed up');
    expect(chance).toBeGreaterThan(0);
    expect(held).toEqual(['It has missed one scan in a row; down-after is 3.']);
    expect(changes[1]).toBe(
      'It is reported as down after 2 more scans without an answer and a confirmation without an answer.',
    );
  });

  it('distinguishes a port that was closed from one that was only silent, and from one that was never covered', () => {
    expect(why(scans(net, net), 81).remembered).toEqual([
      'Its last answer was a denial: closed, or rejected by a filter.',
    ]);
    const walled = { ...net, [A]: { open: [22], silent: [81] } };
    expect(why(scans(walled, walled), 81).remembered[0]).toBe(
      'It was silent in 2 scans that covered it, and never closed by an answer.',
    );
    expect(why(scans(net, net), 5000).remembered).toEqual(['No scan has covered it while the host answered.']);
  });

  it('of a service that is gone shows since when', () => {
    const shut = { ...net, [A]: { open: [22] } };
    const { belief, changes } = why(scans(net, net, net, shut, shut), 80);
    expect(belief.words).toBe('It is believed gone');
    expect(belief.since).toBeGreaterThan(3 * 86_400_000);
    expect(changes).toEqual(['An answer is reported: the service is open again.']);
  });

  it('of a service whose host is down promises nothing about its silence', () => {
    const { belief, held, changes } = why(scans(net, net, without, without, without, without, without), 80);
    expect(belief.words).toBe('It was believed open when its host went down');
    expect(held).toEqual(['The host is believed down: its services are not judged until it answers.']);
    expect(changes).toEqual(['An answer of the host: its services are judged again from then on.']);
  });

  it('of a host that never answered shows how many scans covered it', () => {
    expect(why(scans(net, net), undefined, '10.0.0.99').remembered).toEqual(['It was silent in 2 scans.']);
    expect(why(scans(net, net), undefined, '192.0.2.1').remembered).toEqual(['No scan has covered it yet.']);
  });

  it('names the outage that a silent host is part of', () => {
    const { held } = why(scans(net, net, net, {}));
    expect(held[0]).toBe(
      'It is part of the outage of 10.0.0.0/24: its silence says nothing until something answers there.',
    );
  });

  it('names what holds a flapping service back', () => {
    const shut = { ...net, [A]: { open: [22] } };
    const { held } = why(scans(net, ...Array.from({ length: 5 }, () => [shut, net]).flat()), 80);
    expect(held).toContain('The service is unstable: its changes are held back until it settles.');
  });
});

describe('what a scan saw', () => {
  const [seen] = [...scanOf(1, { [A]: { open: [22], silent: [81] } }).hosts];

  it('is described for a port in the words of its evidence', () => {
    expect(sightingWords({ address: A, port: 22 }, covered, seen)).toBe('open: syn-ack received');
    expect(sightingWords({ address: A, port: 23 }, covered, seen)).toBe('closed: reset received');
    expect(sightingWords({ address: A, port: 81 }, covered, seen)).toBe('no answer: filtered or the probe was lost');
  });

  it('is described for a host with its open ports', () => {
    expect(sightingWords({ address: A }, covered, seen)).toBe('up: echo-reply; 1 port open');
  });

  it('of a host that did not answer has no ports', () => {
    const down = { ...seen, address: A, hostnames: [], timedOut: false, extra: [] };
    const silent = { ...down, status: 'down', reason: 'no-response', ports: [] } as const;
    expect(sightingWords({ address: A }, covered, silent)).not.toContain('port');
  });

  it('is empty if the scan did not cover it', () => {
    expect(sightingWords({ address: A, port: 22 }, covered, undefined)).toBe('the host did not answer');
    expect(sightingWords({ address: A, port: 5000 }, covered, undefined)).toBe('not covered by this scan');
    expect(sightingWords({ address: '192.0.2.1' }, covered, undefined)).toBe('not covered by this scan');
  });
});
