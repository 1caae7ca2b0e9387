import { defined } from '../../core/defined.ts';
import { UserError } from '../../core/errors.ts';
import type { Group } from '../../core/model/group.ts';
import type { MaintenanceWindow } from '../../core/model/hold.ts';
import type { PrincipalKey } from '../../core/model/principal.ts';
import type { When } from '../../core/model/schedule.ts';
import { describeDuration, parseTime } from '../../core/time/duration.ts';
import { parseWhen } from '../../core/time/when.ts';
import { everCloses } from '../../core/time/window.ts';
import { checkZone } from '../../core/time/zone.ts';
import type { Store } from '../../ports/store.ts';

export type WindowRequest = {
  group: Group;
  phrase: string;
  zone: string;
  durationMs: number;
  reason?: string;
  by: PrincipalKey;
  byName: string;
  now: number;
};

/** Once (`now`, `2026-12-01 22:00`) or repeatedly (any phrase of a schedule). Throws UserError. */
export async function addWindow(store: Store, request: WindowRequest): Promise<MaintenanceWindow> {
  return await store.holds.addWindow({ groupId: request.group.id, ...newWindow(request) });
}

/** Checked, but not stored yet. */
export function newWindow(request: Omit<WindowRequest, 'group'>): Omit<MaintenanceWindow, 'id' | 'groupId'> {
  const { phrase, durationMs, now } = request;
  const zone = checkZone(request.zone);
  return {
    phrase,
    when: parseOpening(phrase, zone, durationMs, now),
    zone,
    durationMs,
    ...defined({ reason: request.reason }),
    createdBy: request.by,
    byName: request.byName,
    createdAt: now,
  };
}

function parseOpening(phrase: string, zone: string, durationMs: number, now: number): MaintenanceWindow['when'] {
  if (/^now$/i.test(phrase)) return { type: 'once', at: now };
  if (!/^\d{4}-/.test(phrase)) {
    const when = parseRepeated(phrase, zone, now);
    if (everCloses(when, durationMs, now)) return when;
    throw new UserError(`It would never close: it lasts ${describeDuration(durationMs)}, and by then it opens again.`, {
      word: phrase,
      hint: 'Write a shorter `for:`; `mute add` holds back for longer, `group pause` until you resume it.',
    });
  }
  const at = parseTime(phrase, zone, now);
  if (at + durationMs > now) return { type: 'once', at };
  throw new UserError('That window is over already.', { word: phrase, hint: 'Write a time that is still to come.' });
}

function parseRepeated(phrase: string, zone: string, now: number): When {
  try {
    return parseWhen(phrase, zone, now);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const hint = `Once: \`now\` or \`2026-12-01 22:00\`. Again and again: ${error.hint ?? ''}`;
    throw new UserError(error.message, { hint, ...defined({ word: error.word }) });
  }
}
