import type { Protocol } from '../../src/core/model/observation.ts';
import type { Baseline, HostNote } from '../../src/core/model/record.ts';
import type { RecordStore } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import { batches, fromJson, nonNull, plain } from './rows.ts';
import type { BaselineRow, NoteRow } from './tables/record-tables.ts';

const ADDRESSES_A_BATCH = 500;

export function createRecordStore({ tables, read, write }: Database): RecordStore {
  const { baselines, notes } = tables;
  return {
    addBaseline: (baseline) =>
      write(async (tx) => ({ ...baseline, id: await baselines.insert(baselineRow(baseline), tx) })),
    baselines: (groupId) =>
      read(async () => {
        const where = nonNull({ group_id: groupId });
        return (await baselines.find({ where, order: [['id', 'ASC']] })).map(toBaseline);
      }),
    addNote: (note) => write(async (tx) => ({ ...note, id: await notes.insert(noteRow(note), tx) })),
    notes: (address) =>
      read(async () => {
        if (address === undefined) return (await notes.find({ order: [['id', 'ASC']] })).map(toNote);
        const rows: NoteRow[] = [];
        for (const batch of batches([address].flat().map(plain), ADDRESSES_A_BATCH)) {
          rows.push(...(await notes.find({ where: { address: batch } })));
        }
        return rows.sort((a, b) => a.id - b.id).map(toNote);
      }),
    removeNote: (id) => write(async (tx) => (await notes.remove({ id }, tx)) > 0),
  };
}

const optionalText = (text: string | undefined): string | null => (text === undefined ? null : plain(text));

function baselineRow(baseline: Omit<Baseline, 'id'>): Omit<BaselineRow, 'id'> {
  const { groupId, by, byName, at, note, hosts, services } = baseline;
  return { group_id: groupId, by_key: by, by_name: plain(byName), at, note: optionalText(note), hosts, services };
}

function toBaseline({ id, group_id, by_key, by_name, at, note, hosts, services }: BaselineRow): Baseline {
  return { id, groupId: group_id, by: by_key, byName: by_name, at, hosts, services, ...nonNull({ note }) };
}

function noteRow(note: Omit<HostNote, 'id'>): Omit<NoteRow, 'id'> {
  return {
    group_id: note.groupId ?? null,
    address: note.address,
    protocol: note.protocol ?? null,
    port: note.port ?? null,
    words: optionalText(note.text),
    owner: optionalText(note.owner),
    tags: note.tags === undefined ? null : JSON.stringify(note.tags),
    by_key: note.by,
    by_name: plain(note.byName),
    at: note.at,
  };
}

function toNote(row: NoteRow): HostNote {
  const tags = row.tags === null ? undefined : fromJson<readonly string[]>(row.tags);
  return {
    ...{ id: row.id, address: row.address, by: row.by_key, byName: row.by_name, at: row.at },
    ...nonNull({ groupId: row.group_id, protocol: row.protocol as Protocol | null, port: row.port }),
    ...nonNull({ text: row.words, owner: row.owner, tags }),
  };
}
