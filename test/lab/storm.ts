import type { Lab } from './lab.ts';
import type { Random } from './script.ts';

/**
 * Loss in bursts, on top of the permanent loss: about every three seconds everything is lost for about half a second,
 * and one burst in twelve is a blackout of four to eight seconds. Returns a function that ends it.
 */
export function startStorm(lab: Lab, random: Random, calmLoss: number): () => Promise<void> {
  const stopped = new AbortController();
  const wait = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(done, ms);
      stopped.signal.addEventListener('abort', done, { once: true });
      function done(): void {
        clearTimeout(timer);
        stopped.signal.removeEventListener('abort', done);
        resolve();
      }
    });
  const exponential = (mean: number) => -mean * Math.log(1 - random());
  const running = (async () => {
    while (!stopped.signal.aborted) {
      await wait(exponential(3000));
      if (stopped.signal.aborted) break;
      await lab.weather({ loss: 1 });
      await wait(random() < 1 / 12 ? 4000 + random() * 4000 : exponential(500));
      await lab.weather({ loss: calmLoss });
    }
  })();
  return async () => {
    stopped.abort();
    await running;
    await lab.weather({ loss: calmLoss });
  };
}
