import { z } from 'zod';
import { ROLES } from '../../core/model/principal.ts';
import type { AuditEntry, RoleGrant } from '../../ports/store.ts';
import { MOMENT, moment } from './fields.ts';

export const GRANT = z.object({ who: z.string(), role: z.enum(ROLES), grantedBy: z.string(), grantedAt: MOMENT });

export function grantData({ grantedAt, ...grant }: RoleGrant): z.infer<typeof GRANT> {
  return { ...grant, grantedAt: moment(grantedAt) };
}

export const AUDIT_ENTRY = z.object({
  id: z.number().int(),
  at: MOMENT,
  who: z.string(),
  name: z.string(),
  channel: z.string(),
  request: z.string(),
  outcome: z.enum(['begun', 'ok', 'refused', 'failed']),
  detail: z.string().optional(),
  kind: z.enum(['deed', 'read']).optional(),
  change: z.string().optional(),
  answers: z.number().int().optional(),
});

export function auditData({ at, ...entry }: AuditEntry): z.infer<typeof AUDIT_ENTRY> {
  return { ...entry, at: moment(at) };
}

export const ROUTE = z.object({ group: z.string(), channels: z.array(z.string()) });

export const DELIVERY = z.object({
  id: z.number().int(),
  state: z.enum(['pending', 'failed']),
  what: z.string(),
  channel: z.string(),
  since: MOMENT,
  reason: z.string(),
});

export const STATUS = z.object({
  sites: z.array(
    z.object({
      site: z.string(),
      workers: z.number().int(),
      waiting: z.number().int(),
      active: z.number().int(),
      delayed: z.number().int(),
      /** A worker with another key than the bot's is connected. */
      refused: z.boolean(),
    }),
  ),
  openDeltas: z.array(z.object({ group: z.string(), open: z.number().int() })),
  notSent: z.array(z.object({ channel: z.string(), messages: z.number().int(), since: MOMENT, reason: z.string() })),
  nextRuns: z.array(z.object({ group: z.string().optional(), at: MOMENT })),
});

/** What a file of groups changes. */
export const PLAN_LINE = z.object({
  what: z.enum(['added', 'changed', 'removed']),
  group: z.string(),
  text: z.string(),
});
