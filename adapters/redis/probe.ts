import { connect } from 'node:net';

/** A server on an overloaded machine is slow, not dead. */
const SILENCE_MS = 10_000;

export type ServerState = 'ready' | 'loading' | 'absent' | 'silent';

/** Checks the server on the socket with one PING in Redis's inline form. */
export function probe(socketPath: string): Promise<ServerState> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const tell = (state: ServerState) => {
      socket.destroy();
      resolve(state);
    };
    socket.setTimeout(SILENCE_MS, () => tell('silent'));
    socket.once('error', () => tell('absent'));
    socket.once('close', () => tell('absent'));
    socket.once('data', (answer) => tell(answer.toString().startsWith('+PONG') ? 'ready' : 'loading'));
    socket.write('PING\r\n');
  });
}
