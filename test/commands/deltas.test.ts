import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Group } from '../../src/core/model/group.ts';
import type { NewDelta } from '../../src/ports/store.ts';
import { addGroup, type Lab, newDelta, openLab, person } from './lab.ts';
import { textOf } from './text.ts';

let lab: Lab;
let group: Group;
const hostDown: Partial<NewDelta> = { kind: 'host-down', address: '10.0.0.7', grade: 'amber', risk: 'medium' };

beforeEach(async () => {
  lab = await openLab();
  group = await addGroup(lab);
  await lab.tell(group, [newDelta(), newDelta({ port: 80, risk: 'low' }), newDelta(hostDown)]);
  await lab.deliver();
});
afterEach(() => lab.close());

const say = async (line: string): Promise<string> => textOf(await lab.run(line));
const bob = person('UBOB', 'bob');

describe('an alert', () => {
  it('is one parent with a message for each host in its thread', async () => {
    const fresh = await openLab();
    await fresh.tell(await addGroup(fresh), [newDelta(), newDelta({ address: '10.0.0.9' })]);
    const events = await fresh.deliver();
    expect(events.map(({ event, thread, card }) => [event, thread, card.title])).toEqual([
      ['message', undefined, 'Telnet opened on 2 hosts of lab (10.0.0.5, 10.0.0.9)'],
      ['message', events[0]?.id, 'Telnet opened on 10.0.0.5 (lab)'],
      ['message', events[0]?.id, 'Telnet opened on 10.0.0.9 (lab)'],
    ]);
    await fresh.close();
  });

  it('loses its buttons except Undo once it is acknowledged, in place, with who and when', async () => {
    expect(await lab.click('nd1;acknowledge;1;10.0.0.5;')).toEqual({ type: 'silent' });
    const events = await lab.deliver();
    expect(events.map(({ event }) => event)).toEqual(['update', 'update']);
    expect(events[0]?.text).toMatch(/Acknowledged: [\s\S]*by @ada[\s\S]*2 of 3 acknowledged, last by @ada/);
    expect(events[1]?.text).toContain('Acknowledged by @ada');
    expect(events[1]?.buttons).toEqual([{ id: 'nd1;undo;1;10.0.0.5;', label: 'Undo' }]);
  });

  it('acknowledged as a whole collapses to its sentence, who and when', async () => {
    await lab.click('nd1;acknowledge;1;;');
    const parent = (await lab.deliver())[0];
    expect(parent?.card).toMatchObject({ title: '2 services opened, 1 host down (lab)', tone: 'acknowledged' });
    expect(parent?.card.sections).toHaveLength(1);
    expect(parent?.text).toContain('Acknowledged by @ada');
    expect(parent?.buttons.map(({ label }) => label)).toEqual(['Undo']);
  });

  it('clicked a second time changes nothing and says who was first', async () => {
    await lab.grant(bob.key, 'acknowledger');
    await lab.click('nd1;acknowledge;1;10.0.0.5;');
    await lab.deliver();
    const second = await lab.click('nd1;acknowledge;1;10.0.0.5;', { principal: bob });
    expect(second).toMatchObject({ type: 'card', audience: 'private' });
    expect(textOf(second)).toContain('Acknowledged by @ada');
    expect(await lab.deliver()).toEqual([]);
  });

  it('clicked twice at once is answered once', async () => {
    await lab.grant(bob.key, 'acknowledger');
    const results = await Promise.all([
      lab.click('nd1;acknowledge;1;10.0.0.5;'),
      lab.click('nd1;acknowledge;1;10.0.0.5;', { principal: bob }),
    ]);
    expect(results.map((result) => result.type).sort()).toEqual(['card', 'silent']);
    const first = results[0]?.type === 'silent' ? 'ada' : 'bob';
    const answers = (await lab.store.deltas.list({ address: '10.0.0.5' }, { limit: 9, offset: 0 })).items;
    expect(
      answers.every(({ acknowledgement }) => acknowledgement.type !== 'open' && acknowledgement.byName === first),
    ).toBe(true);
  });

  it('opened again gets its buttons back', async () => {
    await lab.click('nd1;acknowledge;1;;');
    await lab.deliver();
    await lab.click('nd1;undo;1;;');
    const events = await lab.deliver();
    expect(events[0]?.text).toContain('0 of 3 acknowledged');
    expect(events[1]?.buttons.map(({ label }) => label)).toContain('Acknowledge');
  });

  it('asks for a note through a form where there are forms, and acts at once elsewhere', async () => {
    const asked = await lab.click('nd1;expected;1;10.0.0.5;', { canShowForm: true });
    expect(asked).toMatchObject({
      type: 'form',
      form: { target: { type: 'action', actionId: 'nd1;expected;1;10.0.0.5;' } },
    });
    expect(await lab.deliver()).toEqual([]);
    await lab.click('nd1;expected;1;10.0.0.5;', { fields: { note: ' CHG-1234 \u202e' } });
    expect((await lab.deliver())[1]?.text).toContain('Marked as expected by @ada 2026-11-24 12:00 UTC: “CHG-1234”');
    expect(await lab.click('nd1;acknowledge-note;1;10.0.0.7;')).toEqual({ type: 'silent' });
  });

  it('marked as a false alarm teaches the judge, once for each delta', async () => {
    await lab.click('nd1;false-alarm;1;10.0.0.5;');
    await lab.click('nd1;false-alarm;1;10.0.0.5;');
    expect(lab.calls).toEqual(['settle 1', 'settle 2']);
    expect((await lab.deliver())[1]?.text).toContain('Marked as a false alarm by @ada');
    await lab.click('nd1;undo;1;10.0.0.5;');
    await lab.click('nd1;undo;1;10.0.0.5;');
    expect(lab.calls.slice(2)).toEqual(['settle 1', 'settle 2']);
  });

  it('can be rechecked, and shows its history', async () => {
    expect(textOf(await lab.click('nd1;recheck;1;10.0.0.5;'))).toContain('Checking it again.');
    expect(lab.calls).toEqual(['recheck 1,2']);
    expect(textOf(await lab.click('nd1;history;1;10.0.0.5;'))).toContain('Telnet 23/tcp opened on 10.0.0.5');
    expect(textOf(await lab.click('nd1;history;1;;'))).toMatch(/3 deltas[\s\S]*10\.0\.0\.7/);
  });

  it('whose group is gone gets a friendly answer', async () => {
    await lab.click(`nd1;remove-group;${group.id}`);
    for (const action of ['acknowledge', 'undo', 'history', 'mute', 'recheck', 'false-alarm', 'expected']) {
      const result = await lab.click(`nd1;${action};1;10.0.0.5;`);
      expect(result).toMatchObject({ type: 'card', audience: 'private', outcome: 'refused' });
    }
  });
});

