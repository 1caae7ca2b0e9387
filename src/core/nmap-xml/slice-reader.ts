import { endOfHost, HOST_START_LENGTH, type HostSlice, hostAt, isPlain, MAX_SLICE, nextHost } from './host-slice.ts';

export type SliceSink = {
  /** Whether a host that begins at the next byte belongs to the run. */
  mayBegin(): boolean;
  /** The rest waits for the next push. */
  stopped(): boolean;
  /** Returns false for a host that must be read with the rest. */
  onHost(slice: HostSlice): boolean;
  onOther(bytes: Uint8Array): void;
};

/** Splits a document that arrives in pieces into plain hosts and everything else, in order. */
export function createSliceReader(sink: SliceSink): { push(bytes: Uint8Array, last: boolean): void } {
  /** What waits for the next push is at its beginning; it grows when a push needs more room. */
  let room: Buffer = Buffer.alloc(0);
  let waiting = 0;
  /** Bytes of the document before those. */
  let passed = 0;

  /** Returns the index up to which the buffer was read; the remainder may be the beginning of a host. */
  function read(buffer: Buffer, last: boolean): number {
    let at = 0;
    while (at < buffer.length && !sink.stopped()) {
      const start = sink.mayBegin() ? hostAt(buffer, at) : undefined;
      const end = start === undefined ? otherEnd(buffer, at, last) : hostEnd(buffer, start, last);
      if (end <= at) break;
      if (start === undefined || !readHost(buffer.subarray(start, end), passed + start)) {
        sink.onOther(buffer.subarray(at, end));
      }
      at = end;
    }
    return at;
  }

  function readHost(bytes: Buffer, offset: number): boolean {
    return isPlain(bytes) && sink.onHost({ bytes, offset });
  }

  /** Copies the bytes behind those that wait. */
  function add(chunk: Buffer): Buffer {
    const size = waiting + chunk.length;
    if (size > room.length) {
      const larger = Buffer.allocUnsafeSlow(2 * size);
      room.copy(larger, 0, 0, waiting);
      room = larger;
    }
    chunk.copy(room, waiting);
    return room.subarray(0, size);
  }

  return {
    push(bytes, last) {
      const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const buffer = waiting === 0 ? chunk : add(chunk);
      const taken = read(buffer, last);
      passed += taken;
      const left = buffer.subarray(taken);
      waiting = 0;
      add(left);
      waiting = left.length;
    },
  };
}

/** Index up to which no host begins. */
function otherEnd(buffer: Buffer, at: number, last: boolean): number {
  const next = nextHost(buffer, at + 1);
  if (next !== -1) return next;
  return last ? buffer.length : Math.max(at, buffer.length - HOST_START_LENGTH);
}

/** Index after the host; 0 while its end is missing; the buffer's end when it is too long to wait for. */
function hostEnd(buffer: Buffer, start: number, last: boolean): number {
  const end = endOfHost(buffer, start);
  if (end !== -1) return end;
  return last || buffer.length - start > MAX_SLICE ? buffer.length : 0;
}
