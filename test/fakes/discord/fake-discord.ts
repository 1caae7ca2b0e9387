import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refusals } from './answers.ts';
import { answerApplication } from './application-routes.ts';
import { answerChannels } from './channel-routes.ts';
import { openContract } from './contract.ts';
import { createFaults, type Faults } from './faults.ts';
import { createGateway, type FakeGateway } from './gateway.ts';
import type { FakeInteraction } from './interaction.ts';
import { answerInteractions } from './interaction-routes.ts';
import { type FakeAnswer, type FakeRequest, readRequest, refused, sendAnswer, sendRateLimit } from './request.ts';
import { type SeenMessage, see } from './see.ts';
import { type By, createUserActions, type UserActions } from './user.ts';
import {
  ALL_NEEDED,
  createWorld,
  type FakeChannel,
  type FakeGuild,
  type FakeMessage,
  type FakeUser,
  type World,
} from './world.ts';

/** A local Discord: REST, gateway and the people in front of it. Real discord.js connects to it unmodified. */
export type FakeDiscord = UserActions & {
  apiUrl: string;
  world: World;
  guild: FakeGuild;
  channel: FakeChannel;
  gateway: FakeGateway;
  faults: Faults;
  requests: FakeRequest[];
  /** Bodies that Discord's description or its service would refuse. */
  complaints: string[];
  interactions: Map<string, FakeInteraction>;
  /** Every message of a channel counts towards the bucket: `limit` posts in `windowMs`. */
  limitPosts(limit: number, windowMs: number): void;
  addGuild(name: string): FakeGuild;
  addChannel(name: string, options?: { guild?: FakeGuild; denied?: bigint; type?: number }): FakeChannel;
  addRole(name: string): string;
  addUser(name: string, roles?: string[]): FakeUser;
  message(id: string): FakeMessage | undefined;
  threadOn(messageId: string): FakeChannel | undefined;
  /** As the person in front of it sees it. */
  see(message: FakeMessage): SeenMessage;
  close(): Promise<void>;
};

export type { By };

export async function startFakeDiscord(): Promise<FakeDiscord> {
  const world = createWorld();
  const contract = openContract();
  const faults = createFaults();
  const interactions = new Map<string, FakeInteraction>();
  const requests: FakeRequest[] = [];
  const complaints: string[] = [];
  const posts = new Map<string, number[]>();
  let bucket = { limit: Number.POSITIVE_INFINITY, windowMs: 0 };

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  world.origin = `http://127.0.0.1:${port}`;
  const gateway = createGateway(server, world, () => `ws://127.0.0.1:${port}`);

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const attachment = /^\/attachments\/(\d+)\//.exec(incoming.url ?? '')?.[1];
      if (attachment !== undefined) return void response.end(world.attachments.get(attachment)?.data);
      const request = await readRequest(incoming);
      requests.push(request);
      const fault = faults.meet(request);
      switch (fault?.kind) {
        case 'rate-limit':
        case 'rate-limit-global':
          return sendRateLimit(response, fault.retryAfter ?? 1, fault.kind === 'rate-limit-global');
        case 'error':
          return sendAnswer(response, { status: 500, body: { message: '500: Internal Server Error', code: 0 } });
        case 'hang':
          return;
        case 'drop':
          return void incoming.socket.destroy();
        case 'lose-answer':
          answer(request);
          return void incoming.socket.destroy();
      }
      const wait = overLimit(request);
      if (wait > 0) return sendRateLimit(response, wait / 1000, false);
      sendAnswer(response, answer(request));
    } catch (error) {
      sendAnswer(response, refused(error));
    }
  }

  function answer(request: FakeRequest): FakeAnswer {
    try {
      if (!/^\/(?:interactions|webhooks)\//.test(request.path) && request.token !== `Bot ${world.token}`) {
        throw refusals.unauthorized();
      }
      validate(request);
      if (request.path === '/gateway/bot') return { status: 200, body: gatewayBot(port) };
      const found =
        answerChannels(world, request) ??
        answerInteractions(world, interactions, request) ??
        answerApplication(world, request);
      if (found === undefined) throw refusals.notFound();
      return found;
    } catch (error) {
      const answered = refused(error);
      if (answered.status === 500 || (answered.body as { code: number }).code === 50_035)
        complaints.push(String(error));
      return answered;
    }
  }

  function validate({ method, path, body }: FakeRequest): void {
    if (body === undefined) return;
    const found = contract.complaints(method, path, body);
    if (found.length > 0) throw refusals.invalid(found.join('; '));
  }

  function overLimit({ method, path }: FakeRequest): number {
    if (method !== 'POST' || !/^\/channels\/[0-9]+\/messages$/.test(path)) return 0;
    const recent = (posts.get(path) ?? []).filter((time) => time > Date.now() - bucket.windowMs);
    const [oldest] = recent;
    if (recent.length >= bucket.limit && oldest !== undefined) return oldest + bucket.windowMs - Date.now() + 1;
    posts.set(path, [...recent, Date.now()]);
    return 0;
  }

  const people = createPeople(world);
  const guild = people.addGuild('Lab');
  return {
    ...createUserActions({ world, gateway, interactions }),
    ...people,
    apiUrl: `http://127.0.0.1:${port}/api`,
    world,
    guild,
    channel: people.addChannel('alerts'),
    gateway,
    faults,
    requests,
    complaints,
    interactions,
    limitPosts(limit, windowMs) {
      bucket = { limit, windowMs };
    },
    message: (id) =>
      [...world.channels.values()].flatMap((channel) => channel.messages).find((message) => message.id === id),
    threadOn: (messageId) => world.channels.get(messageId),
    see,
    async close() {
      await gateway.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function gatewayBot(port: number): object {
  const limit = { total: 1000, remaining: 999, reset_after: 1000, max_concurrency: 1 };
  return { url: `ws://127.0.0.1:${port}`, shards: 1, session_start_limit: limit };
}

function createPeople(world: World): Pick<FakeDiscord, 'addGuild' | 'addChannel' | 'addRole' | 'addUser'> {
  const first = () => [...world.guilds.values()][0];
  return {
    addGuild(name) {
      const id = world.newId();
      const guild = { id, name, roles: [{ id, name: '@everyone', permissions: ALL_NEEDED }], botRoles: [] };
      world.guilds.set(id, guild);
      return guild;
    },
    addChannel(name, { guild = first(), denied = 0n, type = 0 } = {}) {
      const id = world.newId();
      const channel = { id, guildId: guild?.id, name, type, denied, archived: false, locked: false, messages: [] };
      world.channels.set(id, channel);
      return channel;
    },
    addRole(name) {
      const id = world.newId();
      first()?.roles.push({ id, name, permissions: 0n });
      return id;
    },
    addUser(name, roles = []) {
      const user = { id: world.newId(), username: name, roles };
      world.users.set(user.id, user);
      return user;
    },
  };
}
