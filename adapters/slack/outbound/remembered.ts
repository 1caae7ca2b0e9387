/** The `most` newest values, by key: known without asking Slack, and harmless to lose. */
export type Remembered<T> = {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  delete(key: string): void;
};

export function remember<T>(most: number): Remembered<T> {
  const values = new Map<string, T>();
  return {
    get: (key) => values.get(key),
    set(key, value) {
      values.delete(key);
      values.set(key, value);
      const oldest = values.keys().next();
      if (values.size > most && oldest.done !== true) values.delete(oldest.value);
    },
    delete: (key) => void values.delete(key),
  };
}
