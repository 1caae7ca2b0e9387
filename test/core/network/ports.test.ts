import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { type PortSet, PROTOCOLS, type Protocol } from '../../../src/core/model/observation.ts';
import {
  countPorts,
  formatPorts,
  hasPort,
  intersectPorts,
  portSet,
  readPorts,
  subtractPorts,
  unionPorts,
} from '../../../src/core/network/port-sets.ts';
import { parsePortRanges, parsePorts, portExpression } from '../../../src/core/network/ports.ts';

const MAX = 40;
const ranges = fc.array(
  fc
    .tuple(fc.integer({ min: 1, max: MAX }), fc.integer({ min: 0, max: 8 }))
    .map(([first, length]) => [first, first + length] as const),
  { maxLength: 6 },
);
const someSet = fc.record({ tcp: ranges, udp: ranges, sctp: ranges }).map(portSet);

const members = (set: PortSet) =>
  PROTOCOLS.flatMap((protocol) =>
    (set[protocol] ?? []).flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, index) => `${protocol}/${first + index}`),
    ),
  );

test('sets of ports agree with sets of single ports', () => {
  fc.assert(
    fc.property(someSet, someSet, (a, b) => {
      const inA = new Set(members(a));
      const inB = new Set(members(b));
      expect(members(unionPorts(a, b)).toSorted()).toEqual([...new Set([...inA, ...inB])].toSorted());
      expect(members(subtractPorts(a, b))).toEqual(members(a).filter((one) => !inB.has(one)));
      expect(members(intersectPorts(a, b))).toEqual(members(a).filter((one) => inB.has(one)));
      expect(countPorts(a)).toBe(inA.size);
      for (const protocol of PROTOCOLS) {
        for (let port = 0; port <= MAX + 9; port++) {
          expect(hasPort(a, protocol, port)).toBe(inA.has(`${protocol}/${port}`));
        }
      }
    }),
  );
});

test('a set is subtracted from another in one pass, however many ranges a host has', () => {
  const every = (step: number) =>
    Array.from({ length: 16_000 }, (_, index) => [1 + index * 4 + step, 1 + index * 4 + step] as const);
  let reads = 0;
  const counted = new Proxy(every(1), {
    get(target, key, receiver) {
      reads += 1;
      return Reflect.get(target, key, receiver);
    },
  });
  expect(countPorts(subtractPorts({ tcp: [[1, 65_535]] }, { tcp: counted }))).toBe(65_535 - 16_000);
  expect(countPorts(subtractPorts({ tcp: every(0) }, { tcp: counted }))).toBe(16_000);
  expect(reads).toBeLessThan(16_000 * 10);
});

test('the stored form and the expression for nmap read back the same', () => {
  fc.assert(
    fc.property(someSet, (set) => {
      expect(readPorts(formatPorts(set))).toEqual(set);
      const scanned = portSet({ tcp: set.tcp ?? [], udp: set.udp ?? [] });
      if (countPorts(scanned) > 0) expect(parsePorts(portExpression(scanned))).toEqual(scanned);
    }),
  );
});

test.each([
  ['22,80,443', 'tcp:22,80,443'],
  ['443 80,22 22', 'tcp:22,80,443'],
  ['1-1024', 'tcp:1-1024'],
  ['1-10,5-20,21', 'tcp:1-21'],
  ['T:22,U:53', 'tcp:22;udp:53'],
  ['22,u:53,161-162,t:80', 'tcp:22,80;udp:53,161-162'],
  ['53/udp,22/TCP', 'tcp:22;udp:53'],
  ['1-65535', 'tcp:1-65535'],
])('%s means %s', (typed, stored) => {
  expect(formatPorts(parsePorts(typed))).toBe(stored);
});

test('ports without a prefix are UDP where the profile scans UDP', () => {
  expect(portExpression(parsePorts('53,161', 'udp'))).toBe('U:53,161');
  expect(portExpression(parsePorts('T:22,53', 'udp'))).toBe('22,53');
});

test.each([
  ['0-70000', '0-70000'],
  ['22,70000', '70000'],
  ['0', '0'],
  ['99999999999', '99999999999'],
  ['80-22', '80-22'],
  ['http*', 'http*'],
  ['http', 'http'],
  ['S:22', 'S:22'],
  ['-', '-'],
  ['22;id', '22;id'],
  ['--script=evil', '--script=evil'],
  ['22-', '22-'],
])('the ports %s are refused at the word', (typed, word) => {
  expect(() => parsePorts(typed)).toThrow(UserError);
  expect(() => parsePorts(typed)).toThrow(
    expect.objectContaining({ word, hint: expect.stringContaining('1 to 65535') }),
  );
});

test('an empty and an endless list are refused', () => {
  expect(() => parsePorts(' , ')).toThrow('No port was given.');
  expect(() => parsePorts('1,'.repeat(500_000))).toThrow('too long');
});

test("nmap's own list of services is read", () => {
  expect(parsePortRanges('7,9,13,21-23,25-26')).toEqual([
    [7, 7],
    [9, 9],
    [13, 13],
    [21, 23],
    [25, 26],
  ]);
  expect(parsePortRanges('50-60, 1-10,20-x,9-12')).toEqual([
    [1, 12],
    [50, 60],
  ]);
  expect(parsePortRanges('')).toEqual([]);
  expect(parsePortRanges('0-65535')).toEqual([[0, 65_535]]);
});

test('protocols stay apart', () => {
  const protocols: Protocol[] = ['tcp', 'udp'];
  expect(protocols.map((protocol) => hasPort(parsePorts('U:53'), protocol, 53))).toEqual([false, true]);
});
