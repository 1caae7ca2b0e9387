import type { Store } from '../../src/ports/store.ts';
import { createAuditStore } from './audit-store.ts';
import { checkDatabase } from './check.ts';
import { createConfigurationStore } from './configuration-store.ts';
import { openDatabase } from './database.ts';
import { createDeltaStore } from './delta-store.ts';
import { createDigestStore } from './digest-store.ts';
import { createEventStore } from './event-store.ts';
import { readFigures } from './figures.ts';
import { createGroupStore } from './group-store.ts';
import { createHoldStore } from './hold-store.ts';
import { createLeaseStore } from './lease-store.ts';
import { createMessageStore } from './message-store.ts';
import { createMigrator, type Migrator } from './migrator.ts';
import { createRecordStore } from './record-store.ts';
import { createReportStore } from './report-store.ts';
import { createRoleStore } from './role-store.ts';
import { createScanStore } from './scan-store.ts';
import { createScheduleStore } from './schedule-store.ts';
import { createSettingsStore } from './settings-store.ts';
import { createStateStore } from './state-store.ts';

export type OpenedStore = Store &
  Migrator & {
    /** One line about the database for `doctor`. Throws UserError when it is damaged or not up to date. */
    check(): Promise<string>;
  };

/**
 * Opens the database, which may still be empty: call `migrate` before anything else. Throws UserError when it can't be
 * opened; no error ever contains the URL's password.
 */
export async function openStore(
  databaseUrl: string,
  options: { log?: (line: string) => void; auditKey?: string } = {},
): Promise<OpenedStore> {
  const database = await openDatabase(databaseUrl);
  const migrator = createMigrator(database, options.log ?? (() => {}));
  return {
    ...migrator,
    check: () => checkDatabase(database, migrator),
    groups: createGroupStore(database),
    scans: createScanStore(database),
    schedules: createScheduleStore(database),
    configuration: createConfigurationStore(database),
    states: createStateStore(database),
    deltas: createDeltaStore(database),
    messages: createMessageStore(database),
    events: createEventStore(database),
    digests: createDigestStore(database),
    reports: createReportStore(database),
    holds: createHoldStore(database),
    records: createRecordStore(database),
    roles: createRoleStore(database),
    audit: createAuditStore(database, options.auditKey ?? ''),
    leases: createLeaseStore(database),
    settings: createSettingsStore(database),
    trouble: database.trouble,
    figures: () => readFigures(database),
    close: () => database.close(),
  };
}
