import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Loop, startDeliveryLoop } from '../../../src/usecases/delivery/delivery-loop.ts';

const HOURS_2 = 7_200_000;

let wall: number;
let done: string[];
let loop: Loop;
let endSend: () => void;
beforeEach(async () => {
  vi.useFakeTimers();
  [wall, done] = [1_000_000, []];
  const send = new Promise<void>((resolve) => {
    endSend = () => {
      done.push('sent');
      resolve();
    };
  });
  let isFirst = true;
  loop = startDeliveryLoop({
    messages: { nextDue: async () => undefined, hasten: async (now) => void done.push(`hastened at ${now}`) },
    clock: { now: () => wall },
    elapsed: () => 0,
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    platforms: () => ['slack'],
    async deliver() {
      done.push('claimed');
      const sends = isFirst ? [send] : [];
      isFirst = false;
      return sends;
    },
  });
  await vi.advanceTimersByTimeAsync(0);
  done = [];
});
afterEach(async () => {
  endSend();
  await loop.stop();
  vi.useRealTimers();
});

describe('when the clock is set', () => {
  it('forward, a message that is being sent is not claimed again before it is sent', async () => {
    wall += HOURS_2;
    loop.wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(done).toEqual([]);
    endSend();
    await vi.advanceTimersByTimeAsync(0);
    expect(done.slice(0, 2)).toEqual(['sent', 'claimed']);
  });

  it('back, a short wait does not become hours', async () => {
    endSend();
    wall -= HOURS_2;
    loop.wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(done.slice(0, 3)).toEqual(['sent', `hastened at ${wall}`, 'claimed']);
  });

  it('by a moment, nothing changes', async () => {
    wall -= 500;
    loop.wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(done).toEqual(['claimed']);
  });
});
