import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupPacking, hostPacking, servicePacking } from '../../../adapters/sequelize/packed-memory.ts';
import { amount } from '../../thorough.ts';

const run = { scans: 2, confirmations: 1, lost: 0.01, candidate: 1, allAlike: 1, denied: 1 };
const identity = { name: 'http', method: 'probed', confidence: 10 };
const service = {
  ...{ since: 4, refuted: 2, earlierScans: 9, run, shyness: [0.5, 7], nmap: 1, warnedDays: 14, alike: [identity] },
  ...{ pending: { identity, reads: 1, chance: 0.1, candidate: 1 }, flips: [3, 5], unstable: 1 },
};
const host = {
  ...{ since: 4, denied: { tcp: '1-100' }, quiet: { tcp: '22' }, refuted: 1, run, shyness: [0.5, 7] },
  ...{ dark: { ...run, since: 6, reported: 1, network: '10.0.0.0/24' }, unheardSince: 8, unheardScans: 2 },
  ...{ codeBefore: 'unchanged', reached: ['raw'], flood: { since: 3, controls: [80], genuine: 1 } },
  ...{ system: { name: 'Linux', accuracy: 96, pending: 'BSD' }, scripts: { 'http-title': ['a', 'b'] } },
};
const tally = { trials: 5, misses: 1 };
const outage = { area: '10.0.0.0/24', since: 3, count: 4, members: [['10.0.0.1', '10.0.0.4']], pathWorks: 1 };
const coverage = { mode: 'raw', addresses: [['10.0.0.0', '10.0.0.255']], ports: { tcp: '1-100' }, ticks: [[1, 9]] };
const group = {
  ...{ version: 1, tick: 9, number: 12, at: 1, scan: 8, coverage: [coverage], nmap: ['7.93'], outages: [outage] },
  ...{ hosts: tally, services: tally, udp: tally, identities: tally, rates: { closed: tally }, floods: [] },
};

/** Names that the judge uses, keys that stand for some, and names that look like what stands for a name. */
const name = fc.oneof(
  fc.constantFrom('flood', 'run', 'since', 'hosts', 'rates', 'a', 'r', 't', 'k', 'v', '=', '=a', '==t', '*', ''),
  fc.string({ maxLength: 3 }).filter((text) => text !== '__proto__'),
);
const { anything } = fc.letrec<{ anything: Record<string, unknown>; value: unknown }>((tie) => ({
  anything: fc.dictionary(name, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  value: fc.oneof({ depthSize: 'small' }, fc.nat(), fc.string(), fc.array(tie('value')), tie('anything')),
}));

describe.each([
  ['service', servicePacking, service],
  ['host', hostPacking, host],
  ['group', groupPacking, group],
] as const)('the memory of a %s', (_, packing, memory) => {
  it('comes back as it was stored', () => {
    expect(packing.unpack(packing.pack(memory))).toEqual(memory);
    expect(packing.shared(packing.pack(memory))).toEqual(memory);
  });

  it('keeps what has no key under its own name', () => {
    expect(packing.unpack(packing.pack({ ...memory, later: { scans: 1 } }))).toMatchObject({ later: { scans: 1 } });
  });

  it('comes back whatever its names are, also those that are keys of others', () => {
    const comesBack = fc.property(anything, (value) => {
      expect(packing.unpack(packing.pack(value))).toEqual(value);
      expect(packing.shared(packing.pack(value))).toEqual(value);
    });
    fc.assert(comesBack, { numRuns: amount(80, 600) });
  });
});

it('what earlier versions stored is read, and written, to the letter', () => {
  const stored = {
    service: '{"t":4,"r":{"k":2,"l":0.01,"c":1},"p":{"i":{"name":"http"},"n":1,"l":0.1},"s":[0.5,7],"h":3}',
    host: '{"t":1,"d":{"tcp":"1-9"},"w":["raw"],"e":{"k":1,"l":0.1,"s":6,"t":1,"w":"10.0.0.0/24"},"a":{"t":3,"g":1}}',
    group:
      '{"v":1,"tick":2,"coverage":[{"w":"raw","a":[],"p":{},"r":[[1,2]]}],"rates":{"shy":{"n":1,"m":0}},"outages":[]}',
  };
  expect(servicePacking.pack(servicePacking.unpack(stored.service))).toBe(stored.service);
  expect(hostPacking.pack(hostPacking.unpack(stored.host))).toBe(stored.host);
  expect(groupPacking.pack(groupPacking.unpack(stored.group))).toBe(stored.group);
  expect(hostPacking.unpack(stored.host)).toMatchObject({ since: 1, dark: { scans: 1, since: 6, reported: 1 } });
});
