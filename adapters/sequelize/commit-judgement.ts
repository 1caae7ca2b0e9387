import type { Transaction } from 'sequelize';
import { defined } from '../../src/core/defined.ts';
import type { DeltaRef, JudgementCommit } from '../../src/ports/store.ts';
import { answerOpen } from './answers.ts';
import type { Database } from './database.ts';
import { changedKey, deltaColumns, newDeltaRow } from './delta-rows.ts';
import { saveFirstFound } from './first-found.ts';
import { saveIdentityReads } from './identity-reads.ts';
import { recordJudgement } from './record-judgement.ts';
import { saveHosts, saveMemory, settleHosts } from './save-hosts.ts';
import { saveCoverage } from './scan-store.ts';
import { saveSeen } from './seen-store.ts';
import { saveSettings } from './settings-store.ts';
import type { Tables } from './tables/tables.ts';
import { touchMessages, wantAlertPart, wantMessage } from './want-message.ts';

type Committed = { committed: boolean; alertId?: number; deltaIds: number[] };

/** Writes the changes of one judged scan in the given transaction. Refused if the scan is not `judging`. */
export async function commitJudgement(
  { tables }: Database,
  commit: JudgementCommit,
  tx: Transaction,
): Promise<Committed> {
  const { scanId, groupId, at } = commit;
  const ended = { status: commit.status, finished_at: commit.finishedAt };
  const claimed = await tables.scans.update(ended, { id: scanId, group_id: groupId, status: 'judging' }, tx);
  if (claimed === 0) return { committed: false, deltaIds: [] };
  await saveCoverage(tables, scanId, commit.coverage, tx);
  if (commit.seen !== undefined) await saveSeen(tables, scanId, commit.seen, commit.packedSeen, tx);
  await saveMemory(tables, { groupId, memory: commit.group, basis: commit.basis }, tx);
  await saveHosts(tables, { groupId, at, hosts: commit.hosts, steady: commit.steady }, tx);
  for await (const slice of commit.slices ?? []) await saveHosts(tables, { groupId, at, ...slice }, tx);
  await settleHosts(tables, { groupId, at, settled: commit.settled ?? [] }, tx);
  await saveIdentityReads(tables, commit, tx);
  await saveFirstFound(tables, commit, tx);
  const deltaIds = await saveDeltas(tables, commit, tx);
  const idOf = idsOf(commit, deltaIds);
  const alert = await saveAlert(tables, commit, idOf, tx);
  const alertId = alert?.id;
  await saveRepeats(tables, commit, idOf, tx);
  await recordJudgement(tables, commit, { alert, deltaIds }, tx);
  await meetExpectations(tables, commit, idOf, tx);
  for (const { about, channel, ...where } of commit.announce) {
    const alert = where.alertId ?? alertId;
    if (alert === undefined) throw new Error('a commit without an alert announces one');
    await wantAlertPart(tables, { alert, about, channel, at }, tx);
  }
  await touchMessages(tables, commit.touch, undefined, tx);
  for (const message of commit.want ?? []) await wantMessage(tables, { ...message, at }, tx);
  await saveSettings(tables, commit.settings ?? [], tx);
  return { committed: true, deltaIds, ...defined({ alertId }) };
}

type IdOf = (ref: DeltaRef) => number;

/** Resolves the commit's references, now that its new deltas have ids. */
function idsOf({ newDeltas }: JudgementCommit, deltaIds: readonly number[]): IdOf {
  const ids = new Map([...newDeltas.keys()].map((ref, index) => [ref, deltaIds[index]]));
  return (ref) => {
    const id = typeof ref === 'number' ? ref : ids.get(ref);
    if (id === undefined) throw new Error(`a commit speaks of its delta ${ref}, which it has not`);
    return id;
  };
}

/** Returns the ids of the new ones, in order. */
async function saveDeltas(tables: Tables, commit: JudgementCommit, tx: Transaction): Promise<number[]> {
  for (const { id, ...change } of commit.changedDeltas) {
    const columns = { ...deltaColumns(change), ...changedKey(change) };
    if (Object.keys(columns).length > 0) await tables.deltas.update(columns, { id, group_id: commit.groupId }, tx);
  }
  const rows = [...commit.newDeltas.values()].map((delta, index) => newDeltaRow(delta, commit.scanId, index));
  await tables.deltas.insertMany(rows, tx);
  const stored = await tables.deltas.find(
    { where: { commit_scan_id: commit.scanId }, order: [['commit_index', 'ASC']], attributes: ['id'] },
    tx,
  );
  return stored.map(({ id }) => id);
}

async function saveAlert(
  tables: Tables,
  { alert, groupId, at }: JudgementCommit,
  idOf: IdOf,
  tx: Transaction,
): Promise<{ id: number; opened: boolean } | undefined> {
  if (alert === undefined) return undefined;
  const told = alert.deltas.map(idOf);
  if (told.length === 0) return undefined;
  // A scan has one alert: later confirmed deltas join it, even if the caller had not seen it yet.
  const known = alert.alertId ?? (await tables.alerts.first({ where: { scan_id: alert.scanId } }, tx))?.id;
  const opened = {
    group_id: groupId,
    scan_id: alert.scanId,
    previous_id: alert.previousId ?? null,
    thread: alert.thread,
    created_at: at,
  };
  const alertId = known ?? (await tables.alerts.insert(opened, tx));
  await tables.deltas.update({ alert_id: alertId }, { id: told, group_id: groupId }, tx);
  return { id: alertId, opened: known === undefined };
}

/** A repetition belongs to the alert of the delta that it repeats. */
async function saveRepeats(
  tables: Tables,
  { repeats, groupId }: JudgementCommit,
  idOf: IdOf,
  tx: Transaction,
): Promise<void> {
  for (const { deltaId, by, line } of repeats) {
    const where = { id: deltaId, group_id: groupId };
    const told = await tables.deltas.first({ where, attributes: ['alert_id', 'repeats'] }, tx);
    if (told === undefined) continue;
    if (line !== true) await tables.deltas.update({ repeats: told.repeats + 1 }, where, tx);
    const turn = { alert_id: told.alert_id, ...(line === true ? {} : { part_of: deltaId }) };
    await tables.deltas.update(turn, { id: idOf(by) }, tx);
  }
}

async function meetExpectations(
  tables: Tables,
  { expectationsMet, groupId }: JudgementCommit,
  idOf: IdOf,
  tx: Transaction,
): Promise<void> {
  for (const { expectationId, met, answer, delta } of expectationsMet) {
    const deltaId = idOf(delta);
    const waiting = { id: expectationId, group_id: groupId, status: 'waiting' };
    await tables.expectations.update({ delta_id: deltaId }, { ...waiting, delta_id: null }, tx);
    if (met) await tables.expectations.update({ status: 'came' }, waiting, tx);
    if (answer !== undefined) await answerOpen(tables, [deltaId], answer, tx);
  }
}
