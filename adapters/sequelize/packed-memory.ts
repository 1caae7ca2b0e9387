import type {
  CoverageMemory,
  FloodMemory,
  GroupMemory,
  HostMemory,
  MissRun,
  OutageMemory,
  ServiceMemory,
} from '../../src/core/judge/memory.ts';
import type { Tally } from '../../src/core/judge/rates.ts';
import type { Memory } from '../../src/core/model/state.ts';
import { fromJson, sharedJson } from './rows.ts';

/** What a field is called in the database, and the fields of what it holds. `*` is every other field, under its own name. */
type Keys = { readonly [name: string]: string | readonly [key: string, inside: Keys] };
/** A field that is added to the judge's memory does not compile without its key. */
type KeysOf<M> = { readonly [Name in keyof M]-?: Keys[string] };

const TALLY = { trials: 'n', misses: 'm' } satisfies KeysOf<Tally>;
const RUN = {
  ...{ scans: 'k', confirmations: 'x', lost: 'l', candidate: 'c', allAlike: 'a', denied: 'd' },
} satisfies KeysOf<MissRun>;
const FLIPS = { flips: 'f', unstable: 'u' };
const PENDING = { identity: 'i', reads: 'n', chance: 'l', candidate: 'c' } satisfies KeysOf<
  NonNullable<ServiceMemory['pending']>
>;
const DARK = { ...RUN, since: 's', reported: 't', network: 'w' } satisfies KeysOf<NonNullable<HostMemory['dark']>>;
const SYSTEM = { name: 'n', accuracy: 'a', pending: 'p' } satisfies KeysOf<NonNullable<HostMemory['system']>>;
const FLOOD = { since: 't', controls: 'c', genuine: 'g' } satisfies KeysOf<FloodMemory>;
const OUTAGE = { area: 'a', since: 't', count: 'n', members: 'm', pathWorks: 'p' } satisfies KeysOf<OutageMemory>;
const COVERAGE = { mode: 'w', addresses: 'a', ports: 'p', ticks: 'r' } satisfies KeysOf<CoverageMemory>;

const SERVICE = {
  ...FLIPS,
  ...{ since: 't', refuted: 'n', earlierScans: 'h', run: ['r', RUN], shyness: 's', nmap: 'v' },
  ...{ pending: ['p', PENDING], warnedDays: 'w', alike: 'o' },
} as const satisfies KeysOf<ServiceMemory>;

const HOST = {
  ...FLIPS,
  ...{ since: 't', denied: 'd', quiet: 'q', refuted: 'n', run: ['r', RUN], shyness: 's', dark: ['e', DARK] },
  ...{ unheardSince: 'x', unheardScans: 'z', codeBefore: 'b', reached: 'w', flood: ['a', FLOOD] },
  ...{ system: ['o', SYSTEM], scripts: 'i', wrapped: 'y' },
} as const satisfies KeysOf<HostMemory>;

const GROUP = {
  ...{ version: 'v', tick: 'tick', number: 'number', at: 'at', scan: 'scan', nmap: 'nmap', floods: 'floods' },
  ...{ coverage: ['coverage', COVERAGE], outages: ['outages', OUTAGE], rates: ['rates', { '*': ['*', TALLY] }] },
  ...{ hosts: ['hosts', TALLY], services: ['services', TALLY], udp: ['udp', TALLY], identities: ['identities', TALLY] },
} as const satisfies KeysOf<GroupMemory>;

/** What the judge remembers, as it is stored: under keys of a letter, since there is one record per service. */
export const servicePacking = packing(SERVICE);
export const hostPacking = packing(HOST);
export const groupPacking = packing(GROUP);

function packing(names: Keys) {
  const keys = turned(names);
  const unpacked = new WeakMap<object, Memory>();
  const unpack = (memory: Memory): Memory => renamed(memory, keys, asItWas);
  return {
    pack: (memory: Memory): string => JSON.stringify(renamed(memory, names, apart)),
    unpack: (text: string): Memory => unpack(fromJson<Memory>(text)),
    /** The same value for the same text, as hosts and services have much in common. Nobody may change what it returns. */
    shared(text: string): Memory {
      const stored = sharedJson<Memory>(text);
      const known = unpacked.get(stored);
      if (known !== undefined) return known;
      const memory = Object.freeze(unpack(stored));
      unpacked.set(stored, memory);
      return memory;
    },
  };
}

function turned(names: Keys): Keys {
  return Object.fromEntries(
    Object.entries(names).map(([name, to]) =>
      typeof to === 'string' ? [to, name] : [to[0], [name, turned(to[1])] as const],
    ),
  );
}

/** What a field that has no key is stored as: its own name, apart from the keys that others have. */
const apart = (name: string, keys: Keys): string => (name.startsWith('=') || keyed(keys).has(name) ? `=${name}` : name);
const asItWas = (name: string): string => (name.startsWith('=') ? name.slice(1) : name);

const keysOf = new WeakMap<Keys, ReadonlySet<string>>();
function keyed(keys: Keys): ReadonlySet<string> {
  const known = keysOf.get(keys) ?? new Set(Object.values(keys).map((to) => (typeof to === 'string' ? to : to[0])));
  keysOf.set(keys, known);
  return known;
}

function renamed(record: Memory, keys: Keys, other: (name: string, keys: Keys) => string): Memory {
  const entries = Object.entries(record).map(([name, value]) => {
    const to = Object.hasOwn(keys, name) ? keys[name] : keys['*'];
    if (to === undefined) return [other(name, keys), value];
    if (typeof to === 'string') return [to, value];
    return [to[0] === '*' ? name : to[0], inside(value, to[1], other)];
  });
  return Object.fromEntries(entries);
}

function inside(value: unknown, keys: Keys, other: (name: string, keys: Keys) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => inside(one, keys, other));
  return isRecord(value) ? renamed(value, keys, other) : value;
}

const isRecord = (value: unknown): value is Memory => typeof value === 'object' && value !== null;
