import { connect } from 'node:net';
import type { CommandResult, Dispatcher, ScanReport } from '../../src/commands/dispatcher.ts';
import type { Chat } from '../../src/ports/chat.ts';
import { createPeer, type Serve } from './peer.ts';
import { type Answers, DOOR_VERSION, type Orders, type Requests } from './protocol.ts';

/** The bot that runs on this data directory, as seen from another process of the same user. */
export type Visit = {
  /** The bot's process. */
  pid: number;
  dispatcher: Dispatcher;
  /** A command whose lists have up to `rows` rows rather than a page. */
  command(text: string, rows?: number): Promise<CommandResult>;
  waitForScan(scanId: number): Promise<'ok' | 'failed'>;
  reportScan(scanId: number): Promise<ScanReport | undefined>;
  drain(): Promise<void>;
  /** Resolves when the bot is gone, or this connection was closed. */
  ended: Promise<void>;
  close(): Promise<void>;
};

/**
 * Connects to the socket of a running bot; undefined when nobody listens there. With `screen`, the console's messages
 * are shown on it from now on. Throws UserError when the bot has another version.
 */
export async function knock(path: string, user: string, screen?: Chat): Promise<Visit | undefined> {
  const socket = await connected(path);
  if (socket === undefined) return undefined;
  const peer = createPeer(socket, screen === undefined ? refuse : shownOn(screen));
  const ask = async <Method extends keyof Requests>(method: Method, params: Requests[Method]) =>
    (await peer.call(method, params)) as Answers[Method];
  const { pid } = await ask('hello', { version: DOOR_VERSION, user });
  if (screen !== undefined) await ask('attach', null);
  const command = (text: string, rows?: number) => ask('command', { text, ...(rows === undefined ? {} : { rows }) });
  return {
    pid,
    command,
    dispatcher: {
      command: async ({ input }) => await command(input.type === 'text' ? input.text : input.path.join(' ')),
      click: async ({ actionId, fields, canShowForm }) =>
        await ask('click', { actionId, canShowForm, ...(fields === undefined ? {} : { fields: { ...fields } }) }),
      complete: async ({ path: words, option, typed, options }) =>
        await ask('complete', { path: [...words], option, typed, options: { ...options } }),
      home: async () => ({ title: 'NetDelta', tone: 'neutral', sections: [], controls: [] }),
    },
    waitForScan: (scanId) => ask('waitForScan', { scanId }),
    reportScan: async (scanId) => (await ask('reportScan', { scanId })) ?? undefined,
    drain: async () => void (await ask('drain', null)),
    ended: peer.ended,
    close: peer.close,
  };
}

/** Nobody listens if there is no socket, or only the one of a bot that was killed. */
function connected(path: string): Promise<ReturnType<typeof connect> | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      socket.on('error', () => undefined);
      resolve(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined);
      else reject(error);
    });
  });
}

const refuse: Serve = async () => Promise.reject(new Error('no console is attached here'));

function shownOn(screen: Chat): Serve {
  return async (order, params) => {
    if (order === 'post') return await screen.post(params as Orders['post']);
    if (order === 'update') {
      const { ref, card } = params as Orders['update'];
      return await screen.update(ref, card);
    }
    throw new Error(`a console knows no ${order}`);
  };
}
