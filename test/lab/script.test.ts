import { expect, test } from 'vitest';
import { createScript } from './script.ts';

const play = (seed: number, scans: number) => {
  const script = createScript({ seed, hosts: 40 });
  return Array.from({ length: scans }, (_, scan) => {
    const before = structuredClone(script.state);
    return { before, changes: script.advance(scan, { rate: 3 }), after: structuredClone(script.state) };
  });
};

test('a script of changes is the same for the same seed and another for another', () => {
  expect(play(1, 10)).toEqual(play(1, 10));
  expect(play(1, 10)).not.toEqual(play(2, 10));
});

test('a script lists exactly the changes between two states', () => {
  for (const { before, changes, after } of play(7, 30)) {
    const differing = new Set(
      [...Object.keys(before), ...Object.keys(after)].filter(
        (address) => JSON.stringify(before[address]) !== JSON.stringify(after[address]),
      ),
    );
    expect(new Set(changes.map(({ host }) => host))).toEqual(differing);
    for (const change of changes) {
      const was = before[change.host];
      const is = after[change.host];
      const open = 'port' in change ? [was?.open[change.port] !== undefined, is?.open[change.port] !== undefined] : [];
      if (change.kind === 'port-opened') expect(open).toEqual([false, true]);
      else if (change.kind === 'port-closed') expect(open).toEqual([true, false]);
      else
        expect([was?.up, is?.up]).toEqual(
          { 'host-down': [true, false], 'host-up': [false, true], 'host-new': [undefined, true] }[change.kind],
        );
    }
  }
});

test('a script undoes nothing sooner than six scans later', () => {
  const last = new Map<string, number>();
  for (const [scan, { changes }] of play(3, 60).entries()) {
    for (const change of changes) {
      const key = `${change.host}${'port' in change ? `:${change.port}` : ''}`;
      expect(scan - (last.get(key) ?? -6)).toBeGreaterThanOrEqual(6);
      last.set(key, scan);
    }
  }
  expect(last.size).toBeGreaterThan(50);
});
