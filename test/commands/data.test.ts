import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMAND_DATA, type CommandData } from '../../src/commands/data/command-data.ts';
import { addGroup, type Lab, newDelta, openLab } from './lab.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

/** The fields of an answer, which must be exactly those of the schema. */
async function dataOf(command: string, rows?: number): Promise<CommandData> {
  const result = await lab.run(command, rows === undefined ? {} : { rows });
  if (result.type !== 'card' || result.data === undefined) throw new Error(`${command} gives no fields`);
  expect(COMMAND_DATA.parse(result.data)).toEqual(result.data);
  return result.data;
}

describe('the fields of an answer', () => {
  it('are there for every command that lists or shows, as the schema describes them', async () => {
    await lab.tell(await addGroup(lab), [newDelta(), newDelta({ kind: 'host-appeared', port: undefined } as object)]);
    await lab.run('schedule add lab daily 02:00');
    await lab.run('mute add lab for:1h reason:move');
    await lab.run('window add lab daily 02:00 for:1h');
    await lab.run('expect add lab 10.0.0.5:443 until:3d ticket:CHG-1');
    await lab.run('role grant slack:U1 viewer');
    const lists = ['group', 'scan', 'delta', 'schedule', 'mute', 'window', 'expect', 'role', 'audit', 'alert'];
    for (const list of lists) {
      const data = await dataOf(`${list} list`);
      expect('items' in data ? data.items.length : 0, list).toBeGreaterThan(0);
    }
    for (const other of ['group show lab', 'delta show 1', 'scan status 1', 'scan status', 'status', 'host list lab']) {
      await dataOf(other);
    }
    expect((await dataOf('delta ack 1')).type).toBe('answered');
    expect((await dataOf('service find port:22')).type).toBe('open-ports');
  });

  it('of an answered delta include who answered', async () => {
    await lab.tell(await addGroup(lab), [newDelta()]);
    expect(await dataOf('delta ack 1 note:planned')).toMatchObject({
      changed: [{ id: 1, group: 'lab', port: 23, answer: 'acknowledged', answeredBy: 'ada', note: 'planned' }],
    });
  });

  it('have as many rows as requested', async () => {
    await lab.tell(
      await addGroup(lab),
      Array.from({ length: 30 }, (_, port) => newDelta({ port: port + 1 })),
    );
    expect(await dataOf('delta list')).toMatchObject({ total: 30, items: { length: 20 } });
    expect(await dataOf('delta list', 1000)).toMatchObject({ total: 30, items: { length: 30 } });
  });
});
