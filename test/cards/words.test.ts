import { describe, expect, it } from 'vitest';
import { identityWords, shortIdentity } from '../../src/cards/words.ts';

describe('what answers at a port', () => {
  const identity = { name: 'ssh', method: 'probed', product: 'OpenSSH', version: '8.9p1', confidence: 10 } as const;

  it('is said in full as nmap says it', () => {
    const longest = { ...identity, product: 'p'.repeat(80), version: 'v'.repeat(80), extrainfo: 'x'.repeat(128) };
    expect(identityWords(longest)).toBe(`ssh, ${'p'.repeat(80)} ${'v'.repeat(80)} (${'x'.repeat(128)})`);
  });

  it('is cut where a forged result has megabytes of it, as is what the others make of it', () => {
    const forged = { ...identity, version: '豊'.repeat(100_000) };
    for (const words of [identityWords, shortIdentity]) expect(words(forged).length).toBeLessThanOrEqual(400);
    expect(identityWords({ name: 'n'.repeat(100_000), method: 'table', confidence: 3 }).length).toBeLessThanOrEqual(
      400,
    );
  });
});
