/** An expected refusal. `commands/` turns it into an error card: what is wrong, and what to do instead. */
export class UserError extends Error {
  /** What to do instead; after a line break, text to copy verbatim. */
  readonly hint: string | undefined;
  /** The word of the input that is wrong, as the user typed it. */
  readonly word: string | undefined;

  constructor(message: string, options: { hint?: string; word?: string } = {}) {
    super(message);
    this.name = 'UserError';
    this.hint = options.hint;
    this.word = options.word;
  }
}

/** Processing untrusted input exceeded its budget. A retry would exceed it too. */
export class BudgetError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BudgetError';
  }
}

export type TroubleKind = 'full' | 'read-only' | 'corrupt' | 'locked' | 'away';

/**
 * Something keeps the database from working. It is not the user's fault, and it passes when its cause does. Both texts
 * are sentences.
 */
export class StorageTrouble extends Error {
  readonly kind: TroubleKind;
  /** What the operator of NetDelta can do. */
  readonly hint: string;

  constructor(kind: TroubleKind, message: string, hint: string) {
    super(message);
    this.name = 'StorageTrouble';
    this.kind = kind;
    this.hint = hint;
  }
}

/** The end of an exhaustive switch: a new member of a union fails to compile here. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}

/** Every problem at once, one line each: what is wrong and how to fix it. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
