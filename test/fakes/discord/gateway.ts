import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { apiChannel } from './answers.ts';
import { apiRoles, botUser } from './application-routes.ts';
import type { FakeGuild, World } from './world.ts';

type Dispatch = { op: 0; t: string; s: number; d: unknown };
type Session = { id: string; sent: Dispatch[]; socket: WebSocket | undefined };
type Incoming = { op: number; d: { token?: string; session_id?: string; seq?: number } & Record<string, unknown> };

export type FakeGateway = {
  /** Sends an event to every process of the bot, or keeps it for its resume. */
  dispatch(type: string, data: unknown): void;
  /** Whether a socket is open and identified. */
  connected(): boolean;
  counts: { identifies: number; resumes: number };
  /** The socket breaks without notice. */
  drop(): void;
  /** The last event of this type is sent once more, as a resume may do. */
  repeatLast(type: string): void;
  /** Op 7: the client is asked to come back and resume. */
  askReconnect(): void;
  /** Op 9: the session is gone, the client must identify again. */
  invalidate(): void;
  /** Closes with one of Discord's codes, e.g. 4004 for a token that was reset. */
  closeWith(code: number): void;
  close(): Promise<void>;
};

const HEARTBEAT_MS = 41_250;

export function createGateway(server: Server, world: World, url: () => string): FakeGateway {
  const sockets = new WebSocketServer({ server });
  const counts = { identifies: 0, resumes: 0 };
  /** One for each process that identified; the newest is the last. */
  let sessions: Session[] = [];

  sockets.on('connection', (socket) => {
    send(socket, { op: 10, d: { heartbeat_interval: HEARTBEAT_MS } });
    socket.on('message', (raw) => receive(socket, JSON.parse(String(raw)) as Incoming));
    socket.on('close', () => {
      for (const session of sessions) if (session.socket === socket) session.socket = undefined;
    });
  });

  function receive(socket: WebSocket, { op, d }: Incoming): void {
    if (op === 1) send(socket, { op: 11 });
    if (op === 2) identify(socket, d.token);
    if (op === 6) resume(socket, d.session_id, d.seq ?? 0);
  }

  function identify(socket: WebSocket, token: string | undefined): void {
    if (token !== world.token) {
      socket.close(4004, 'Authentication failed.');
      return;
    }
    counts.identifies += 1;
    const session: Session = { id: world.newId(), sent: [], socket };
    sessions.push(session);
    const guilds = [...world.guilds.values()];
    tell(session, 'READY', {
      v: 10,
      user: botUser(world),
      guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: url(),
      application: { id: world.applicationId, flags: 0 },
    });
    for (const guild of guilds) tell(session, 'GUILD_CREATE', guildCreate(world, guild));
  }

  function resume(socket: WebSocket, id: string | undefined, seq: number): void {
    const session = sessions.find((one) => one.id === id);
    if (session === undefined) {
      send(socket, { op: 9, d: false });
      return;
    }
    counts.resumes += 1;
    session.socket = socket;
    for (const missed of session.sent.filter((event) => event.s > seq)) send(socket, missed);
    tell(session, 'RESUMED', {});
  }

  function tell(session: Session, t: string, d: unknown): void {
    const event: Dispatch = { op: 0, t, s: session.sent.length + 1, d };
    session.sent.push(event);
    if (session.socket !== undefined) send(session.socket, event);
  }

  const dispatch = (t: string, d: unknown) => {
    for (const session of sessions) tell(session, t, d);
  };

  return {
    dispatch,
    counts,
    connected: () => sessions.some(({ socket }) => socket !== undefined),
    drop() {
      for (const socket of sockets.clients) socket.terminate();
    },
    repeatLast(type) {
      const last = sessions.at(-1)?.sent.findLast((event) => event.t === type);
      if (last !== undefined) dispatch(type, last.d);
    },
    askReconnect() {
      for (const socket of sockets.clients) send(socket, { op: 7, d: null });
    },
    invalidate() {
      sessions = [];
      for (const socket of sockets.clients) send(socket, { op: 9, d: false });
    },
    closeWith(code) {
      for (const socket of sockets.clients) socket.close(code);
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise((resolve) => sockets.close(resolve));
    },
  };
}

function send(socket: WebSocket, payload: unknown): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(payload));
}

function guildCreate(world: World, guild: FakeGuild): object {
  const channels = [...world.channels.values()].filter((channel) => channel.guildId === guild.id);
  return {
    id: guild.id,
    name: guild.name,
    owner_id: '1',
    unavailable: false,
    roles: apiRoles(guild),
    channels: channels.filter((channel) => channel.parentId === undefined).map(apiChannel),
    threads: channels.filter((channel) => channel.parentId !== undefined).map(apiChannel),
    members: [{ user: botUser(world), roles: guild.botRoles, joined_at: new Date().toISOString(), flags: 0 }],
    member_count: 1,
    joined_at: new Date().toISOString(),
    large: false,
    emojis: [],
    stickers: [],
    features: [],
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
    system_channel_flags: 0,
    premium_tier: 0,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    nsfw_level: 0,
    preferred_locale: 'en-US',
  };
}
