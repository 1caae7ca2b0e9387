import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { onThisMachine } from '../../until.ts';
import { ACK_MS } from './limits.ts';

export type EnvelopeType = 'slash_commands' | 'interactive' | 'events_api';

/** What the app answered, and how long it took. */
export type Ack = { payload: Record<string, unknown>; ms: number };

/** The far end of Socket Mode. */
export type Sockets = {
  /** A one-time address for apps.connections.open. */
  ticket(): string;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Rejects with `dispatch_failed` (nobody connected) or `operation_timeout` (no answer within 3 s), as users see. */
  send(type: EnvelopeType, payload: Record<string, unknown>): Promise<Ack>;
  /** Asks every client to reconnect, as Slack does now and then. */
  refresh(reason: 'refresh_requested' | 'warning' | 'link_disabled'): void;
  /** Cuts every connection without notice. */
  drop(): void;
  connected(): number;
  /** How many were ever accepted. */
  accepted(): number;
  close(): void;
};

export function createSockets(): Sockets {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const waiting = new Map<string, (payload: Record<string, unknown>) => void>();
  let accepted = 0;

  server.on('connection', (socket) => {
    accepted += 1;
    socket.on('message', (data) => {
      const answer = JSON.parse(String(data)) as { envelope_id: string; payload?: Record<string, unknown> };
      waiting.get(answer.envelope_id)?.(answer.payload ?? {});
    });
    socket.on('error', () => {});
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: server.clients.size,
        debug_info: { host: 'applink-lab', approximate_connection_time: 18060 },
        connection_info: { app_id: 'A0NETDELTA' },
      }),
    );
  });

  return {
    ticket() {
      const ticket = randomUUID();
      tickets.add(ticket);
      return ticket;
    },
    upgrade(request, socket, head) {
      const ticket = new URL(request.url ?? '/', 'http://localhost').searchParams.get('ticket') ?? '';
      if (!tickets.delete(ticket)) {
        socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, (webSocket) => server.emit('connection', webSocket, request));
    },
    async send(type, payload) {
      const open = [...server.clients].filter((client) => client.readyState === WebSocket.OPEN).pop();
      if (open === undefined) throw new Error('dispatch_failed');
      const id = randomUUID();
      const started = performance.now();
      const answered = new Promise<Record<string, unknown>>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('operation_timeout')), onThisMachine(ACK_MS));
        waiting.set(id, (answer) => {
          clearTimeout(timer);
          resolve(answer);
        });
      });
      open.send(JSON.stringify({ type, envelope_id: id, accepts_response_payload: type !== 'events_api', payload }));
      return { payload: await answered.finally(() => waiting.delete(id)), ms: performance.now() - started };
    },
    refresh(reason) {
      const frame = JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'applink-lab' } });
      for (const client of server.clients) client.send(frame);
    },
    drop() {
      for (const client of server.clients) client.terminate();
    },
    connected: () => [...server.clients].filter((client) => client.readyState === WebSocket.OPEN).length,
    accepted: () => accepted,
    close() {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}
