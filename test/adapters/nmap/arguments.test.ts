import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nmapCall, targetLines } from '../../../adapters/nmap/arguments.ts';
import { UserError } from '../../../src/core/errors.ts';
import { PROFILES } from '../../../src/core/model/profile.ts';
import type { ScanSettings } from '../../../src/core/model/scan.ts';
import { amount } from '../../thorough.ts';

const SETTINGS: ScanSettings = {
  profile: 'own',
  ports: '22,80-90',
  tcp: true,
  udp: false,
  versionDetection: false,
  timing: 4,
  resolveNames: false,
  skipDiscovery: false,
};
const call = (change: Partial<ScanSettings>, raw = true): string =>
  nmapCall({ settings: { ...SETTINGS, ...change }, family: 4 }, raw).args.join(' ');

/** Every argument that a call may contain. */
const ALLOWED =
  /^(?:--privileged|--unprivileged|-6|-v|-n|-s[STUVn]|-p|(?:[TU]:)?\d[\d,\-TU:]*|--top-ports|-Pn|-T[1-5]|--max-retries|--host-timeout|--scan-delay|\d+ms|--max-rate|--script|ssl-cert,ssh-hostkey|--script-timeout|30s|--stats-every|2s|-oX|-iL|-)$/;

describe('the arguments of nmap', () => {
  it('are those of the settings', () => {
    expect(call({})).toBe('--privileged -v -n -sS -p 22,80-90 -T4 --stats-every 2s -oX - -iL -');
    const { ports: _, ...rest } = SETTINGS;
    const full = { ...rest, topPorts: 100, versionDetection: true, skipDiscovery: true, resolveNames: true };
    const pace = { maxRetries: 2, hostTimeoutMs: 1500, scanDelayMs: 10, maxRate: 500 };
    expect(nmapCall({ settings: { ...full, ...pace }, family: 6 }, false).args.join(' ')).toBe(
      '--unprivileged -6 -v -sT --top-ports 100 -sV -Pn -T4 --max-retries 2 --host-timeout 1500ms --scan-delay 10ms --max-rate 500 --stats-every 2s -oX - -iL -',
    );
  });

  it('run no script but the two that identify a service', () => {
    expect(call({ versionDetection: true, scripts: ['ssl-cert'] })).toContain('-sV --script ssl-cert --script-timeout');
    const scripts = JSON.parse('["vuln"]');
    expect(() => call({ versionDetection: true, scripts })).toThrow('not one of those');
  });

  it('exist for every profile', () => {
    for (const { name, settings } of PROFILES) {
      for (const word of nmapCall({ settings: { profile: name, ...settings }, family: 4 }, true).args) {
        expect(word).toMatch(ALLOWED);
      }
    }
  });

  it('name the ports of each protocol', () => {
    expect(call({ udp: true, ports: 'T:22,80,U:53,161' })).toContain('-sS -sU -p T:22,80,U:53,161');
    expect(call({ udp: true, ports: '53' })).toContain('-p T:53,U:53');
    expect(call({ tcp: false, udp: true, ports: 'U:53' })).toContain('-sU -p U:53');
    expect(call({ tcp: false, udp: false })).toContain(' -sn ');
    const many = Array.from({ length: 5000 }, (_, index) => 1 + index * 2).join(',');
    expect(call({ ports: many })).toContain(many);
  });

  it('without raw sockets are those of a connect scan, and say so', () => {
    const { args, notes } = nmapCall({ settings: SETTINGS, family: 4 }, false);
    expect(args).toContain('-sT');
    expect(args).not.toContain('-sS');
    expect(notes).toEqual(['connect scan: no raw sockets']);
  });

  it('without raw sockets leave UDP out, or refuse when nothing else is scanned', () => {
    const both = nmapCall({ settings: { ...SETTINGS, udp: true, ports: 'T:22,U:53' }, family: 4 }, false);
    expect(both.args.join(' ')).toContain('-sT -p 22 ');
    expect(both.notes).toContainEqual(expect.stringContaining('UDP was left out'));
    const settings = { ...SETTINGS, tcp: false, udp: true, ports: 'U:53' };
    expect(() => nmapCall({ settings, family: 4 }, false)).toThrow(UserError);
  });

  it.each<[string, Partial<ScanSettings>]>([
    ['an option as ports', { ports: '--script=evil' }],
    ['ports with an option behind', { ports: '22 -oN /tmp/x' }],
    ['a shell in ports', { ports: '22;id' }],
    ['no ports', { ports: '' }],
    ['ports that there are not', { ports: '0-70000' }],
    ['a range backwards', { ports: '90-80' }],
    ['UDP ports in a TCP scan', { ports: 'U:53' }],
    ['half a retry', { maxRetries: 1.5 }],
    ['a rate of nothing', { maxRate: 0 }],
    ['a time-out that is no number', { hostTimeoutMs: Number.NaN }],
    ['endless delay', { scanDelayMs: Number.POSITIVE_INFINITY }],
  ])('refuse %s', (_, change) => {
    expect(() => call(change)).toThrow(UserError);
  });

  it('never contain anything else, whatever the settings', () => {
    const number = fc.oneof(fc.double(), fc.integer({ min: -1, max: 100_000 }));
    const ports = fc.oneof(fc.string(), fc.stringMatching(/^[TU:0-9,-]{1,12}$/));
    fc.assert(
      fc.property(
        fc.record({ ports, maxRate: number, scanDelayMs: number, maxRetries: number, udp: fc.boolean() }),
        (change) => {
          let words: readonly string[] = [];
          try {
            words = nmapCall({ settings: { ...SETTINGS, ...change }, family: 4 }, true).args;
          } catch (error) {
            expect(error).toBeInstanceOf(UserError);
          }
          for (const word of words) expect(word).toMatch(ALLOWED);
        },
      ),
      { numRuns: amount(100, 1_000) },
    );
  });
});

describe('the targets', () => {
  it('are written as CIDRs', () => {
    expect(targetLines({ ranges: [['127.0.0.0', '127.0.0.9']], family: 4 })).toBe('127.0.0.0/29\n127.0.0.8/31\n');
    expect(targetLines({ ranges: [['::1', '::1']], family: 6 })).toBe('::1\n');
  });

  it('that are no addresses, of another family, or missing are refused', () => {
    expect(() => targetLines({ ranges: [['--script=evil', '127.0.0.1']], family: 4 })).toThrow(RangeError);
    expect(() => targetLines({ ranges: [['::1', '::1']], family: 4 })).toThrow(UserError);
    expect(() => targetLines({ ranges: [], family: 4 })).toThrow(UserError);
  });
});
