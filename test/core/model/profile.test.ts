import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { describeSettings, findProfile, PROFILES, profileSettings } from '../../../src/core/model/profile.ts';

test('the profiles scan what their names promise', () => {
  expect(profileSettings('quick')).toMatchObject({ topPorts: 100, tcp: true, udp: false, versionDetection: false });
  expect(profileSettings('standard')).toMatchObject({ topPorts: 1000, tcp: true, versionDetection: true });
  expect(profileSettings('full')).toMatchObject({ ports: '1-65535', tcp: true, versionDetection: true });
  expect(profileSettings('udp')).toMatchObject({ topPorts: 100, tcp: false, udp: true });
  for (const { name } of PROFILES) {
    expect(profileSettings(name)).toMatchObject({ profile: name, resolveNames: false, skipDiscovery: false });
  }
});

test('a given port list replaces the profile’s, and decides what is TCP and UDP', () => {
  expect(profileSettings('standard', { ports: '443 22' })).toMatchObject({ ports: '22,443', tcp: true, udp: false });
  expect(profileSettings('standard', { ports: '443' })).not.toHaveProperty('topPorts');
  expect(profileSettings('quick', { ports: 'T:22,U:53' })).toMatchObject({ ports: 'T:22,U:53', tcp: true, udp: true });
  expect(profileSettings('udp', { ports: '53,161' })).toMatchObject({ ports: 'U:53,161', tcp: false, udp: true });
});

test('settings made from settings are the same', () => {
  const once = profileSettings('udp', { ports: '53', maxRate: 100 });
  expect(profileSettings('udp', { ports: once.ports ?? '', maxRate: 100 })).toEqual(once);
});

test('an unknown profile is refused with the nearest name', () => {
  expect(() => findProfile('standrad')).toThrow(UserError);
  expect(() => findProfile('standrad')).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('`standard`') }),
  );
  expect(() => findProfile('--script')).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('quick, standard') }),
  );
});

test('settings are described as text', () => {
  expect(describeSettings(profileSettings('full'))).toBe(
    'full: all 65,535 TCP ports, with versions, a host is given up after 4 hours',
  );
  expect(describeSettings(profileSettings('quick', { ports: 'T:22,U:53', maxRate: 5000 }))).toBe(
    'quick: 2 TCP and UDP ports (T:22,U:53), without versions, at most 5,000 packets a second, a host is given up after 10 minutes',
  );
  expect(describeSettings(profileSettings('udp'))).toContain('the 100 most common UDP ports');
});

const privileged = process.getuid?.() === 0;

test.skipIf(!privileged)('nmap scans exactly the ports of the expressions (needs root for UDP)', () => {
  for (const [ports, flags, services] of [
    ['22,80-82', ['-sT'], ['22,80-82']],
    ['T:22,U:53', ['-sT', '-sU'], ['22', '53']],
    ['U:53', ['-sU'], ['53']],
  ] as const) {
    const settings = profileSettings('quick', { ports });
    const args = [...flags, '-n', '-Pn', '-p', settings.ports ?? '', '-oX', '-', '127.0.0.1'];
    const run = spawnSync('nmap', args, { encoding: 'utf8' });
    expect(run.status, run.stderr).toBe(0);
    expect([...run.stdout.matchAll(/<scaninfo [^>]*services="([^"]*)"/g)].map((match) => match[1])).toEqual(services);
  }
});
