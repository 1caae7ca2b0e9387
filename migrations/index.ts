import { settings } from './20261124-0100-settings.ts';
import { groups } from './20261124-0110-groups.ts';
import { scans } from './20261124-0120-scans.ts';
import { chunks } from './20261124-0130-chunks.ts';
import { coverage } from './20261124-0140-coverage.ts';
import { schedules } from './20261124-0150-schedules.ts';
import { hosts } from './20261124-0160-hosts.ts';
import { services } from './20261124-0170-services.ts';
import { firstDetermined } from './20261124-0180-first-determined.ts';
import { alerts } from './20261124-0190-alerts.ts';
import { deltas } from './20261124-0200-deltas.ts';
import { acknowledgements } from './20261124-0210-acknowledgements.ts';
import { messages } from './20261124-0220-messages.ts';
import { mutes } from './20261124-0230-mutes.ts';
import { windows } from './20261124-0240-windows.ts';
import { expectations } from './20261124-0250-expectations.ts';
import { roles } from './20261124-0260-roles.ts';
import { audit } from './20261124-0270-audit.ts';
import { events } from './20261130-1250-events.ts';
import { routeSettings } from './20261130-1251-route-settings.ts';
import { silentKinds } from './20261130-1320-silent-kinds.ts';
import { alertThreads } from './20261130-1330-alert-threads.ts';
import { scansSeen } from './20261130-1335-scans-seen.ts';
import { schedulesActiveSince } from './20261130-1335-schedules-active-since.ts';
import { hostEvents } from './20261130-1340-host-events.ts';
import { deltaLife } from './20261130-1350-delta-life.ts';
import { beliefVersion } from './20261130-1355-belief-version.ts';
import { auditChain } from './20261130-1418-audit-chain.ts';
import { wideExpectations } from './20261130-1700-wide-expectations.ts';
import { firstFound } from './20261130-1725-first-found.ts';
import { digests } from './20261130-1740-digests.ts';
import { records } from './20261130-1740-records.ts';
import { deltasByTime } from './20261130-1810-deltas-by-time.ts';
import { superseded } from './20261130-1820-superseded.ts';
import { underWay } from './20261130-2005-under-way.ts';
import { steadyHosts } from './20261130-2025-steady-hosts.ts';
import { scheduledReports } from './20261130-2030-scheduled-reports.ts';
import { reportsOnAll } from './20261201-0020-reports-on-all.ts';
import { identityReads } from './20261201-0930-identity-reads.ts';
import type { Migration } from './schema.ts';

/** In the order in which they happen. Listed one by one: file names differ between source and build. */
export const MIGRATIONS: readonly Migration[] = [
  settings,
  groups,
  scans,
  chunks,
  coverage,
  schedules,
  hosts,
  services,
  firstDetermined,
  alerts,
  deltas,
  acknowledgements,
  messages,
  mutes,
  windows,
  expectations,
  roles,
  audit,
  events,
  routeSettings,
  silentKinds,
  alertThreads,
  scansSeen,
  schedulesActiveSince,
  hostEvents,
  deltaLife,
  beliefVersion,
  auditChain,
  wideExpectations,
  firstFound,
  digests,
  records,
  deltasByTime,
  superseded,
  underWay,
  steadyHosts,
  scheduledReports,
  reportsOnAll,
  identityReads,
];
