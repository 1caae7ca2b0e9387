import fc from 'fast-check';
import type { Expected, Hold, Thing } from './model.ts';

const HOUR = 3_600_000;
export const ADDRESSES = ['10.0.0.1', '10.0.0.2', '10.0.0.3'] as const;
export const PORTS = [1, 2, 3] as const;

export type Step =
  | { do: 'port'; host: number; port: number }
  | { do: 'version'; host: number; port: number }
  | { do: 'host'; host: number }
  | { do: 'scan'; askAgain: boolean; stopped: boolean }
  | { do: 'mute'; what: number; hours: number }
  | { do: 'window'; hours: number }
  | { do: 'unhold'; which: number }
  | { do: 'expect'; host: number; port: number; lasts: 'once' | 'until' }
  | { do: 'answer'; how: 'ack' | 'expected' | 'false-alarm'; which: number }
  | { do: 'undo'; which: number }
  | { do: 'wait'; hours: number }
  | { do: 'restart' };

const host = fc.nat(ADDRESSES.length - 1);
const port = fc.nat(PORTS.length - 1);
const which = fc.nat(7);
const hours = fc.constantFrom(1, 3, 8);

const change = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('port' as const), host, port }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('version' as const), host, port }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('host' as const), host }) },
);
const scan = fc.record({
  do: fc.constant('scan' as const),
  askAgain: fc.boolean(),
  stopped: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

/** Changes happen, are scanned, and people act. */
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: change },
    { weight: 8, arbitrary: scan },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('mute' as const), what: fc.nat(8), hours }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('window' as const), hours }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('unhold' as const), which }) },
    {
      weight: 1,
      arbitrary: fc.record({
        ...{ do: fc.constant('expect' as const), host, port: fc.nat(PORTS.length + 1) },
        lasts: fc.constantFrom('once' as const, 'until' as const),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        ...{ do: fc.constant('answer' as const), which },
        how: fc.constantFrom('ack' as const, 'ack' as const, 'expected' as const, 'false-alarm' as const),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('undo' as const), which }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), hours }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  ),
  { minLength: 1, maxLength: 40, size: 'max' },
);

type Covered = { words: string; covers: Hold['covers'] };

export const ALL: Covered = { words: 'lab', covers: () => true };

/** The possible mutes, each with what it covers. */
export const MUTES: readonly Covered[] = [
  ALL,
  { words: '10.0.0.1', covers: ({ address }) => address === '10.0.0.1' },
  { words: '10.0.0.1:2/tcp', covers: ({ address, port }) => address === '10.0.0.1' && port === 2 },
  { words: '10.0.0.2/31', covers: ({ address }) => address !== '10.0.0.1' },
  { words: '1/tcp', covers: ({ port }) => port === 1 },
  { words: 'host-down', covers: ({ kind }) => kind === 'host-down' },
  { words: 'service-added', covers: ({ kind }) => kind === 'service-added' },
  { words: 'lab/service-removed', covers: ({ kind }) => kind === 'service-removed' },
  { words: 'host-appeared', covers: ({ kind }) => kind === 'host-appeared' },
];

/** A port, any port of a host, or a host that appears or disappears. */
export function expectation(address: string, index: number): { words: string; covers: Expected['covers'] } {
  const one = PORTS[index];
  if (one !== undefined) return { words: `${address}:${one}`, covers: (thing) => onHost(thing) && thing.port === one };
  if (index === PORTS.length)
    return { words: `${address}:any`, covers: (thing) => onHost(thing) && thing.port !== undefined };
  return {
    words: address,
    covers: (thing, appeared) =>
      onHost(thing) &&
      (thing.port === undefined ? isExpectable(thing) : thing.kind === 'service-added' && appeared.has(address)),
  };
  function onHost(thing: Thing): boolean {
    return thing.address === address;
  }
}

/** A returning host is reported if its disappearance was. */
const isExpectable = ({ kind }: Thing): boolean => kind !== 'host-recovered';

export const hoursOf = (count: number): number => count * HOUR;
