/** Stores equal values once, under a number. */
export type Pool<T> = {
  id(value: T): string;
  /** Undefined when the value is new and the pool already holds `most` values. */
  id(value: T, most: number): string | undefined;
  value(id: string): T;
};

export function createPool<T>(): Pool<T> {
  const ids = new Map<string, string>();
  const values: T[] = [];
  function id(value: T): string;
  function id(value: T, most: number): string | undefined;
  function id(value: T, most = Number.POSITIVE_INFINITY): string | undefined {
    const text = JSON.stringify(value);
    const known = ids.get(text);
    if (known !== undefined || values.length >= most) return known;
    const fresh = String(values.push(value) - 1);
    ids.set(text, fresh);
    return fresh;
  }
  return {
    id,
    value(key) {
      const value = values[Number(key)];
      if (value === undefined) throw new Error(`no value ${key} in the pool`);
      return value;
    },
  };
}
