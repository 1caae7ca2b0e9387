import { z } from 'zod';
import { AUDIT_ENTRY, DELIVERY, GRANT, PLAN_LINE, ROUTE, STATUS } from './admin-data.ts';
import { DELTA } from './delta-data.ts';
import { GROUP, SCHEDULE } from './group-data.ts';
import { EXPECTATION, MUTE, WINDOW } from './hold-data.ts';
import { HOST, OPEN_PORT } from './host-data.ts';
import { NOTE } from './record-data.ts';
import { SCAN, SCAN_REPORT } from './scan-data.ts';

/** A list: at most as many items as requested, and how many there are in total. */
const listOf = <Type extends string, Item extends z.ZodType>(type: Type, item: Item) =>
  z.object({ type: z.literal(type), total: z.number().int(), items: z.array(item) });

/** A command's answer as fields. Fields are only ever added, so that scripts keep working. */
export const COMMAND_DATA = z.discriminatedUnion('type', [
  listOf('deltas', DELTA),
  z.object({ type: z.literal('answered'), changed: z.array(DELTA), kept: z.array(DELTA) }),
  listOf('hosts', HOST),
  listOf('open-ports', OPEN_PORT),
  listOf('scans', SCAN),
  z.object({ type: z.literal('scan'), scan: SCAN_REPORT }),
  listOf('groups', GROUP),
  listOf('schedules', SCHEDULE),
  listOf('mutes', MUTE),
  listOf('windows', WINDOW),
  listOf('expectations', EXPECTATION),
  listOf('notes', NOTE),
  listOf('deliveries', DELIVERY),
  listOf('routes', ROUTE),
  listOf('roles', GRANT),
  listOf('audit', AUDIT_ENTRY),
  listOf('plan', PLAN_LINE),
  z.object({ type: z.literal('status'), scans: z.array(SCAN), ...STATUS.shape }),
]);
export type CommandData = z.infer<typeof COMMAND_DATA>;

/** One line of `netdelta run --json`. */
export const RUN_OUTPUT = z.object({
  command: z.string().describe('as it was given'),
  outcome: z.enum(['done', 'refused', 'failed', 'wrong-use']),
  text: z.string().describe('the answer in words; times in UTC'),
  file: z
    .object({ name: z.string(), mimeType: z.string(), base64: z.string() })
    .optional()
    .describe('what is attached to the answer'),
  data: COMMAND_DATA.optional().describe('the same as fields, where there are any'),
});
export type RunOutput = z.infer<typeof RUN_OUTPUT>;
