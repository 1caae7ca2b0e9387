import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import type { Expectation, MaintenanceWindow, Mute } from '../../core/model/hold.ts';
import { formatExpectedChange } from '../../core/network/expected-change.ts';
import { currentOpening, nextOpenings } from '../../core/time/window.ts';
import { MOMENT, moment, PROTOCOL } from './fields.ts';

export const MUTE = z.object({
  id: z.number().int(),
  what: z.string(),
  from: MOMENT,
  until: MOMENT,
  reason: z.string().optional(),
  by: z.string(),
});

export function muteData(mute: Mute): z.infer<typeof MUTE> {
  return {
    ...{ id: mute.id, what: mute.what, from: moment(mute.from), until: moment(mute.until), by: mute.byName },
    ...defined({ reason: mute.reason }),
  };
}

export const WINDOW = z.object({
  id: z.number().int(),
  group: z.string(),
  when: z.string(),
  zone: z.string(),
  minutes: z.number(),
  openUntil: MOMENT.optional().describe('present while it is open'),
  nextOpening: MOMENT.optional(),
  reason: z.string().optional(),
  by: z.string(),
});

export function windowData(window: MaintenanceWindow, group: string, now: number): z.infer<typeof WINDOW> {
  const opening = currentOpening(window, now);
  const [next] = nextOpenings(window, now, 1);
  return {
    ...{ id: window.id, group, when: window.phrase, zone: window.zone, minutes: window.durationMs / 60_000 },
    by: window.byName,
    ...(opening === undefined ? {} : { openUntil: moment(opening.until) }),
    ...(next === undefined ? {} : { nextOpening: moment(next) }),
    ...defined({ reason: window.reason }),
  };
}

export const EXPECTATION = z.object({
  id: z.number().int(),
  group: z.string(),
  what: z.string(),
  address: z.string().describe('or a subnet, or a range'),
  protocol: PROTOCOL.optional(),
  port: z.number().int().optional().describe('the first of a range; absent: every port, or the hosts themselves'),
  lastPort: z.number().int().optional(),
  lasts: z.enum(['once', 'until']),
  until: MOMENT,
  reason: z.string().optional(),
  ticket: z.string().optional(),
  delta: z.number().int().optional().describe('the first that met it'),
  by: z.string(),
});

export function expectationData(expectation: Expectation, group: string): z.infer<typeof EXPECTATION> {
  const { id, what, lasts, until, reason, ticket, byName, deltaId } = expectation;
  return {
    ...{ id, group, what: formatExpectedChange(what), address: what.hosts, lasts, until: moment(until), by: byName },
    ...(typeof what.ports === 'object'
      ? { protocol: what.ports.protocol, port: what.ports.first, lastPort: what.ports.last }
      : {}),
    ...defined({ delta: deltaId, reason, ticket }),
  };
}
