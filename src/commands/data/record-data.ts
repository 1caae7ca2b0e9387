import { z } from 'zod';
import type { Approval, HostNote } from '../../core/model/record.ts';
import { MOMENT, moment, PROTOCOL } from './fields.ts';

export const NOTE = z.object({
  id: z.number().int(),
  group: z.string().optional().describe('absent: in every group that watches the address'),
  address: z.string(),
  protocol: PROTOCOL.optional(),
  port: z.number().int().optional(),
  text: z.string().optional(),
  owner: z.string().optional(),
  tags: z.array(z.string()).optional(),
  by: z.string(),
  at: MOMENT,
});

export function noteData(note: HostNote, group?: string): z.infer<typeof NOTE> {
  const { id, address, protocol, port, text, owner, tags, byName, at } = note;
  return {
    ...{ id, address, by: byName, at: moment(at) },
    ...(group === undefined ? {} : { group }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(port === undefined ? {} : { port }),
    ...(text === undefined ? {} : { text }),
    ...(owner === undefined ? {} : { owner }),
    ...(tags === undefined ? {} : { tags: [...tags] }),
  };
}

export const APPROVAL = z
  .object({
    how: z.enum(['acknowledged', 'expected', 'baseline']),
    by: z.string(),
    at: MOMENT,
    note: z.string().optional(),
  })
  .describe('who approved it last; absent: nobody has');

export function approvalData({ how, byName, at, note }: Approval): z.infer<typeof APPROVAL> {
  return { how, by: byName, at: moment(at), ...(note === undefined ? {} : { note }) };
}
