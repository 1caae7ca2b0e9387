import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { createLog } from '../../src/app/log.ts';
import { type App, createApp } from '../../src/app.ts';
import type { Config } from '../../src/config.ts';
import { type FakeSlack, type FakeSlackOptions, startFakeSlack } from '../fakes/slack/fake-slack.ts';
import { readMessage } from '../fakes/slack/reading.ts';
import type { StoredMessage } from '../fakes/slack/workspace.ts';
import { freePort } from '../free-ports.ts';
import { PATIENCE_MS } from '../until.ts';

/** Like expect.poll, which cannot be used by tests that run side by side. */
export function eventually<T>(look: () => T): {
  toBe(wanted: T): Promise<void>;
  toEqual(wanted: T): Promise<void>;
  toMatch(wanted: RegExp): Promise<void>;
  toContain(wanted: string): Promise<void>;
  toBeGreaterThan(wanted: number): Promise<void>;
  toBeDefined(): Promise<void>;
} {
  const wait = (check: (seen: T) => void) => vi.waitFor(() => check(look()), { timeout: PATIENCE_MS, interval: 50 });
  return {
    toBe: (wanted) => wait((seen) => expect(seen).toBe(wanted)),
    toEqual: (wanted) => wait((seen) => expect(seen).toEqual(wanted)),
    toMatch: (wanted) => wait((seen) => expect(seen).toMatch(wanted)),
    toContain: (wanted) => wait((seen) => expect(seen).toContain(wanted)),
    toBeGreaterThan: (wanted) => wait((seen) => expect(seen).toBeGreaterThan(wanted)),
    toBeDefined: () => wait((seen) => expect(seen).toBeDefined()),
  };
}

/** All of NetDelta on a fresh data directory, in the local Slack, watching loopback with real nmap. */
export type Session = {
  fake: FakeSlack;
  dataDir: string;
  start(more?: Partial<Config>): Promise<App>;
  stop(): Promise<void>;
  /** A port on loopback that is open until it is closed again; `host` may be all of 127/8 with `0.0.0.0`. */
  open(port: number, host?: string): Promise<Server>;
  close(server: Server): Promise<void>;
  freePort(): Promise<number>;
  /** Types a command as alice, an admin, and waits until an answer, to her or to all, contains the expected text. */
  say(line: string, expected: RegExp): Promise<string>;
  /** Scans the group and waits until the scan's message shows its end. */
  scan(number: number, group?: string): Promise<StoredMessage>;
  message(text: RegExp): StoredMessage | undefined;
  labels(message: StoredMessage): string[];
  end(): Promise<void>;
};

export async function inSession(
  work: (session: Session) => Promise<void>,
  options: FakeSlackOptions = {},
): Promise<void> {
  const session = await openSession(options);
  try {
    await work(session);
  } finally {
    await session.end();
  }
}

async function openSession(options: FakeSlackOptions): Promise<Session> {
  const fake = await startFakeSlack(options);
  const dataDir = await mkdtemp(join(tmpdir(), 'netdelta-slack-'));
  const servers = new Set<Server>();
  let app: App | undefined;
  const close = async (server: Server) => {
    servers.delete(server);
    await new Promise((resolve) => server.close(resolve));
  };
  const message = (text: RegExp) => fake.messagesIn('C0ALERTS').find((one) => text.test(fake.textOf(one)));

  const session: Session = {
    fake,
    dataDir,
    async start(more = {}) {
      app = await createApp(configOf(fake, dataDir, more), { log: createLog('silent') });
      return app;
    },
    async stop() {
      await app?.stop();
      app = undefined;
    },
    async open(port, host = '127.0.0.1') {
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.resume().end();
      });
      servers.add(server);
      server.listen(port, host);
      await once(server, 'listening');
      return server;
    },
    close,
    freePort,
    async say(line, expected) {
      const heard = () => [...fake.ephemeralsOf('U0ALICE'), ...fake.messagesIn('C0ALERTS')];
      const before = new Set(heard());
      await fake.command(line);
      const answers = () =>
        heard()
          .filter((one) => !before.has(one))
          .map(fake.textOf)
          .join('\n');
      await eventually(answers).toMatch(expected);
      return answers();
    },
    async scan(number, group = 'lab') {
      await fake.command(`/netdelta scan now ${group}`);
      const done = new RegExp(`${group}: scan #${number} done`);
      await eventually(() => message(done)?.ts).toBeDefined();
      const found = message(done);
      if (found === undefined) throw new Error('the scan’s message is gone');
      return found;
    },
    message,
    labels: (one) => readMessage(one).controls.map((control) => control.label),
    async end() {
      await session.stop();
      for (const server of servers) await close(server);
      await fake.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return session;
}

function configOf(fake: FakeSlack, dataDir: string, more: Partial<Config>): Config {
  return {
    slack: { botToken: fake.tokens.bot, appToken: fake.tokens.app, apiUrl: fake.apiUrl },
    defaultChannel: 'slack:C0ALERTS',
    admins: ['slack:U0ALICE'],
    allowedTargets: ['127.0.0.0/8'],
    dataDir,
    databaseUrl: `sqlite:${join(dataDir, 'netdelta.sqlite')}`,
    logLevel: 'silent',
    confirmDelaysMs: [200],
    noColor: true,
    ...more,
  };
}
