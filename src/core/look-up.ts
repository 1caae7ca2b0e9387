/**
 * Looks up a word from outside in a table. `table[word]` alone also finds what every object inherits, and a service may
 * be called `constructor` or `__proto__`.
 */
export function lookUp<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
