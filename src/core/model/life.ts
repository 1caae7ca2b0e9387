import type { Delta } from './alert.ts';

/** Where a delta is in its life. One that has ended needs no answer; an expected change or a false alarm never ends. */
export const LIVES = ['open', 'acknowledged', 'expected', 'false-alarm', 'resolved'] as const;
export type Life = (typeof LIVES)[number];

export function lifeOf(delta: Pick<Delta, 'acknowledgement' | 'resolvedAt'>): Life {
  const { type } = delta.acknowledgement;
  if (type === 'expected' || type === 'false-alarm') return type;
  return delta.resolvedAt === undefined ? type : 'resolved';
}

/** One state for several deltas: `open` while any of them is open, then the most frequent one. */
export function commonLife(deltas: readonly Pick<Delta, 'acknowledgement' | 'resolvedAt'>[]): Life {
  const lives = deltas.map(lifeOf);
  if (lives.length === 0 || lives.includes('open')) return 'open';
  const counts = LIVES.map((life) => ({ life, count: lives.filter((one) => one === life).length }));
  return counts.reduce((most, next) => (next.count > most.count ? next : most)).life;
}
