import { describe, expect, it } from 'vitest';
import { costOfAge } from '../../../adapters/nmap/age.ts';

describe('the age of nmap', () => {
  it.each(['7.91', '7.80', '6.45', '7.9'])('%s costs certainty about closed ports', (version) => {
    expect(costOfAge(version)).toMatchObject({ says: expect.stringContaining('not which') });
  });

  it.each(['7.92', '7.93', '7.95SVN', '8.00', 'unknown'])('%s costs nothing', (version) => {
    expect(costOfAge(version)).toBeUndefined();
  });
});
