import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type OpenedStore, openStore } from '../../../adapters/sequelize/open-store.ts';

let directory: string;
let store: OpenedStore;
const file = () => join(directory, 'test.sqlite');
const open = (auditKey: string) => openStore(`sqlite:${file()}`, { auditKey });
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'netdelta-audit-'));
  store = await open('the key');
  await store.migrate();
});
afterEach(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

async function write(count: number): Promise<void> {
  for (let at = 1; at <= count; at++) {
    await store.audit.add({ at, who: 'slack:U1', name: 'ann', channel: 'slack:C1', request: `r${at}`, outcome: 'ok' });
  }
}

/** With nothing but access to the database. */
function tamper(sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(file());
    database.exec(sql, (error) => database.close(() => (error === null ? resolve() : reject(error))));
  });
}

test('an audit that nobody touched is whole, also after a restart', async () => {
  await write(5);
  await store.close();
  store = await open('the key');
  await write(2);
  expect(await store.audit.verify()).toMatchObject({ state: 'whole', entries: 7 });
});

test.each([
  ['a changed request', "UPDATE audit_entries SET request = 'harmless' WHERE id = 3", { state: 'broken', at: 3 }],
  ['a changed name', "UPDATE audit_entries SET who = 'slack:U2' WHERE id = 4", { state: 'broken', at: 4 }],
  ['a removed entry', 'DELETE FROM audit_entries WHERE id = 2', { state: 'broken', at: 3 }],
  ['a removed beginning', 'DELETE FROM audit_entries WHERE id < 3', { state: 'broken', at: 3 }],
  ['a removed end', 'DELETE FROM audit_entries WHERE id > 3', { state: 'cut', after: 3 }],
  ['an emptied audit', 'DELETE FROM audit_entries', { state: 'cut', after: 0 }],
  [
    'a changed order',
    'UPDATE audit_entries SET id = 99 WHERE id = 2; UPDATE audit_entries SET id = 2 WHERE id = 3; UPDATE audit_entries SET id = 3 WHERE id = 99',
    { state: 'broken', at: 2 },
  ],
  [
    'an entry put in',
    "INSERT INTO audit_entries (at, who, name, channel, request, outcome, kind, hash) SELECT at, who, name, channel, 'help', outcome, kind, hash FROM audit_entries WHERE id = 5",
    { state: 'broken', at: 6 },
  ],
  [
    'a removed beginning that looks as if it had been too old',
    "DELETE FROM audit_entries WHERE id < 3; UPDATE settings SET value = (SELECT '3 ' || hash FROM audit_entries WHERE id = 3) WHERE name = 'audit-anchor'",
    { state: 'broken', at: 3 },
  ],
  ['an end that nobody knows any more', "DELETE FROM settings WHERE name = 'audit-head'", { state: 'broken', at: 1 }],
  [
    'a chain that nobody knows any more',
    "DELETE FROM settings WHERE name LIKE 'audit-%'; UPDATE audit_entries SET request = 'harmless' WHERE id = 3",
    { state: 'broken', at: 1 },
  ],
  ['a hash taken away', 'UPDATE audit_entries SET hash = NULL WHERE id = 5', { state: 'broken', at: 5 }],
])('%s is found', async (_what, sql, verdict) => {
  await write(5);
  await tamper(sql);
  expect(await store.audit.verify()).toMatchObject(verdict);
  // Entries written afterwards, such as `audit verify` itself, do not hide it.
  await write(1);
  expect(await store.audit.verify()).toMatchObject({ state: 'broken' });
});

test('who does not have the key can not make a chain that holds', async () => {
  await write(3);
  await store.close();
  store = await open('another key');
  expect(await store.audit.verify()).toMatchObject({ state: 'broken', at: 1 });
});

test('what is pruned for its age leaves the rest whole', async () => {
  await write(6);
  expect(await store.audit.prune(4)).toBe(3);
  expect(await store.audit.verify()).toMatchObject({ state: 'whole', entries: 3 });
  await write(1);
  expect(await store.audit.verify()).toMatchObject({ state: 'whole', entries: 4 });
});
