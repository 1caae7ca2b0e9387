import type { Acknowledgement, Alert, Delta } from '../../src/core/model/alert.ts';
import { type DeltaSubject, deltaKey } from '../../src/core/model/delta.ts';
import type { NewDelta } from '../../src/ports/store.ts';
import { fromJson, nonNull, plain } from './rows.ts';
import type { AlertRow, DeltaRow } from './tables/delta-tables.ts';

export function toDelta(row: DeltaRow): Delta {
  return {
    id: row.id,
    groupId: row.group_id,
    scanId: row.scan_id,
    at: row.at,
    kind: row.kind as Delta['kind'],
    address: row.address,
    state: row.state as Delta['state'],
    grade: row.grade as Delta['grade'],
    probability: row.probability,
    evidence: fromJson<Delta['evidence']>(row.evidence),
    risk: row.risk as Delta['risk'],
    repeats: row.repeats,
    acknowledgement: toAcknowledgement(row),
    ...nonNull({
      protocol: row.protocol as Delta['protocol'] | null,
      port: row.port,
      before: optionalJson<Delta['before']>(row.before),
      after: optionalJson<Delta['after']>(row.after),
      members: optionalJson<Delta['members']>(row.members),
      heldBack: row.held_back,
      riskHint: row.risk_hint,
      firstSeen: row.first_seen,
      lastSeen: row.last_seen,
      alertId: row.alert_id,
      partOf: row.part_of,
      now: nowOf(row),
      resolvedAt: row.resolved_at,
    }),
  };
}

function nowOf({ now_kind: kind, now_at: at }: DeltaRow): Delta['now'] | null {
  return kind === null || at === null ? null : { kind: kind as Delta['kind'], at };
}

function toAcknowledgement(row: DeltaRow): Acknowledgement {
  const type = row.answer as Acknowledgement['type'];
  if (type === 'open') return { type };
  return {
    type,
    by: row.answered_by ?? '',
    byName: row.answered_by_name ?? '',
    at: row.answered_at ?? 0,
    ...nonNull({ note: row.answer_note, announced: row.announced }),
  };
}

export function answerColumns(answer: Acknowledgement): Partial<DeltaRow> {
  if (answer.type === 'open') {
    const nobody = { answered_by: null, answered_by_name: null, answered_at: null };
    return { answer: 'open', ...nobody, answer_note: null, announced: null };
  }
  return {
    answer: answer.type,
    answered_by: answer.by,
    answered_by_name: plain(answer.byName),
    answered_at: answer.at,
    answer_note: answer.note === undefined ? null : plain(answer.note),
    announced: answer.announced ?? null,
  };
}

export function newDeltaRow(delta: NewDelta, commitScanId: number, index: number): Partial<DeltaRow> {
  return {
    ...deltaColumns(delta),
    subject: deltaKey(delta),
    commit_scan_id: commitScanId,
    commit_index: index,
    repeats: 0,
    answer: 'open',
  };
}

/** The columns of the fields that a change contains; others keep their value. */
export function deltaColumns(change: Partial<Omit<Delta, 'id'>>): Partial<DeltaRow> {
  const columns = {
    group_id: change.groupId,
    scan_id: change.scanId,
    at: change.at,
    kind: change.kind,
    address: change.address,
    protocol: change.protocol,
    port: change.port,
    state: change.state,
    before: toJson(change.before),
    after: toJson(change.after),
    grade: change.grade,
    probability: change.probability,
    evidence: toJson(change.evidence),
    members: toJson(change.members),
    held_back: change.heldBack === undefined ? undefined : plain(change.heldBack),
    risk: change.risk,
    risk_hint: change.riskHint,
    first_seen: change.firstSeen,
    last_seen: change.lastSeen,
    alert_id: change.alertId,
    repeats: change.repeats,
    part_of: change.partOf,
    ...lifeColumns(change),
    ...(change.acknowledgement === undefined ? {} : answerColumns(change.acknowledgement)),
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}

/** A delta that turned back is not over: each turn sets both columns. */
function lifeColumns({ now, resolvedAt }: Partial<Delta>): Partial<DeltaRow> {
  if (now !== undefined) return { now_kind: now.kind, now_at: now.at, resolved_at: resolvedAt ?? null };
  return resolvedAt === undefined ? {} : { resolved_at: resolvedAt };
}

/** The key of a changed subject, if the change contains it completely. */
export function changedKey(change: Partial<DeltaSubject>): Partial<DeltaRow> {
  const { kind, address } = change;
  return kind === undefined || address === undefined ? {} : { subject: deltaKey({ ...change, kind, address }) };
}

export function toAlert(row: AlertRow): Alert {
  return {
    id: row.id,
    groupId: row.group_id,
    scanId: row.scan_id,
    thread: row.thread as Alert['thread'],
    createdAt: row.created_at,
    ...nonNull({ previousId: row.previous_id }),
  };
}

function toJson(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

function optionalJson<T>(text: string | null): T | undefined {
  return text === null ? undefined : fromJson<T>(text);
}
