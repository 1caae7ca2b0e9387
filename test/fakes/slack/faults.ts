/**
 * The faults:
 * - `error`: HTTP status, nothing done
 * - `refused`: HTTP 200 with Slack's `{"ok":false,"error":code}`, nothing done
 * - `rate-limited`: HTTP 429 with Retry-After, nothing done
 * - `hang`: never answered, nothing done
 * - `drop`: the connection is cut before anything is done
 * - `accept-then-drop`: done, and the connection is cut instead of a response
 * - `garbage`: done, and answered with invalid JSON
 */
export type Fault =
  | { kind: 'error'; status: number }
  | { kind: 'refused'; code: string }
  | { kind: 'rate-limited'; seconds: number }
  | { kind: 'hang' | 'drop' | 'accept-then-drop' | 'garbage' };

export type FaultRule = {
  fault: Fault;
  /** Web API method or `upload` or `response_url`; absent: all. */
  method?: string;
  channel?: string;
  /** Only messages with this in their `text`. */
  saying?: string;
  /** How often; absent: until cleared. */
  times?: number;
};

export type Faults = {
  add(rule: FaultRule): void;
  clear(): void;
  /** Counts one use of the first matching rule. */
  next(method: string, channel?: string, text?: string): Fault | undefined;
};

export function createFaults(): Faults {
  let rules: { rule: FaultRule; left: number }[] = [];
  return {
    add(rule) {
      rules.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
    },
    clear() {
      rules = [];
    },
    next(method, channel, text = '') {
      const found = rules.find(
        ({ rule, left }) =>
          left > 0 &&
          (rule.method === undefined || rule.method === method) &&
          (rule.channel === undefined || rule.channel === channel) &&
          (rule.saying === undefined || text.includes(rule.saying)),
      );
      if (found === undefined) return undefined;
      found.left -= 1;
      return found.rule.fault;
    },
  };
}

/** Slack accepts about one message a second in a channel, with short bursts. */
export type RateLimit = { take(channel: string): number | undefined };

export function createRateLimit(options: { burst: number; perSecond: number }): RateLimit {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    /** Seconds to wait, or undefined when the message may pass. */
    take(channel) {
      const now = Date.now();
      const bucket = buckets.get(channel) ?? { tokens: options.burst, at: now };
      const tokens = Math.min(options.burst, bucket.tokens + ((now - bucket.at) / 1000) * options.perSecond);
      const passes = tokens >= 1;
      buckets.set(channel, { tokens: passes ? tokens - 1 : tokens, at: now });
      return passes ? undefined : 1;
    },
  };
}
