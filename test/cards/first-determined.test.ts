import { expect, it } from 'vitest';
import { type FirstDeterminedItem, firstDeterminedLines } from '../../src/cards/first-determined.ts';

it('hosts with the same services are one line, in a time that grows with their number, not with its square', () => {
  const cost = (count: number) => {
    const items = Array.from({ length: count }, (_, host): FirstDeterminedItem => {
      const address = `10.1.${host >> 8}.${host & 255}`;
      return {
        address,
        protocol: 'tcp',
        port: 22,
        identity: { name: 'ssh', method: 'table', confidence: 3 },
        scanId: 1,
        at: 0,
      };
    });
    const before = process.cpuUsage();
    expect(firstDeterminedLines(items)).toHaveLength(1);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  cost(1_000);
  expect(cost(32_000)).toBeLessThan(24 * Math.max(cost(4_000), 10_000));
});
