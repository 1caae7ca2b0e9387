import type { Socket } from 'node:net';
import { z } from 'zod';
import { UserError } from '../../src/core/errors.ts';
import { frameOf, readFrames } from './frames.ts';

/** A call and its answer; both sides may call. */
const FRAME = z.union([
  z.object({ call: z.number().int(), method: z.string(), params: z.unknown() }),
  z.object({
    answer: z.number().int(),
    error: z.object({ message: z.string(), hint: z.string().optional(), expected: z.boolean() }),
  }),
  z.object({ answer: z.number().int(), result: z.unknown() }),
]);

export type Serve = (method: string, params: unknown) => Promise<unknown>;

export type Peer = {
  /** Rejects with what the other side threw, or when it is gone. */
  call(method: string, params: unknown): Promise<unknown>;
  /** Resolves when the connection is closed, by either side. */
  ended: Promise<void>;
  /** Finishes answers in progress if they are quick, then closes. */
  close(): Promise<void>;
};

/** A client that waits for the end of a scan must not hold up the end of the bot. */
const GRACE_MS = 1_000;

type Waiting = { resolve(value: unknown): void; reject(error: Error): void };

/** Both ends of a connection over one socket. */
export function createPeer(socket: Socket, serve: Serve): Peer {
  const waiting = new Map<number, Waiting>();
  const underWay = new Set<Promise<void>>();
  let calls = 0;

  async function answer(call: number, method: string, params: unknown): Promise<void> {
    const reply = await serve(method, params).then(
      (result) => ({ answer: call, result: result ?? null }),
      (error: unknown) => ({ answer: call, error: errorFrame(error) }),
    );
    try {
      send(socket, reply);
    } catch (error) {
      // Too long: the caller is to know, and nobody else is to notice.
      send(socket, { answer: call, error: errorFrame(error) });
    }
  }

  function take(value: unknown): void {
    const frame = FRAME.parse(value);
    if ('call' in frame) {
      const work = answer(frame.call, frame.method, frame.params).finally(() => underWay.delete(work));
      underWay.add(work);
      return;
    }
    const caller = waiting.get(frame.answer);
    waiting.delete(frame.answer);
    if ('error' in frame) caller?.reject(errorOf(frame.error));
    else caller?.resolve(frame.result);
  }

  async function listen(): Promise<void> {
    try {
      for await (const value of readFrames(socket)) take(value);
    } catch {
      // A side that breaks off or sends invalid data is gone: its callers are rejected below.
    }
    socket.destroy();
    for (const { reject } of waiting.values()) reject(new Error('the connection to NetDelta ended'));
    waiting.clear();
  }

  const ended = listen();
  return {
    call: (method, params) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new Error('the connection to NetDelta ended'));
        calls += 1;
        send(socket, { call: calls, method, params: params ?? null });
        waiting.set(calls, { resolve, reject });
      }),
    ended,
    async close() {
      await Promise.race([Promise.all(underWay), pause(GRACE_MS)]);
      socket.end();
      await Promise.race([ended, pause(GRACE_MS)]);
      socket.destroy();
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

function send(socket: Socket, value: unknown): void {
  if (socket.writable) socket.write(frameOf(value));
}

function errorFrame(error: unknown) {
  if (!(error instanceof UserError)) {
    return { message: error instanceof Error ? error.message : String(error), expected: false };
  }
  return { message: error.message, expected: true, ...(error.hint === undefined ? {} : { hint: error.hint }) };
}

function errorOf({
  message,
  hint,
  expected,
}: {
  message: string;
  hint?: string | undefined;
  expected: boolean;
}): Error {
  return expected ? new UserError(message, hint === undefined ? {} : { hint }) : new Error(message);
}
