import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isPlace, isSink, isWho, PLACE_NAMES, platform, platformOf } from '../../src/core/platforms.ts';

describe('the table of platforms', () => {
  it('gives an example that fits, for every place and every person', () => {
    for (const name of PLACE_NAMES) {
      const { placeExample, whoExample } = platform(name);
      expect(isPlace(placeExample), placeExample).toBe(true);
      expect(platformOf(placeExample)).toBe(name);
      if (whoExample !== undefined) expect(isWho(whoExample), whoExample).toBe(true);
    }
  });

  it('is the table of the README', () => {
    const readme = readFileSync('README.md', 'utf8');
    for (const name of PLACE_NAMES) {
      const { placeExample, kind, does, needs = 'nothing' } = platform(name);
      expect(readme).toContain(`| \`${placeExample}\` | ${kind} | ${does} | ${needs} |`);
    }
  });

  it('takes no word for a platform that only an object has, and no path for a name', () => {
    for (const ref of ['constructor:x', 'toString:C1', 'slack', ':C1', 'file:../../etc/passwd', 'file:a/b', 'file:']) {
      expect(isPlace(ref), ref).toBe(false);
    }
    expect(isSink('file:events')).toBe(true);
    expect(isSink('slack:C1')).toBe(false);
    expect(isWho('file:events')).toBe(false);
  });
});
