import { stateEvidence } from './evidence.ts';
import type { HostObservation, PortObservation } from './observation.ts';

/**
 * The hosts of a run in little memory: one short string each, what hosts have in common kept once. A run of 150 MB of
 * XML takes a few MB. Each address once; the first that is added counts.
 */
export type HostTable = {
  add(host: HostObservation): void;
  /** The host, once; an address is `seen` afterwards, whether it was there or not. */
  take(address: string): HostObservation | 'none' | 'seen';
  /** Those that were not taken. */
  rest(): IterableIterator<HostObservation>;
};

type Row = readonly [head: number, hostnames: readonly string[], ports: readonly number[], extra: readonly number[]];
type Head = Omit<HostObservation, 'address' | 'hostnames' | 'ports' | 'extra'>;

export function createHostTable(): HostTable {
  const rows = new Map<string, string>();
  const heads = createPool<Head>();
  const ports = createPool<Omit<PortObservation, 'port'>>();
  const extras = createPool<HostObservation['extra'][number]>();

  function pack({ address: _, hostnames, ports: listed, extra, ...head }: HostObservation): string {
    const pairs = listed.flatMap(({ port, ...rest }) => [port, ports.id(worthKeeping(rest))]);
    const row: Row = [heads.id(head), hostnames, pairs, extra.map((one) => extras.id(one))];
    return JSON.stringify(row);
  }

  function unpack(address: string, packed: string): HostObservation {
    const [head, hostnames, pairs, extra]: Row = JSON.parse(packed);
    const listed: PortObservation[] = [];
    for (let index = 0; index + 1 < pairs.length; index += 2) {
      listed.push({ ...ports.value(pairs[index + 1] ?? 0), port: pairs[index] ?? 0 });
    }
    return { address, ...heads.value(head), hostnames, ports: listed, extra: extra.map((id) => extras.value(id)) };
  }

  return {
    add(host) {
      if (!rows.has(host.address)) rows.set(host.address, pack(host));
    },
    take(address) {
      const packed = rows.get(address);
      rows.set(address, '');
      if (packed === undefined) return 'none';
      return packed === '' ? 'seen' : unpack(address, packed);
    },
    *rest() {
      for (const [address, packed] of rows) if (packed !== '') yield unpack(address, packed);
    },
  };
}

/** What runs on a port matters only while it is open. */
function worthKeeping(port: Omit<PortObservation, 'port'>): Omit<PortObservation, 'port'> {
  if (stateEvidence(port.state, port.reason).strength === 'strong-present') return port;
  const { service: _, ...rest } = port;
  return rest;
}

/** Equal values kept once, under a number. */
function createPool<T>(): { id(value: T): number; value(id: number): T } {
  const ids = new Map<string, number>();
  const texts: string[] = [];
  return {
    id(value) {
      const text = JSON.stringify(value);
      const known = ids.get(text);
      if (known !== undefined) return known;
      ids.set(text, texts.length);
      return texts.push(text) - 1;
    },
    value(id) {
      const value: T = JSON.parse(texts[id] ?? 'null');
      return value;
    },
  };
}
