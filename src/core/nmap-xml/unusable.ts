/** What a run contains that NetDelta can't use, counted by reason; one example of each is named. */
export type Unusable = {
  note(why: string, what: string): void;
  /** Sentences without a full stop, one for each reason. */
  remarks(): string[];
};

const EXAMPLES = 3;
/** Reasons are our own texts, except for names of states and protocols in them. */
const MAX_REASONS = 30;

export function createUnusable(): Unusable {
  const reasons = new Map<string, { count: number; examples: string[] }>();
  return {
    note(why, what) {
      const known = reasons.get(why) ?? { count: 0, examples: [] };
      if (known.count === 0 && reasons.size >= MAX_REASONS) return;
      known.count++;
      if (known.examples.length < EXAMPLES && !known.examples.includes(what)) known.examples.push(what);
      reasons.set(why, known);
    },
    remarks: () =>
      [...reasons].map(([why, { count, examples }]) => {
        const more = count > examples.length ? ', …' : '';
        return `${why}: ${count} (${examples.join(', ')}${more})`;
      }),
  };
}
