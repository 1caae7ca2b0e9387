import { endOfHost, HOST_START_LENGTH, type HostSlice, hostAt, isPlain, MAX_SLICE, nextHost } from './host-slice.ts';

export type SliceSink = {
  /** Whether a host that begins at the next byte is a host of the run. */
  mayBegin(): boolean;
  /** The rest waits for the next push. */
  stopped(): boolean;
  /** Returns false for one that must go with the rest. */
  onHost(slice: HostSlice): boolean;
  onOther(bytes: Uint8Array): void;
};

/** Cuts a document that arrives in pieces into plain hosts and everything else, in its order. */
export function createSliceReader(sink: SliceSink): { push(bytes: Uint8Array, last: boolean): void } {
  let rest: Buffer = Buffer.alloc(0);
  /** Bytes of the document before `rest`. */
  let passed = 0;

  /** Index up to which the buffer was read; what is left may be the beginning of a host. */
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

  return {
    push(bytes, last) {
      const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const taken = read(buffer, last);
      passed += taken;
      rest = Buffer.from(buffer.subarray(taken));
    },
  };
}

/** Up to where a host may begin. */
function otherEnd(buffer: Buffer, at: number, last: boolean): number {
  const next = nextHost(buffer, at + 1);
  if (next !== -1) return next;
  return last ? buffer.length : Math.max(at, buffer.length - HOST_START_LENGTH);
}

/** Index behind the host; 0 while its end has not come; the buffer's end when it is too long to wait for that. */
function hostEnd(buffer: Buffer, start: number, last: boolean): number {
  const end = endOfHost(buffer, start);
  if (end !== -1) return end;
  return last || buffer.length - start > MAX_SLICE ? buffer.length : 0;
}
