import { asking } from '../servers/database-server.ts';
import { pause } from '../servers/server-process.ts';
import type { Fault } from './faults.ts';
import type { Scene } from './scene.ts';

export function databaseFaults(awayMs: number): Fault[] {
  return [
    {
      name: 'database connections cut',
      onServer: true,
      strike: async ({ databases }) => databases.server?.cutConnections(),
    },
    {
      name: 'database restarted',
      onServer: true,
      async strike({ databases: { server } }) {
        await server?.kill();
        await server?.start();
      },
    },
    {
      name: 'database away',
      onServer: true,
      async strike({ databases: { server } }) {
        await server?.stop();
        await pause(awayMs);
        await server?.start();
      },
    },
    {
      name: 'database locked by another program',
      onFile: true,
      strike: ({ databaseUrl }) =>
        asking(databaseUrl, async (sequelize) => {
          await sequelize.query('PRAGMA busy_timeout = 10000');
          await sequelize.query('BEGIN EXCLUSIVE');
          await pause(awayMs);
          await sequelize.query('ROLLBACK');
        }),
    },
    { name: 'disk full', strike: (scene) => fullDisk(scene, awayMs) },
  ];
}

/** The database's disk: a server may give up, and is started again when there is space. */
async function fullDisk({ room: own, databases: { room = own, server } }: Scene, ms: number): Promise<void> {
  if (!room.hasOwnDisk) throw new Error('no disk can be mounted here: this needs root');
  room.fill();
  await pause(ms);
  room.makeRoom();
  if (server === undefined) return;
  const isUp = await server.answers().then(
    () => true,
    () => false,
  );
  if (isUp) return;
  await server.kill();
  await server.start();
}
