import { describe, expect, it } from 'vitest';
import { HOST_CODES, type HostCode } from '../../../src/core/model/state.ts';
import { HOST_EVENTS, type HostEvent, transition } from '../../../src/core/model/transition.ts';

/** The whole table once more, by hand: code, then the next one for each event. */
const TABLE = `
                  unseen        new               unchanged         services-added    services-removed  services-changed  unresponsive      down          recovered
answered          new           unchanged         unchanged         unchanged         unchanged         unchanged         unchanged         recovered     unchanged
added             new           services-added    services-added    services-added    services-added    services-added    services-added    recovered     services-added
removed           new           services-removed  services-removed  services-removed  services-removed  services-removed  services-removed  recovered     services-removed
changed           new           services-changed  services-changed  services-changed  services-changed  services-changed  services-changed  recovered     services-changed
reached           undetermined  undetermined      undetermined      undetermined      undetermined      undetermined      undetermined      recovered     undetermined
missed            unseen        unresponsive      unresponsive      unresponsive      unresponsive      unresponsive      unresponsive      down          unresponsive
lost              unseen        down              down              down              down              down              down              down          down
nothing           unseen        undetermined      undetermined      undetermined      undetermined      undetermined      undetermined      undetermined  undetermined
confirmed-up      new           new               unchanged         services-added    services-removed  services-changed  unchanged         recovered     recovered
confirmed-added   new           new               services-added    services-added    services-changed  services-changed  services-added    recovered     recovered
confirmed-removed new           new               services-removed  services-changed  services-removed  services-changed  services-removed  recovered     recovered
confirmed-changed new           new               services-changed  services-changed  services-changed  services-changed  services-changed  recovered     recovered
`;

const [head = [], ...rows] = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));
const cases = rows.flatMap(([event, ...codes]) => codes.map((code, index) => [head[index], event, code]));

describe('the transitions of the ten codes', () => {
  it.each(cases)('%s, %s → %s', (from, event, to) => {
    expect(transition(from as HostCode, event as HostEvent)).toBe(to);
  });

  it('are given for every code and every event', () => {
    expect(rows.map(([event]) => event)).toEqual([...HOST_EVENTS]);
    expect([...head, 'undetermined']).toEqual([...HOST_CODES]);
  });

  it.each(HOST_EVENTS)('undetermined continues from the code beneath it: %s', (event) => {
    for (const beneath of HOST_CODES.filter((code) => code !== 'undetermined')) {
      const expected = event === 'nothing' ? 'undetermined' : transition(beneath, event);
      expect(transition('undetermined', event, beneath)).toBe(expected);
    }
  });

  it('reach each of the ten codes', () => {
    const reached = new Set<HostCode>(['unseen']);
    for (const code of reached) for (const event of HOST_EVENTS) reached.add(transition(code, event));
    expect([...reached].sort()).toEqual([...HOST_CODES].sort());
  });
});
