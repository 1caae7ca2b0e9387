/** Faults of coming requests. */
export type Fault = {
  kind: /** 429 of the route; `retryAfter` seconds. */
    | 'rate-limit'
    /** 429 of the whole bot, for every request with its token until the time is over. */
    | 'rate-limit-global'
    /** 500, nothing done. */
    | 'error'
    /** No response at all, nothing done. */
    | 'hang'
    /** Nothing done, connection closed. */
    | 'drop'
    /** Done, but the connection is closed before the response. */
    | 'lose-answer';
  method?: string;
  path?: RegExp;
  /** How many requests it affects; 1 by default. */
  times?: number;
  retryAfter?: number;
};

export type Faults = {
  add(fault: Fault): void;
  clear(): void;
  /** The fault of this request, if any. */
  meet(request: { method: string; path: string }): Fault | undefined;
};

const NOT_GLOBAL = /^\/(?:interactions|webhooks)\//;

export function createFaults(): Faults {
  let waiting: { fault: Fault; left: number }[] = [];
  let globalUntil = 0;
  return {
    add(fault) {
      if (fault.kind === 'rate-limit-global') globalUntil = Date.now() + (fault.retryAfter ?? 1) * 1000;
      else waiting.push({ fault, left: fault.times ?? 1 });
    },
    clear() {
      waiting = [];
      globalUntil = 0;
    },
    meet({ method, path }) {
      const left = globalUntil - Date.now();
      if (left > 0 && !NOT_GLOBAL.test(path)) return { kind: 'rate-limit-global', retryAfter: left / 1000 };
      const entry = waiting.find(({ fault }) => (fault.method ?? method) === method && (fault.path ?? /^/).test(path));
      if (entry === undefined) return undefined;
      entry.left -= 1;
      if (entry.left <= 0) waiting = waiting.filter((other) => other !== entry);
      return entry.fault;
    },
  };
}
