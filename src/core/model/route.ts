import type { Delta } from './alert.ts';
import type { DeltaKind } from './delta-kinds.ts';
import type { EventType } from './event.ts';
import type { ChannelRef } from './principal.ts';
import { GRADES, type Grade, RISKS, type Risk } from './scales.ts';
import type { When } from './schedule.ts';

/** Which of a group's alerts go to a place; all of them where nothing is set. */
export type RouteFilter = {
  kinds?: readonly DeltaKind[];
  /** The worst grade that still goes there. */
  minGrade?: Grade;
  /** The least risk that goes there. */
  minRisk?: Risk;
};

/** Events are collected and sent together at these times. */
export type RouteDigest = {
  /** As typed: `daily 08:00`. */
  phrase: string;
  when: When;
  zone: string;
  /** The last event that a digest included, and when it was sent; epoch ms. */
  through: number;
  sentAt: number;
};

/** An additional place for a group's alerts. */
export type Route = RouteFilter & { channel: ChannelRef; digest?: RouteDigest };

export function isFiltered({ kinds, minGrade, minRisk }: RouteFilter): boolean {
  return kinds !== undefined || minGrade !== undefined || minRisk !== undefined;
}

export function letsThrough(
  { kinds, minGrade, minRisk }: RouteFilter,
  delta: Pick<Delta, 'kind' | 'grade' | 'risk'>,
): boolean {
  return (
    (kinds === undefined || kinds.includes(delta.kind)) &&
    (minGrade === undefined || GRADES.indexOf(delta.grade) <= GRADES.indexOf(minGrade)) &&
    (minRisk === undefined || RISKS.indexOf(delta.risk) >= RISKS.indexOf(minRisk))
  );
}

/**
 * Whether the place wants events of this type at all; deltas are filtered separately. A place that wants only some
 * deltas still receives failed scans, which leave it blind, but not successful ones.
 */
export function wantsType(filter: RouteFilter, type: EventType, events: 'all' | 'alerts'): boolean {
  return type !== 'scan-done' || (events === 'all' && !isFiltered(filter));
}
