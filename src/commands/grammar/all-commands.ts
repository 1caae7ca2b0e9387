import type { Deps } from '../deps.ts';
import { alertList } from '../handlers/alert/list.ts';
import { alertRoute } from '../handlers/alert/route.ts';
import { alertTest } from '../handlers/alert/test.ts';
import { apply } from '../handlers/apply.ts';
import { auditExport } from '../handlers/audit/export.ts';
import { auditList } from '../handlers/audit/list.ts';
import { auditVerify } from '../handlers/audit/verify.ts';
import { deliveryList } from '../handlers/delivery/list.ts';
import { deliveryResend } from '../handlers/delivery/resend.ts';
import { deltaAck } from '../handlers/delta/ack.ts';
import { deltaAckAll } from '../handlers/delta/ack-all.ts';
import { deltaExpected } from '../handlers/delta/expected.ts';
import { deltaFalseAlarm } from '../handlers/delta/false-alarm.ts';
import { deltaList } from '../handlers/delta/list.ts';
import { deltaRecheck } from '../handlers/delta/recheck.ts';
import { deltaShow } from '../handlers/delta/show.ts';
import { deltaUndo } from '../handlers/delta/undo.ts';
import { digest } from '../handlers/digest.ts';
import { expectAdd } from '../handlers/expect/add.ts';
import { expectList } from '../handlers/expect/list.ts';
import { expectRemove } from '../handlers/expect/remove.ts';
import { exportCommand } from '../handlers/export.ts';
import { groupAdd } from '../handlers/group/add.ts';
import { groupApprove } from '../handlers/group/approve.ts';
import { groupEdit } from '../handlers/group/edit.ts';
import { groupList } from '../handlers/group/list.ts';
import { groupNotify } from '../handlers/group/notify.ts';
import { groupPause } from '../handlers/group/pause.ts';
import { groupRemove } from '../handlers/group/remove.ts';
import { groupResume } from '../handlers/group/resume.ts';
import { groupShow } from '../handlers/group/show.ts';
import { groupTargets } from '../handlers/group/targets.ts';
import { help } from '../handlers/help.ts';
import { hostList } from '../handlers/host/list.ts';
import { hostShow } from '../handlers/host/show.ts';
import { importCommand } from '../handlers/import.ts';
import { muteAdd } from '../handlers/mute/add.ts';
import { muteList } from '../handlers/mute/list.ts';
import { muteRemove } from '../handlers/mute/remove.ts';
import { noteAdd } from '../handlers/note/add.ts';
import { noteList } from '../handlers/note/list.ts';
import { noteRemove } from '../handlers/note/remove.ts';
import { reportAll } from '../handlers/report/all.ts';
import { reportShow } from '../handlers/report/show.ts';
import { roleGrant } from '../handlers/role/grant.ts';
import { roleList } from '../handlers/role/list.ts';
import { roleRevoke } from '../handlers/role/revoke.ts';
import { scanCancel } from '../handlers/scan/cancel.ts';
import { scanList } from '../handlers/scan/list.ts';
import { scanNow } from '../handlers/scan/now.ts';
import { scanShow } from '../handlers/scan/show.ts';
import { scanStatus } from '../handlers/scan/status.ts';
import { scheduleAdd } from '../handlers/schedule/add.ts';
import { scheduleEdit } from '../handlers/schedule/edit.ts';
import { scheduleList } from '../handlers/schedule/list.ts';
import { schedulePause } from '../handlers/schedule/pause.ts';
import { scheduleRemove } from '../handlers/schedule/remove.ts';
import { scheduleResume } from '../handlers/schedule/resume.ts';
import { serviceFind } from '../handlers/service/find.ts';
import { status } from '../handlers/status.ts';
import { why } from '../handlers/why.ts';
import { windowAdd } from '../handlers/window/add.ts';
import { windowList } from '../handlers/window/list.ts';
import { windowRemove } from '../handlers/window/remove.ts';
import type { Command } from './command.ts';
import type { CommandDefinition, CommandDescription } from './command-description.ts';

/** The whole grammar of /netdelta, in the order of the help. A new command is one file and one row. */
const COMMANDS: readonly Command[] = [
  help,
  status,
  groupAdd,
  groupEdit,
  groupTargets,
  groupNotify,
  groupPause,
  groupResume,
  groupShow,
  groupList,
  groupRemove,
  groupApprove,
  scanNow,
  scanStatus,
  scanShow,
  scanList,
  scanCancel,
  scheduleAdd,
  scheduleEdit,
  scheduleList,
  schedulePause,
  scheduleResume,
  scheduleRemove,
  deltaList,
  deltaShow,
  deltaAck,
  deltaAckAll,
  deltaExpected,
  deltaUndo,
  deltaRecheck,
  deltaFalseAlarm,
  serviceFind,
  hostShow,
  hostList,
  why,
  muteAdd,
  muteList,
  muteRemove,
  windowAdd,
  windowList,
  windowRemove,
  expectAdd,
  expectList,
  expectRemove,
  noteAdd,
  noteList,
  noteRemove,
  reportShow,
  reportAll,
  exportCommand,
  importCommand,
  apply,
  alertRoute,
  alertList,
  alertTest,
  digest,
  roleGrant,
  roleRevoke,
  roleList,
  auditList,
  auditVerify,
  auditExport,
  deliveryList,
  deliveryResend,
];

/** Names, options and words of all commands: registration, help and completion need no more. */
export const commandDescriptions: readonly CommandDescription[] = COMMANDS.map((command) => command.description);

export function createDefinitions(deps: Deps): readonly CommandDefinition[] {
  return COMMANDS.map((command) => command.bind({ ...deps, descriptions: commandDescriptions }));
}
