import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { profileSettings } from '../src/core/model/profile.ts';
import { withinLimits } from '../src/core/model/site-limits.ts';

const read = (env: Record<string, string>) => readConfig(env, tmpdir());

describe('limits of a site', () => {
  it('are concurrent nmap processes, and packets a second if given', () => {
    expect(read({ NETDELTA_SITE_LIMITS: 'dmz=2, office=1@500' }).siteLimits).toEqual({
      dmz: { scans: 2 },
      office: { scans: 1, rate: 500 },
    });
    for (const wrong of ['dmz', 'dmz=0', 'dmz=2@', 'dmz=2@x', '=2'])
      expect(() => read({ NETDELTA_SITE_LIMITS: wrong })).toThrow(/NETDELTA_SITE_LIMITS: not a limit.*dmz=2/);
  });

  it('share the packets between the processes, and never speed up a group', () => {
    const limits = { dmz: { scans: 4, rate: 1000 }, slow: { scans: 8, rate: 3 }, free: { scans: 2 } };
    const rate = (site: string, maxRate?: number) =>
      withinLimits(profileSettings('quick', maxRate === undefined ? {} : { maxRate }), site, limits).maxRate;
    expect([rate('dmz'), rate('dmz', 100), rate('dmz', 900), rate('slow')]).toEqual([250, 100, 250, 1]);
    expect([rate('free'), rate('free', 70), rate('elsewhere'), rate('constructor')]).toEqual([
      undefined,
      70,
      undefined,
      undefined,
    ]);
  });
});

describe('NETDELTA_SCANS_AT_ONCE', () => {
  it('is a whole number, by default from the number of cores', () => {
    expect(read({ NETDELTA_SCANS_AT_ONCE: '3' }).scansAtOnce).toBe(3);
    expect(read({}).scansAtOnce).toBeUndefined();
    for (const wrong of ['0', 'many', '1.5', '1000'])
      expect(() => read({ NETDELTA_SCANS_AT_ONCE: wrong })).toThrow(/NETDELTA_SCANS_AT_ONCE: must be a whole number/);
  });
});
