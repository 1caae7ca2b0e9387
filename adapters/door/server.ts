import { rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import type { Dispatcher, ScanReport } from '../../src/commands/dispatcher.ts';
import { UserError } from '../../src/core/errors.ts';
import type { Principal } from '../../src/core/model/principal.ts';
import { cleanText } from '../../src/core/text.ts';
import { type Chat, DeliveryError } from '../../src/ports/chat.ts';
import type { Log } from '../../src/ports/log.ts';
import { createPeer, type Peer } from './peer.ts';
import { type Answers, DOOR_VERSION, type Orders, REQUESTS, type Requests } from './protocol.ts';

export type DoorHost = {
  dispatcher: Dispatcher;
  waitForScan(scanId: number): Promise<'ok' | 'failed'>;
  reportScan(scanId: number): Promise<ScanReport | undefined>;
  drain(): Promise<void>;
  /** Adds a screen for the console's messages; returns a function that removes it. */
  showOn(console: Chat): () => void;
};

/** The channel of the console's messages, and of every request over the socket. */
const CHANNEL = 'console:main';
/** For this user alone. */
const OWNER_ONLY = 0o077;

/**
 * Listens at `path` (mode 0700). Anybody who can open it could read the database as well, so clients act as the local
 * admin, with their system user in the audit. The caller holds the lock of the data directory, so an existing socket
 * was left by a dead process.
 */
export async function openDoor(options: {
  path: string;
  host: DoorHost;
  log: Log;
}): Promise<{ close(): Promise<void> }> {
  const { path, host, log } = options;
  const visits = new Set<Peer>();
  await rm(path, { force: true });
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    const visit = receive(socket, host);
    visits.add(visit);
    void visit.ended.then(() => visits.delete(visit));
  });
  server.on('error', (error) => log.error({ err: error }, 'the socket for consoles and scripts failed'));
  await listen(server, path);
  return {
    async close() {
      const closed = new Promise((resolve) => {
        server.close(resolve);
      });
      await Promise.all([...visits].map((visit) => visit.close()));
      await closed;
    },
  };
}

/** The socket has its mode from the moment it exists. */
function listen(server: ReturnType<typeof createServer>, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const before = process.umask(OWNER_ONLY);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
    process.umask(before);
  });
}

type Handlers = { [Method in keyof Requests]: (params: Requests[Method]) => Promise<Answers[Method]> };

/** One client, from its hello to its end. */
function receive(socket: Socket, host: DoorHost): Peer {
  let principal: Principal | undefined;
  let leave: (() => void) | undefined;
  const call = () => {
    if (principal === undefined) throw new UserError('Say hello first.');
    return { principal, channel: CHANNEL };
  };
  const handlers: Handlers = {
    hello: async ({ version, user }) => {
      if (version !== DOOR_VERSION) throw otherVersion();
      principal = { key: 'console:local', platform: 'console', name: cleanText(user, 60), memberships: [] };
      return { version: DOOR_VERSION, pid: process.pid };
    },
    attach: async () => {
      call();
      leave ??= host.showOn(consoleAt(peer));
      return null;
    },
    command: async ({ text, rows }) =>
      await host.dispatcher.command({
        ...{ ...call(), input: { type: 'text', text }, canShowForm: false },
        ...(rows === undefined ? {} : { rows }),
      }),
    click: async ({ actionId, fields, canShowForm }) =>
      await host.dispatcher.click({ ...call(), actionId, canShowForm, ...(fields === undefined ? {} : { fields }) }),
    complete: async (asked) => await host.dispatcher.complete({ ...asked, principal: call().principal }),
    waitForScan: async ({ scanId }) => await host.waitForScan(scanId),
    reportScan: async ({ scanId }) => (await host.reportScan(scanId)) ?? null,
    drain: async () => {
      await host.drain();
      return null;
    },
  };
  const peer = createPeer(socket, (method, params) => serve(handlers, method, params));
  void peer.ended.then(() => leave?.());
  return peer;
}

async function serve(handlers: Handlers, method: string, params: unknown): Promise<unknown> {
  if (!isMethod(method)) throw new UserError(`The bot knows no ${cleanText(method, 40)}.`);
  const read = REQUESTS[method].safeParse(params);
  if (!read.success) throw new UserError(`That is not how ${method} is asked.`);
  const handle = handlers[method] as (params: unknown) => Promise<unknown>;
  return await handle(read.data);
}

function isMethod(method: string): method is keyof Requests {
  return Object.hasOwn(REQUESTS, method);
}

function otherVersion(): UserError {
  return new UserError('The bot that runs here is of another version than this program.', {
    hint: 'Restart the bot, so that both are of the version that is installed now.',
  });
}

/** A console in another process on this machine: a message counts as posted when it confirms that it is shown. */
function consoleAt(peer: Peer): Chat {
  const order = async <Name extends keyof Orders>(name: Name, params: Orders[Name]): Promise<unknown> => {
    try {
      return await peer.call(name, params);
    } catch (error) {
      throw new DeliveryError('console-gone', { retryable: true, uncertain: true, cause: error });
    }
  };
  return {
    platform: 'console',
    async post(message) {
      await order('post', message);
      const thread =
        message.inThreadOf === undefined ? undefined : (message.inThreadOf.thread ?? message.inThreadOf.id);
      return { channel: message.channel, id: message.nonce, ...(thread === undefined ? {} : { thread }) };
    },
    update: async (ref, card) => void (await order('update', { ref, card })),
    find: async () => undefined,
    link: async () => undefined,
  };
}
