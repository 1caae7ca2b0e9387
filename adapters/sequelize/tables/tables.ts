import type { Sequelize } from 'sequelize';
import { defineTable } from '../table.ts';
import { AUDIT, ROLE_GRANTS } from './access-tables.ts';
import { ACKNOWLEDGEMENTS, ALERTS, DELTAS } from './delta-tables.ts';
import { EVENTS } from './event-tables.ts';
import { GROUP_MEMORIES, GROUPS, ROUTES, SCHEDULES, SETTINGS } from './group-tables.ts';
import { EXPECTATIONS, MUTES, WINDOWS } from './hold-tables.ts';
import { DIGESTS, MESSAGES } from './message-tables.ts';
import { BASELINES, NOTES } from './record-tables.ts';
import { CHUNK_RESULTS, COVERAGES, SCAN_CHUNKS, SCANS, SEEN } from './scan-tables.ts';
import {
  FIRST_DETERMINED,
  FIRST_FOUND,
  HOST_CODES,
  HOST_EVENTS,
  HOSTS,
  IDENTITY_READS,
  SERVICES,
} from './state-tables.ts';

export type Tables = ReturnType<typeof defineTables>;

export function defineTables(sequelize: Sequelize) {
  return {
    settings: defineTable(sequelize, 'settings', SETTINGS),
    groups: defineTable(sequelize, 'groups', GROUPS),
    routes: defineTable(sequelize, 'group_routes', ROUTES),
    scans: defineTable(sequelize, 'scans', SCANS),
    chunks: defineTable(sequelize, 'scan_chunks', SCAN_CHUNKS),
    results: defineTable(sequelize, 'chunk_results', CHUNK_RESULTS),
    seen: defineTable(sequelize, 'scans_seen', SEEN),
    coverages: defineTable(sequelize, 'coverages', COVERAGES),
    schedules: defineTable(sequelize, 'schedules', SCHEDULES),
    memories: defineTable(sequelize, 'group_memories', GROUP_MEMORIES),
    hosts: defineTable(sequelize, 'hosts', HOSTS),
    services: defineTable(sequelize, 'services', SERVICES),
    identityReads: defineTable(sequelize, 'identity_reads', IDENTITY_READS),
    hostCodes: defineTable(sequelize, 'host_codes', HOST_CODES),
    hostEvents: defineTable(sequelize, 'host_events', HOST_EVENTS),
    firstDetermined: defineTable(sequelize, 'first_determined', FIRST_DETERMINED),
    firstFound: defineTable(sequelize, 'first_found', FIRST_FOUND),
    alerts: defineTable(sequelize, 'alerts', ALERTS),
    deltas: defineTable(sequelize, 'deltas', DELTAS),
    acknowledgements: defineTable(sequelize, 'acknowledgements', ACKNOWLEDGEMENTS),
    events: defineTable(sequelize, 'events', EVENTS),
    messages: defineTable(sequelize, 'messages', MESSAGES),
    digests: defineTable(sequelize, 'digests', DIGESTS),
    mutes: defineTable(sequelize, 'mutes', MUTES),
    windows: defineTable(sequelize, 'maintenance_windows', WINDOWS),
    expectations: defineTable(sequelize, 'expectations', EXPECTATIONS),
    baselines: defineTable(sequelize, 'baselines', BASELINES),
    notes: defineTable(sequelize, 'host_notes', NOTES),
    roles: defineTable(sequelize, 'role_grants', ROLE_GRANTS),
    audit: defineTable(sequelize, 'audit_entries', AUDIT),
  };
}
