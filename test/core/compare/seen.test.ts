import { describe, expect, it } from 'vitest';
import { answersIn, seenIn } from '../../../src/core/compare/seen.ts';
import { scanOf } from '../judge/scans.ts';

describe('what a scan saw', () => {
  it('is who answered it, with the ports that were open', () => {
    const evidence = scanOf(1, { '10.0.0.1': { open: [22, 80] }, '10.0.0.2': {} });
    const seen = seenIn([evidence]);
    expect(seen).toMatchObject({ hostsUp: 2, openPorts: 2 });
    expect(seen.hosts?.map(({ address, ports }) => [address, ports.map(({ port }) => port)])).toEqual([
      ['10.0.0.1', [22, 80]],
      ['10.0.0.2', []],
    ]);
  });

  it('counts no host that was only assumed to be up', () => {
    const silent = { silent: [22], bare: true, reason: 'user-set' };
    const evidence = scanOf(
      1,
      { '10.0.0.1': silent, '10.0.0.2': { open: [22], reason: 'user-set' } },
      { ports: [[22, 22]] },
    );
    expect(seenIn([evidence]).hosts?.map(({ address }) => address)).toEqual(['10.0.0.2']);
  });

  it('counts a host once that two runs of a confirmation scanned', () => {
    const first = scanOf(1, { '10.0.0.1': { open: [22] } }, { ports: [[22, 22]] });
    const second = scanOf(1, { '10.0.0.1': { open: [80] } }, { ports: [[80, 80]] });
    expect(seenIn([first, second])).toMatchObject({ hostsUp: 1, openPorts: 2 });
  });
});

describe('the answers to a confirmation', () => {
  it('are one for each port that it probed, as text', () => {
    const evidence = scanOf(
      1,
      { '10.0.0.1': { open: [22], silent: [80] } },
      {
        ports: [
          [22, 22],
          [80, 80],
        ],
      },
    );
    expect(answersIn([evidence], new Set())).toEqual([
      { address: '10.0.0.1', protocol: 'tcp', port: 22, words: 'open: syn-ack received', open: true },
      {
        address: '10.0.0.1',
        protocol: 'tcp',
        port: 80,
        words: 'no answer: filtered or the probe was lost',
        open: false,
      },
    ]);
  });

  it('are about the host alone where only that was in question', () => {
    const evidence = scanOf(1, { '10.0.0.1': { silent: [22], bare: true, reason: 'user-set' } }, { ports: [[22, 22]] });
    expect(answersIn([evidence], new Set(['10.0.0.1']))).toEqual([
      { address: '10.0.0.1', words: 'up was assumed, and no port answered' },
    ]);
  });
});
