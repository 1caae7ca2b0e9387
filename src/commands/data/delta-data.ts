import { z } from 'zod';
import type { DeltaRow } from '../../cards/delta.ts';
import { defined } from '../../core/defined.ts';
import type { Delta } from '../../core/model/alert.ts';
import type { DeltaSide } from '../../core/model/delta.ts';
import { DELTA_KINDS } from '../../core/model/delta-kinds.ts';
import { GRADES, RISKS } from '../../core/model/scales.ts';
import { MOMENT, moment, PROTOCOL, SERVICE, serviceData } from './fields.ts';

const SIDE = z.object({ present: z.boolean(), service: SERVICE.optional() });

const CONTENT = z.object({ id: z.number().int(), protocol: PROTOCOL.optional(), port: z.number().int().optional() });

export const DELTA = z.object({
  id: z.number().int(),
  group: z.string(),
  scan: z.number().int(),
  alert: z.number().int().optional(),
  at: MOMENT,
  kind: z.enum(DELTA_KINDS),
  address: z.string().describe('a subnet for an outage'),
  protocol: PROTOCOL.optional(),
  port: z.number().int().optional(),
  state: z.enum(['candidate', 'confirmed', 'refuted', 'suppressed']),
  heldBack: z.string().optional().describe('why it was not announced'),
  grade: z.enum(GRADES).describe('how sure: green certain, amber likely, red doubtful'),
  probability: z.number().describe('of a false alarm, 0 to 1'),
  risk: z.enum(RISKS),
  before: SIDE.optional(),
  after: SIDE.optional(),
  evidence: z.array(z.string()),
  members: z.array(z.string()).optional(),
  firstSeen: MOMENT.optional(),
  lastSeen: MOMENT.optional(),
  repeats: z.number().int(),
  answer: z.enum(['open', 'acknowledged', 'expected', 'false-alarm']),
  answeredBy: z.string().optional(),
  answeredAt: MOMENT.optional(),
  note: z.string().optional(),
  now: z.enum(DELTA_KINDS).optional().describe('what its subject did last, where it has turned since'),
  resolvedAt: MOMENT.optional().describe('when what it reported came to its end'),
  contents: z.array(CONTENT).optional().describe('what a new host came with: answered with it'),
  contentOf: z.number().int().optional().describe('the new host that it came with'),
});
export type DeltaData = z.infer<typeof DELTA>;

export function deltaData(delta: Delta, group: string): DeltaData {
  const { acknowledgement: answer } = delta;
  return {
    ...{ id: delta.id, group, scan: delta.scanId, at: moment(delta.at), kind: delta.kind, address: delta.address },
    ...{ state: delta.state, grade: delta.grade, probability: delta.probability, risk: delta.risk },
    ...{ evidence: [...delta.evidence], repeats: delta.repeats, answer: answer.type },
    ...defined({ alert: delta.alertId, protocol: delta.protocol, port: delta.port, heldBack: delta.heldBack }),
    ...(delta.before === undefined ? {} : { before: side(delta.before) }),
    ...(delta.after === undefined ? {} : { after: side(delta.after) }),
    ...(delta.members === undefined ? {} : { members: [...delta.members] }),
    ...(delta.firstSeen === undefined ? {} : { firstSeen: moment(delta.firstSeen) }),
    ...(delta.lastSeen === undefined ? {} : { lastSeen: moment(delta.lastSeen) }),
    ...(delta.now === undefined ? {} : { now: delta.now.kind }),
    ...(delta.resolvedAt === undefined ? {} : { resolvedAt: moment(delta.resolvedAt) }),
    ...(answer.type === 'open' ? {} : { answeredBy: answer.byName, answeredAt: moment(answer.at) }),
    ...(answer.type === 'open' || answer.note === undefined ? {} : { note: answer.note }),
  };
}

/** An item of a list, with the deltas that belong to it. */
export function itemData({ delta, groupName, contents = [], contentOf }: DeltaRow): DeltaData {
  const ports = contents.map(({ id, protocol, port }) => ({ id, ...defined({ protocol, port }) }));
  return {
    ...deltaData(delta, groupName),
    ...(ports.length === 0 ? {} : { contents: ports }),
    ...defined({ contentOf }),
  };
}

function side({ present, identity }: DeltaSide): z.infer<typeof SIDE> {
  return { present, ...(identity === undefined ? {} : { service: serviceData(identity) }) };
}
