/** Text that SQL can hold: a NUL ends a statement in SQLite and is refused by PostgreSQL. */
export function plain(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}

/** Rows contain our own JSON: written by this adapter from the type that is read back. */
export function fromJson<T>(text: string): T {
  return JSON.parse(text) as T;
}

/** Characters of the cached texts; the cache is cleared when there are too many. */
const MAX_KEPT = 4 * 1024 * 1024;
const kept = new Map<string, unknown>();
let keptSize = 0;

/**
 * Returns the same value for the same text, because hosts of one network have much in common. It must not be modified.
 */
export function sharedJson<T extends object>(text: string): T {
  const known = kept.get(text);
  if (known !== undefined) return known as T;
  if (keptSize > MAX_KEPT) {
    kept.clear();
    keptSize = 0;
  }
  const value = Object.freeze(fromJson<T>(text));
  kept.set(text, value);
  keptSize += text.length;
  return value;
}

/** Without the keys that are NULL in SQL. */
export function nonNull<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const entries = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: NonNullable<T[K]> };
}

/** A pattern for `LIKE … ESCAPE '!'` that matches the text literally. */
export function likeLiteral(text: string): string {
  return plain(text).replace(/[!%_]/g, (special) => `!${special}`);
}

export function batches<T>(items: readonly T[], size: number): T[][] {
  const result: T[][] = [];
  for (let start = 0; start < items.length; start += size) result.push(items.slice(start, start + size));
  return result;
}
