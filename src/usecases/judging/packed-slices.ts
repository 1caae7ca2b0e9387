import { promisify } from 'node:util';
import { gunzip, gzipSync } from 'node:zlib';
import type { Seen } from '../../core/model/scan.ts';
import type { HostState } from '../../core/model/state.ts';
import type { HostSlice, PackedList } from '../../ports/store.ts';
import type { JudgedChunks, JudgedSlice, PackedSlice } from './chunks-to-judge.ts';

/** Few enough that the event loop unpacks one within milliseconds, and that a transaction writes one at once. */
export const HOSTS_A_SLICE = 256;
/** Of what was first determined. */
const FOUND_A_SLICE = 5_000;

const unpack = promisify(gunzip);

/** As JSON, of which the hosts of a network have nearly all in common. */
export function packSlice({ hosts, steady, firstDetermined }: JudgedSlice): PackedSlice {
  return {
    hosts: packed({ hosts, steady }),
    first: { count: firstDetermined.length, json: packed(firstDetermined) },
  };
}

/** The hosts that a scan saw: as one list, written a part at a time. Parts that are packed one by one unpack as a whole. */
export function packSeen({ hosts = [] }: Seen): PackedList {
  const parts = [packedText('[')];
  for (let at = 0; at < hosts.length; at += HOSTS_A_SLICE) {
    const items = JSON.stringify(hosts.slice(at, at + HOSTS_A_SLICE)).slice(1, -1);
    parts.push(packedText(at === 0 ? items : `,${items}`));
  }
  return { count: hosts.length, json: Buffer.concat([...parts, packedText(']')]) };
}

const packed = (value: unknown): Uint8Array => packedText(JSON.stringify(value));
const packedText = (text: string): Uint8Array => gzipSync(text, { level: 1 });

/** A judgement that was made as a whole, in slices. */
export function* slicesOf({ judgement, steady }: JudgedChunks): Generator<JudgedSlice, void, undefined> {
  const { hosts, firstDetermined } = judgement;
  for (let at = 0; at < hosts.length; at += HOSTS_A_SLICE) {
    const slice = hosts.slice(at, at + HOSTS_A_SLICE);
    yield { hosts: slice, steady: textsOf(slice, steady), firstDetermined: [] };
  }
  for (let at = 0; at < firstDetermined.length; at += FOUND_A_SLICE) {
    yield { hosts: [], steady: [], firstDetermined: firstDetermined.slice(at, at + FOUND_A_SLICE) };
  }
}

function textsOf(hosts: readonly HostState[], steady: ReadonlyMap<string, string>): JudgedSlice['steady'] {
  return hosts.flatMap(({ address }) => {
    const text = steady.get(address);
    return text === undefined ? [] : [[address, text] as const];
  });
}

/** One slice is unpacked at a time; they can be read again. */
export function hostSlices(slices: readonly PackedSlice[] = []): AsyncIterable<HostSlice> {
  return {
    async *[Symbol.asyncIterator]() {
      for (const { hosts } of slices) yield await unpackHosts(hosts);
    },
  };
}

async function unpackHosts(json: Uint8Array): Promise<HostSlice> {
  const { hosts, steady } = JSON.parse((await unpack(json)).toString('utf8')) as Omit<JudgedSlice, 'firstDetermined'>;
  return { hosts, steady: new Map(steady) };
}

/** Those judged hosts whose addresses are among these. */
export async function judgedAmong(
  { judgement, packed }: Pick<JudgedChunks, 'judgement' | 'packed'>,
  addresses: ReadonlySet<string>,
): Promise<Map<string, HostState>> {
  const found = new Map<string, HostState>();
  const add = (hosts: readonly HostState[]) => {
    for (const host of hosts) if (addresses.has(host.address)) found.set(host.address, host);
  };
  add(judgement.hosts);
  if (addresses.size > 0) for await (const { hosts } of hostSlices(packed)) add(hosts);
  return found;
}
