import { rangesContain } from '../network/address-ranges.ts';
import { expectsHost, expectsPort } from '../network/expected-change.ts';
import { parseTargets, targetRanges } from '../network/targets.ts';
import type { Delta } from './alert.ts';
import type { DeltaSubject, JudgedDelta } from './delta.ts';
import { KINDS } from './delta-kinds.ts';
import type { Expectation, Mute, MuteMatch } from './hold.ts';
import type { Policy } from './policy.ts';
import { worse } from './scales.ts';

/** What happens to a judged delta: announced (`confirmed` without `heldBack`), recorded with its reason, or waiting. */
export type Fate = { state: Delta['state']; heldBack?: string; expectation?: Expectation };

export type FateContext = {
  groupId: number;
  now: number;
  policy: Policy;
  /** In force now. */
  mutes: readonly Mute[];
  /** Ids of the group's maintenance windows that are currently open. */
  openWindows: readonly number[];
  /** Still waiting. */
  expectations: readonly Expectation[];
  /** Hosts that appear in the same scan. */
  appeared?: ReadonlySet<string>;
  /** The other group whose thread already reports this change. */
  toldIn?: string | undefined;
};

/** The reason as it is stored and shown. `mute 3` and `window 2` are looked up again when those end. */
export const heldByMute = (id: number): string => `mute ${id}`;
export const heldByWindow = (id: number): string => `window ${id}`;

const REPORTED_IN = 'reported in group';

/** Whether it was held back because another group has reported the same; groups may have been renamed since. */
export const isReportedElsewhere = (reason: string): boolean => reason.startsWith(REPORTED_IN);

/** Whether a reason for holding back ends by itself; a delta that still holds then becomes open. */
export const isForNow = (reason: string): boolean => /^(?:mute|window) \d+$/.test(reason);

export function fateOf(delta: JudgedDelta, context: FateContext): Fate {
  if (delta.state !== 'confirmed') return { state: delta.state };
  const expectation = context.expectations.find((candidate) => meets(delta, candidate, context));
  const heldBack = reasonToHold(delta, context, expectation !== undefined);
  const expected = expectation === undefined ? {} : { expectation };
  return heldBack === undefined ? { state: 'confirmed', ...expected } : { state: 'suppressed', heldBack, ...expected };
}

/** An expected change is announced even under a mute or in a window: it was promised, and is already answered. */
function reasonToHold(delta: JudgedDelta, context: FateContext, expected: boolean): string | undefined {
  if (delta.suppressed !== undefined) return delta.suppressed;
  if (context.policy.silentKinds.includes(delta.kind)) return `alert-on leaves out ${delta.kind}`;
  if (delta.due !== true && worse(delta.grade, context.policy.minGrade))
    return `below min-grade ${context.policy.minGrade}`;
  const held = expected ? undefined : heldForNow(delta, context);
  if (held !== undefined) return held;
  return context.toldIn === undefined ? undefined : `${REPORTED_IN} ${context.toldIn}`;
}

/** The mute or window that currently holds back deltas of this subject. */
export function heldForNow(
  delta: DeltaSubject,
  context: Pick<FateContext, 'groupId' | 'now' | 'mutes' | 'openWindows'>,
): string | undefined {
  const mute = context.mutes.find((candidate) => muted(delta, candidate, context));
  if (mute !== undefined) return heldByMute(mute.id);
  const window = context.openWindows[0];
  return window === undefined ? undefined : heldByWindow(window);
}

function muted(delta: DeltaSubject, mute: Mute, context: Pick<FateContext, 'groupId' | 'now'>): boolean {
  return (
    mute.from <= context.now && context.now < mute.until && covers(mute.match, { ...delta, groupId: context.groupId })
  );
}

/** Every field that the mute names must match. */
function covers(match: MuteMatch, delta: DeltaSubject & { groupId: number }): boolean {
  const { protocol = 'tcp', port, kind } = match;
  return (
    coversHost(match, delta.groupId, delta.address) &&
    (port === undefined || (port === delta.port && protocol === (delta.protocol ?? 'tcp'))) &&
    (kind === undefined || kind === delta.kind)
  );
}

/** Whether the mute could apply to something of this host. */
export function coversHost({ groupId, address, subnet }: MuteMatch, group: number, host: string): boolean {
  return (
    (groupId === undefined || groupId === group) &&
    (address === undefined || address === host) &&
    (subnet === undefined || rangesContain(targetRanges(parseTargets(subnet)), host))
  );
}

function meets(delta: JudgedDelta, expectation: Expectation, context: FateContext): boolean {
  return (
    expectation.status === 'waiting' &&
    expectation.groupId === context.groupId &&
    context.now <= expectation.until &&
    KINDS[delta.kind].expectable &&
    expectsHost(expectation.what, delta.address) &&
    isOfIt(delta, expectation, context)
  );
}

/** An expected host includes the services it appears with. */
function isOfIt({ kind, address, protocol = 'tcp', port }: JudgedDelta, { what }: Expectation, context: FateContext) {
  if (what.ports !== undefined) {
    return port === undefined ? kind === 'host-dark' && what.ports === 'any' : expectsPort(what, protocol, port);
  }
  if (port === undefined) return KINDS[kind].family === 'host';
  return kind === 'service-added' && context.appeared?.has(address) === true;
}
