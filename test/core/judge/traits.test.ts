import { describe, expect, it } from 'vitest';
import { traitsOf } from '../../../src/core/judge/traits.ts';
import { host, judgeAll, many, repeat, type Seen, scanOf, toldInAll } from './scans.ts';

const others = many(9, { open: [22] }, 2);
const seen = (traits: Partial<Seen>) => ({ ...others, '10.0.0.1': { open: [22], ...traits } });
const linux = seen({ os: 'Linux 5.4', scripts: { 'http-title': 'Shop' } });
const other = seen({ os: 'FreeBSD 13', scripts: { 'http-title': 'Hacked' } });
const COMPARE = { compare: ['os', 'scripts'] } as const;

describe('guesses of the system and results of scripts', () => {
  it('are kept, and compared only where the group asks for it', () => {
    const scans = [...repeat(3, 1, linux), ...repeat(2, 4, other)];
    const judged = judgeAll(scans);
    expect(toldInAll(judged)).toEqual([]);
    expect(traitsOf(host(judged).memory)).toEqual({
      os: { name: 'FreeBSD 13', accuracy: 96 },
      scripts: [{ name: 'http-title', output: 'Hacked' }],
    });
    expect(toldInAll(judgeAll(scans, COMPARE))).toEqual(['os-changed 10.0.0.1', 'scripts-changed 10.0.0.1']);
    expect(toldInAll(judgeAll(scans, { compare: ['os'] }))).toEqual(['os-changed 10.0.0.1']);
  });

  it('are a change when they were read twice alike: a guess that flips and a clock in a result are not', () => {
    expect(toldInAll(judgeAll([...repeat(3, 1, linux), scanOf(4, other), ...repeat(3, 5, linux)], COMPARE))).toEqual(
      [],
    );
    const clocks = Array.from({ length: 8 }, (_, index) =>
      scanOf(
        index + 1,
        seen({ os: index % 2 === 0 ? 'Linux 5.4' : 'Linux 4.15', scripts: { 'http-date': `day ${index}` } }),
      ),
    );
    expect(toldInAll(judgeAll(clocks, COMPARE))).toEqual([]);
  });

  it('that are missing, or there for the first time, are no change', () => {
    const bare = seen({});
    const more = seen({ os: 'Linux 5.4', scripts: { 'http-title': 'Shop', 'http-server-header': 'nginx' } });
    const scans = [...repeat(3, 1, bare), ...repeat(3, 4, linux), ...repeat(3, 7, bare), ...repeat(3, 10, more)];
    expect(toldInAll(judgeAll(scans, COMPARE))).toEqual([]);
  });

  it('that stay the same leave the belief as it is', () => {
    const { belief } = judgeAll(repeat(4, 1, linux));
    const later = judgeAll([scanOf(5, linux)], {}, belief);
    expect(later.judgements[0]?.hosts.map(({ address }) => address) ?? []).not.toContain('10.0.0.1');
  });

  it.each(['constructor', '__proto__', 'toString'])('of a script called %s are ordinary results', (name) => {
    const before = seen({ scripts: { [name]: 'one' } });
    const after = seen({ scripts: { [name]: 'two' } });
    const judged = judgeAll([...repeat(3, 1, before), ...repeat(2, 4, after)], COMPARE);
    expect(toldInAll(judged)).toEqual(['scripts-changed 10.0.0.1']);
    expect(traitsOf(host(judged).memory).scripts).toEqual([{ name, output: 'two' }]);
    const later = judgeAll([scanOf(6, after)], COMPARE, judged.belief);
    expect(later.judgements[0]?.hosts.map(({ address }) => address) ?? []).not.toContain('10.0.0.1');
  });
});
