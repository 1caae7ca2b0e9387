import { z } from 'zod';
import type { Expectation, MaintenanceWindow, Mute } from '../../core/model/hold.ts';
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
    ...(mute.reason === undefined ? {} : { reason: mute.reason }),
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
    ...(window.reason === undefined ? {} : { reason: window.reason }),
  };
}

export const EXPECTATION = z.object({
  id: z.number().int(),
  group: z.string(),
  address: z.string(),
  protocol: PROTOCOL,
  port: z.number().int(),
  until: MOMENT,
  reason: z.string().optional(),
  ticket: z.string().optional(),
  by: z.string(),
});

export function expectationData(expectation: Expectation, group: string): z.infer<typeof EXPECTATION> {
  const { id, address, protocol, port, until, reason, ticket, byName } = expectation;
  return {
    ...{ id, group, address, protocol, port, until: moment(until), by: byName },
    ...(reason === undefined ? {} : { reason }),
    ...(ticket === undefined ? {} : { ticket }),
  };
}
