import { describe, expect, it } from 'vitest';
import { askedAddresses, runCoverage } from '../../../src/core/compare/run-coverage.ts';
import type { RunEnd, RunHeader } from '../../../src/core/model/observation.ts';
import { toCidrs } from '../../../src/core/network/address-ranges.ts';
import { nmapTargets } from '../../../src/core/network/nmap-targets.ts';

const known = (args: string): string => toCidrs(nmapTargets(args).known).join(' ');

describe('the targets of a command line', () => {
  it.each([
    ['nmap -n -T4 -F -oX scan.xml 10.76.0.0/29', '10.76.0.0/29'],
    ['nmap -n -oX scan.xml -T5 --max-retries 1 -F 10.71.0.0/25', '10.71.0.0/25'],
    ['nmap -sV -oX scan.xml 10.9.1.1-2 10.9.1.3', '10.9.1.1 10.9.1.2/31'],
    ['nmap 10.0.0.1,3,5-6', '10.0.0.1 10.0.0.3 10.0.0.5 10.0.0.6'],
    ['nmap 10.0.*.*', '10.0.0.0/16'],
    ['nmap 10.0.0.-', '10.0.0.0/24'],
    ['nmap 10.0.0.254-', '10.0.0.254/31'],
    ['nmap 10.0.1-2.7', '10.0.1.7 10.0.2.7'],
    ['nmap 10.*.*.*', '10.0.0.0/8'],
    ['nmap "10.0.0.1"', '10.0.0.1'],
    ['nmap -6 2001:db8::/126 ::1', '::1 2001:db8::/126'],
    ['nmap 10.0.0.0/30 --exclude 10.0.0.0,10.0.0.3', '10.0.0.1 10.0.0.2'],
    ['nmap --exclude=10.0.0.1 10.0.0.0/31', '10.0.0.0'],
    ['nmap -p 22 -e eth0 -S 10.0.0.9 -g 53 -D 10.0.0.8,ME 10.0.0.1', '10.0.0.1'],
    ['nmap -p22,80 -PS22 -T 4 --dns-servers 10.0.0.53 10.0.0.1', '10.0.0.1'],
    ['nmap -max-retries 1 -exclude 10.0.0.1 10.0.0.0/31', '10.0.0.0'],
    ['nmap --some-future-option 10.0.0.8 10.0.0.1', '10.0.0.1'],
    ['nmap --host_timeout 5s 10.0.0.1', '10.0.0.1'],
    ['nmap -iL - -oX -', ''],
    ['nmap 10.0.0.999', ''],
    ['', ''],
  ])('%s', (args, expected) => {
    expect(known(args)).toBe(expected);
  });

  it('partly come from elsewhere', () => {
    expect(nmapTargets('nmap -iL list.txt -iRx 10.0.0.1 host.example').elsewhere).toEqual({
      lists: ['-iL list.txt', '-iR x'],
      names: ['host.example'],
    });
  });

  it('are not all listed with --open or a file of exclusions', () => {
    expect(nmapTargets('nmap 10.0.0.1').partial).toBe(false);
    for (const args of ['nmap --open 10.0.0.1', 'nmap --excludefile x 10.0.0.1', 'nmap --exclude a.example 10.0.0.1']) {
      expect(nmapTargets(args).partial, args).toBe(true);
    }
  });
});

describe('the coverage of a recorded run', () => {
  const header: RunHeader = {
    nmapVersion: '7.93',
    args: 'nmap -p22 10.0.0.0/30',
    scanTypes: ['syn'],
    ports: { tcp: [[22, 22]] },
    startedAt: 0,
  };
  const end: RunEnd = { complete: true, hostsTotal: 4 };
  const hosts = [{ address: '10.0.0.1' }, { address: '10.0.0.9' }];

  it('is what was scanned and what is listed', () => {
    expect(runCoverage(header, end, hosts)).toEqual({
      addresses: [
        ['10.0.0.0', '10.0.0.3'],
        ['10.0.0.9', '10.0.0.9'],
      ],
      ports: { tcp: [[22, 22]] },
    });
  });

  it('of a run that did not end well is what is listed', () => {
    expect(runCoverage(header, { complete: false }, hosts).addresses).toEqual([
      ['10.0.0.1', '10.0.0.1'],
      ['10.0.0.9', '10.0.0.9'],
    ]);
  });

  it('is discarded when fewer hosts were scanned than the command line holds', () => {
    expect(askedAddresses(header, { complete: true, hostsTotal: 3 })).toEqual([]);
    expect(askedAddresses({ ...header, args: 'nmap --open 10.0.0.0/30' }, end)).toEqual([]);
  });
});