describe('delta ack', () => {
  it('answers several, keeps earlier answers, and edits the messages', async () => {
    await lab.run('delta ack 1 note:"new switch"');
    await lab.deliver();
    const text = await say('delta ack 1-3');
    expect(text).toContain('2 deltas acknowledged');
    expect(text).toContain('#1: Acknowledged by @ada 2026-11-24 12:00 UTC: “new switch”');
    expect((await lab.deliver()).map(({ event }) => event)).toEqual(['update', 'update', 'update']);
  });

  it('does nothing when one of the ids is wrong', async () => {
    expect(await say('delta ack 1 99')).toContain('There is no delta 99.');
    expect((await lab.store.deltas.byId(1))?.acknowledgement.type).toBe('open');
  });

  it('has siblings: expected, undo, false-alarm, ack-all', async () => {
    expect(await say('delta expected 1 note:CHG-1')).toContain('1 delta marked as expected');
    expect(await say('delta false-alarm 1 2')).toContain('take that back first: delta undo 1');
    expect(await say('delta expected 1')).not.toContain('delta undo');
    await lab.run('delta undo 2');
    expect(await say('delta undo 1')).toContain('1 delta open again');
    expect(await say('delta undo 1')).toContain('Nothing changed');
    expect(await say('delta false-alarm 3')).toContain('1 delta marked as false alarm');
    expect(await say('delta ack-all lab note:moved')).toContain('2 deltas acknowledged');
    expect(await say('delta ack-all lab')).toContain('No delta is open there.');
    expect(await say('delta recheck 1')).toContain('Checking it again.');
  });
});

