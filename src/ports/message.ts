import type { Card } from '../cards/card.ts';
import type { Delta } from '../core/model/alert.ts';
import type { DeltaKind } from '../core/model/delta-kinds.ts';
import type { ChannelRef } from '../core/model/principal.ts';
import type { ReportFormat } from '../core/report/report.ts';

/** What a posted message shows. Its card is built from the store each time it is sent or edited. */
export type MessageSubject =
  | { type: 'alert'; alert: number }
  | { type: 'alert-host'; alert: number; host: string }
  | { type: 'alert-kind'; alert: number; kind: DeltaKind }
  /** A scan's progress, then its result. */
  | { type: 'scan'; scan: number }
  /** A group's growing list of what was first determined while learning. */
  | { type: 'first-determined'; group: number }
  /** Scheduled scans that fail, from this one on, until one succeeds; `day`: posted again once a day while it lasts. */
  | { type: 'failed-scans'; scan: number; day: number }
  /** An event for a sink; `deltas`: those that the route lets through, if not all. */
  | { type: 'event'; event: number; deltas?: readonly number[] }
  /** Statistics of a group or of all groups, requested by a schedule; times are epoch ms. */
  | { type: 'report'; group?: number; schedule: number; format: ReportFormat; from: number; to: number }
  /** Posted once and never edited: a missed run, the end of a mute. */
  | { type: 'notice'; card: Card };

/** The subjects of all messages that show one of these deltas. */
export function subjectsOf(deltas: readonly Pick<Delta, 'alertId' | 'address' | 'kind'>[]): MessageSubject[] {
  const subjects = new Map<string, MessageSubject>();
  for (const { alertId: alert, address: host, kind } of deltas) {
    if (alert === undefined) continue;
    for (const subject of [
      { type: 'alert' as const, alert },
      { type: 'alert-host' as const, alert, host },
      { type: 'alert-kind' as const, alert, kind },
    ]) {
      subjects.set(JSON.stringify(subject), subject);
    }
  }
  return [...subjects.values()];
}

/** One row of the outbox. Edits coalesce: only the newest wanted revision is sent. */
export type Message = {
  id: number;
  subject: MessageSubject;
  channel: ChannelRef;
  /** The message whose thread contains it. */
  parentId?: number;
  /** Platform ids once posted. */
  ref?: { id: string; thread?: string };
  wanted: number;
  sent: number;
  status: 'pending' | 'sent' | 'failed';
  /** Not to be tried before this time, epoch ms. */
  notBefore: number;
  attempts: number;
  /** A response was lost: look for the message before posting again. */
  uncertain: boolean;
  /** The platform's code of the last failure. */
  failure?: string;
  createdAt: number;
};
