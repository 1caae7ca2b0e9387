import { type DatabaseServer, startMariadb, startPostgres } from '../servers/database-server.ts';
import { createRoom, type Room } from './room.ts';

export const ENGINES = ['sqlite', 'postgres', 'mariadb'] as const;
export type Engine = (typeof ENGINES)[number];

/** The databases of a run's rounds: one server for all of them, on a disk of its own, or files. */
export type Databases = {
  engine: Engine;
  server?: DatabaseServer;
  room?: Room;
  /** The address of a new database of the server. */
  create(): Promise<string | undefined>;
  /** Drops it: the server's disk is small. */
  drop(url: string): Promise<void>;
  close(): Promise<void>;
};

/** Each engine keeps some files of a fixed size. */
const ROOM_MB = 600;

export async function openDatabases(engine: Engine): Promise<Databases> {
  if (engine === 'sqlite')
    return { engine, create: async () => undefined, drop: async () => undefined, close: async () => undefined };
  const room = createRoom('server', ROOM_MB);
  const before = process.env['TMPDIR'];
  // The server keeps its files where temporary ones are.
  process.env['TMPDIR'] = room.directory;
  const server = await (engine === 'postgres' ? startPostgres() : startMariadb()).finally(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });
  return {
    ...{ engine, server, room, create: () => server.create(), drop: (url: string) => server.drop(url) },
    async close() {
      await server.close();
      room.remove();
    },
  };
}