describe('delta list', () => {
  it('shows what is open, newest first, and a menu to acknowledge it', async () => {
    const result = await lab.run('delta list');
    expect(textOf(result)).toMatch(/3 deltas[\s\S]*• #3 [\s\S]*• #2 [\s\S]*• #1 /);
    expect(result).toMatchObject({ card: { controls: [{ type: 'menu', options: [{}, {}, {}] }] } });
    expect(textOf(await lab.click('nd1;delta-acknowledge;2'))).toContain('1 delta acknowledged');
    expect(await say('delta list lab')).toContain('2 deltas');
    expect(await say('delta list state:answered')).toContain('1 delta ');
    expect(await say('delta list state:all kind:host-down')).toContain('1 delta ');
  });

  it('finds waiting and held-back deltas, with the reason', async () => {
    await lab.tell(group, [
      newDelta({ port: 1, state: 'candidate' }),
      newDelta({ port: 2, state: 'suppressed', heldBack: 'mute 3 by ada' }),
    ]);
    expect(await say('delta list state:candidate')).toContain('waits for more evidence');
    expect(await say('delta list state:suppressed')).toContain('held back: mute 3 by ada');
    expect(await say('delta list')).toContain('3 deltas');
  });

  it('looks back from now, or from a day', async () => {
    lab.clock.now += 2 * 86_400_000;
    expect(await say('delta list since:1d')).toContain('0 deltas');
    expect(await say('delta list since:3d')).toContain('3 deltas');
    expect(await say('delta list since:2026-11-24')).toContain('3 deltas');
    expect(await say('delta list since:yesterday')).toMatch(/“yesterday” is not a time[\s\S]*how long ago/);
    expect(await say('delta list state:refuted page:2')).toContain('There is no page 2: nothing is listed');
    expect(await say('delta list page:2')).toContain('There is no page 2; the last is delta list page:1 (3 in all)');
  });

  it('pages through many with a command that fits a button whatever the group is called', async () => {
    await lab.run(`group edit lab name:${'x'.repeat(64)}`);
    await lab.tell(
      group,
      Array.from({ length: 30 }, (_, index) => newDelta({ port: 100 + index })),
    );
    const result = await lab.run(`delta list ${'x'.repeat(64)} state:open kind:service-added since:7d`);
    const command = `delta list #${group.id} state:open kind:service-added since:7d page:2`;
    expect(result).toMatchObject({
      card: { controls: expect.arrayContaining([expect.objectContaining({ action: { type: 'run', command } })]) },
    });
    const next = await lab.click(`nd1;run;${command}`);
    expect(textOf(next)).toContain('Page 2 of 2 (32 in all)');
  });
});

describe('delta show', () => {
  it('shows evidence, grade, risk and answer', async () => {
    await lab.run('delta ack 1 note:ours');
    const text = await say('delta show 1');
    for (const part of [
      'not open → open: telnet?',
      'was closed: reset received',
      'high risk · certain',
      'by @ada',
      'alert #1',
    ]) {
      expect(text).toContain(part);
    }
  });
});

describe('a new host', () => {
  const scan = async () => {
    const { before: _before, after: _after, protocol: _protocol, port: _port, ...host } = newDelta();
    const ports = [22, 80].map((port) => newDelta({ address: '10.0.0.9', port }));
    return (await lab.tell(group, [{ ...host, kind: 'host-appeared', address: '10.0.0.9' }, ...ports])).deltaIds;
  };

  it('is one item together with its ports, and is acknowledged once', async () => {
    const [host = 0, ssh = 0, http = 0] = await scan();
    const listed = await say('delta list on:10.0.0.9');
    expect(listed).toContain('1 delta (open');
    expect(listed).toMatch(/New host .*with 2 open ports: 22\/tcp, 80\/tcp/);
    expect(await say('status')).toContain('lab 4');
    expect(await say(`delta ack ${host}`)).toMatch(/1 delta acknowledged[\s\S]*with 2 open ports/);
    for (const id of [host, ssh, http]) {
      expect(await lab.store.deltas.byId(id)).toMatchObject({ acknowledgement: { type: 'acknowledged' } });
    }
    expect(await say(`delta undo ${host}`)).toContain('1 delta open again');
    expect((await lab.store.deltas.byId(http))?.acknowledgement.type).toBe('open');
  });

  it('stays open when one of its ports is answered, and the answer says so', async () => {
    const [host = 0, ssh = 0] = await scan();
    expect(await say(`delta ack ${ssh}`)).toContain(`the new host itself, delta #${host}, stays open`);
    expect(await say('delta list on:10.0.0.9')).toContain('with 1 open port: 80/tcp');
    expect(await say('delta list port:80 on:10.0.0.9')).toContain(`came with the new host of delta #${host}`);
  });
});

describe('a candidate that waits for more evidence', () => {
  it('can’t be a false alarm yet, and waits on when its answer is undone: it must be reported when it is true', async () => {
    const host = {
      address: '10.0.0.8',
      code: 'unchanged',
      present: true,
      firstSeen: 1,
      hostnames: [],
      memory: {},
    } as const;
    const service = { protocol: 'tcp', port: 22, present: true, since: 1, memory: {} } as const;
    const { before, after, ...gone } = newDelta({ kind: 'service-removed', address: '10.0.0.8', port: 22 });
    const sides = { before: { present: true }, after: { present: false } };
    const candidate = { ...gone, ...sides, state: 'candidate' } as const;
    const told = await lab.tell(group, [candidate], [{ ...host, services: [service] }]);
    const [id = 0] = told.deltaIds;
    expect(await say(`delta false-alarm ${id}`)).toContain('waits for more evidence, and was not reported yet');
    expect((await lab.store.deltas.byId(id))?.acknowledgement.type).toBe('open');
    await say(`delta ack ${id}`);
    await say(`delta undo ${id}`);
    expect((await lab.store.deltas.byId(id))?.resolvedAt).toBeUndefined();
  });
});
