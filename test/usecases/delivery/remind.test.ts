import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainText } from '../../../src/cards/card.ts';
import { allDeltas } from '../../../src/usecases/answers/all-deltas.ts';
import { answerDeltas, undoAnswers } from '../../../src/usecases/answers/answer-deltas.ts';
import { remindUnanswered } from '../../../src/usecases/delivery/remind.ts';
import { openWorkshop, serviceDelta, type Workshop } from '../workshop.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const RDP = serviceDelta('service-added', '10.0.0.5', 3389);
const HTTP = serviceDelta('service-added', '10.0.0.5', 8000);

let workshop: Workshop;
beforeEach(async () => {
  workshop = await openWorkshop();
});
afterEach(() => workshop.close());

/** As at a start of the bot: only what is stored is remembered. */
async function pass(ms: number): Promise<void> {
  workshop.time.now += ms;
  const { store, clock, placesOf } = workshop;
  await remindUnanswered({ store, clock, placesOf, wake: () => {} })();
  await workshop.deliver();
}

const titles = () => workshop.board.posted.map(({ card }) => card.title);
const ann = () => ({ by: 'console:local', byName: 'ann', at: workshop.time.now });
const answered = async () =>
  answerDeltas({ store: workshop.store, wake: () => {} }, await allDeltas(workshop.store, {}), {
    type: 'acknowledged',
    ...ann(),
  });

describe('a reminder', () => {
  it('is one reply after a day, with a mention, then one a day, whatever restarts', async () => {
    const group = await workshop.addGroup({ notify: { who: 'console:local', from: 'high' } });
    await workshop.judged(group, [RDP]);
    await pass(DAY - 1);
    expect(titles()).toEqual(['RDP opened on 10.0.0.5 (lab)']);
    await pass(1);
    await pass(0);
    await pass(HOUR);
    const [alert, reminder, ...more] = workshop.board.posted;
    expect(more).toEqual([]);
    expect(reminder).toMatchObject({ inThreadOf: alert?.ref.id, card: { tone: 'high', mention: ['console:local'] } });
    expect(reminder?.card.title).toBe('Unanswered for 1 day: RDP opened on 10.0.0.5 (lab)');
    await pass(23 * HOUR);
    await pass(0);
    expect(titles().slice(2)).toEqual(['Unanswered for 2 days: RDP opened on 10.0.0.5 (lab)']);
  });

  it('is for high and critical risks alone, unless the group says otherwise', async () => {
    const group = await workshop.addGroup();
    await workshop.judged(group, [HTTP]);
    await pass(3 * DAY);
    expect(titles()).toEqual(['8000/tcp opened on 10.0.0.5 (lab)']);
    const { id, ...spec } = group;
    await workshop.store.groups.edit(id, { ...spec, remind: { afterMs: HOUR, from: 'low' } });
    await pass(60_000);
    expect(titles().slice(1)).toEqual(['Unanswered for 3 days: 8000/tcp opened on 10.0.0.5 (lab)']);
  });

  it('never comes where it is off, the group is paused, or somebody has answered', async () => {
    const off = await workshop.addGroup({ remind: { afterMs: 0, from: 'high' } });
    const paused = await workshop.addGroup({ name: 'paused' });
    const done = await workshop.addGroup({ name: 'done' });
    for (const group of [off, paused, done]) await workshop.judged(group, [RDP]);
    await workshop.store.groups.setStatus(paused.id, 'paused');
    await answered();
    await workshop.judged(off, [serviceDelta('service-added', '10.0.0.6', 3389)]);
    await workshop.judged(paused, [serviceDelta('service-added', '10.0.0.6', 3389)]);
    await pass(5 * DAY);
    expect(titles().filter((title) => title.startsWith('Unanswered'))).toEqual([]);
  });

  it('waits for the end of a mute, and starts again from an undone answer', async () => {
    const group = await workshop.addGroup();
    await workshop.judged(group, [RDP]);
    const { store, time } = workshop;
    const mute = { from: time.now, until: time.now + 2 * DAY, match: { address: '10.0.0.5' }, what: '10.0.0.5' };
    await store.holds.addMute({ ...mute, createdBy: 'console:local', byName: 'ann' });
    await pass(DAY);
    expect(titles()).toHaveLength(1);
    await answered();
    await pass(DAY);
    const undo = { store, wake: () => {}, settleFalseAlarm: async () => {} };
    await undoAnswers(undo, await allDeltas(store, {}), ann());
    await pass(DAY - 1);
    expect(titles()).toHaveLength(1);
    await pass(1);
    expect(titles().slice(1)).toEqual(['Unanswered for 3 days: RDP opened on 10.0.0.5 (lab)']);
  });

  it('includes changes that a mute had held back, in a message with its own menu', async () => {
    const group = await workshop.addGroup({ notify: { who: 'console:local', from: 'high' } });
    const { store, time } = workshop;
    const mute = { from: time.now, until: time.now + 2 * DAY, match: { address: '10.0.0.5' }, what: '10.0.0.5' };
    await store.holds.addMute({ ...mute, createdBy: 'console:local', byName: 'ann' });
    await workshop.judged(group, [RDP]);
    await pass(2 * DAY);
    const [held] = await allDeltas(store, { states: ['suppressed'] });
    if (held === undefined) throw new Error('nothing was held back');
    const told = { groupId: group.id, at: time.now, reason: 'mute 1 has ended', thread: 'hosts' } as const;
    await store.deltas.release([held.id], told);
    await pass(DAY - 1);
    expect(titles()).toEqual([]);
    await pass(1);
    await pass(0);
    expect(titles()).toEqual(['Still unanswered: RDP opened on 10.0.0.5 (lab)']);
    const [reminder] = workshop.board.posted;
    expect(reminder).toMatchObject({ card: { tone: 'high', mention: ['console:local'] } });
    expect(reminder?.inThreadOf).toBeUndefined();
    expect(reminder?.card.controls).toMatchObject([{ options: [{ action: { type: 'delta-acknowledge' } }] }]);
    await pass(DAY);
    expect(titles()).toHaveLength(2);
    await answered();
    await pass(2 * DAY);
    expect(titles()).toHaveLength(2);
  });

  it('goes to the five newest threads, and counts the rest there', async () => {
    const group = await workshop.addGroup();
    for (let host = 1; host <= 6; host += 1) {
      await workshop.judged(group, [serviceDelta('service-added', `10.0.0.${host}`, 3389)]);
    }
    await pass(DAY);
    const reminders = workshop.board.posted.filter(({ card }) => card.title.startsWith('Unanswered'));
    expect(reminders.map(({ inThreadOf }) => inThreadOf)).toEqual(['m6', 'm5', 'm4', 'm3', 'm2']);
    const words = reminders.map(({ card }) =>
      card.sections.map((section) => (section.type === 'text' ? plainText(section.text) : '')).join(' '),
    );
    expect(words.map((text) => text.includes('1 older delta of lab waits too'))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    await pass(HOUR);
    expect(titles()).toHaveLength(11);
  });
});
