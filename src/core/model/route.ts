import type { Delta } from './alert.ts';
import type { DeltaKind } from './delta-kinds.ts';
import type { EventType } from './event.ts';
import type { ChannelRef } from './principal.ts';
import { GRADES, type Grade, RISKS, type Risk } from './scales.ts';
import type { When } from './schedule.ts';

/** What a place is sent of a group's alerts; everything where nothing is set. */
export type RouteFilter = {
  kinds?: readonly DeltaKind[];
  /** The worst grade that still goes there. */
  minGrade?: Grade;
  /** The least risk that goes there. */
  minRisk?: Risk;
};

/** What happens is gathered, and sent together at these times. */
export type RouteDigest = {
  /** As typed: `daily 08:00`. */
  phrase: string;
  when: When;
  zone: string;
  /** The last event that a digest has said, and when; epoch ms. */
  through: number;
  sentAt: number;
};

/** A further place of a group's alerts. */
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
 * Whether an event of that type concerns the place at all; its deltas are sifted besides. A place that wants only some
 * deltas is still told that a scan failed, which leaves it blind, but not that one went well.
 */
export function wantsType(filter: RouteFilter, type: EventType, events: 'all' | 'alerts'): boolean {
  return type !== 'scan-done' || (events === 'all' && !isFiltered(filter));
}
