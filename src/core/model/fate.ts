import { rangesContain } from '../network/address-ranges.ts';
import { expectsHost, expectsPort } from '../network/expected-change.ts';
import { parseTargets, targetRanges } from '../network/targets.ts';
import type { Delta } from './alert.ts';
import type { DeltaSubject, JudgedDelta } from './delta.ts';
import { KINDS } from './delta-kinds.ts';
import type { Expectation, Mute, MuteMatch } from './hold.ts';
import type { Policy } from './policy.ts';
import { worse } from './scales.ts';

/** What becomes of a judged delta: announced (`confirmed` without `heldBack`), recorded with its reason, or waiting. */
export type Fate = { state: Delta['state']; heldBack?: string; expectation?: Expectation };

export type FateContext = {
  groupId: number;
  now: number;
  policy: Policy;
  /** In force now. */
  mutes: readonly Mute[];
  /** Ids of the group's maintenance windows that are open now. */
  openWindows: readonly number[];
  /** Still waiting. */
  expectations: readonly Expectation[];
  /** Hosts that appear in the same scan. */
  appeared?: ReadonlySet<string>;
  /** The other group whose thread has this news already. */
  toldIn?: string | undefined;
};

/** The reason as it is stored and shown; `mute 3` and `window 2` are looked up again when those end. */
export const heldByMute = (id: number): string => `mute ${id}`;
export const heldByWindow = (id: number): string => `window ${id}`;

/** Whether a reason to hold back ends by itself: what is still so is open then. */
export const isForNow = (reason: string): boolean => /^(?:mute|window) \d+$/.test(reason);

export function fateOf(delta: JudgedDelta, context: FateContext): Fate {
  if (delta.state !== 'confirmed') return { state: delta.state };
  const expectation = context.expectations.find((candidate) => meets(delta, candidate, context));
  const heldBack = reasonToHold(delta, context, expectation !== undefined);
  const expected = expectation === undefined ? {} : { expectation };
  return heldBack === undefined ? { state: 'confirmed', ...expected } : { state: 'suppressed', heldBack, ...expected };
}

/** An announced change is told even under a mute or in a window: it was promised, and is answered already. */
function reasonToHold(delta: JudgedDelta, context: FateContext, expected: boolean): string | undefined {
  if (delta.suppressed !== undefined) return delta.suppressed;
  if (context.policy.silentKinds.includes(delta.kind)) return `alert-on leaves out ${delta.kind}`;
  if (delta.due !== true && worse(delta.grade, context.policy.minGrade))
    return `below min-grade ${context.policy.minGrade}`;
  const held = expected ? undefined : heldForNow(delta, context);
  if (held !== undefined) return held;
  return context.toldIn === undefined ? undefined : `reported in group ${context.toldIn}`;
}

/** The mute or window that keeps what is said of this quiet now. */
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

/** Every field that the mute names must be met. */
function covers(match: MuteMatch, delta: DeltaSubject & { groupId: number }): boolean {
  const { protocol = 'tcp', port, kind } = match;
  return (
    coversHost(match, delta.groupId, delta.address) &&
    (port === undefined || (port === delta.port && protocol === (delta.protocol ?? 'tcp'))) &&
    (kind === undefined || kind === delta.kind)
  );
}

/** Whether something of this host could be muted by it. */
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

/** Who expects a host expects what it comes with. */
function isOfIt({ kind, address, protocol = 'tcp', port }: JudgedDelta, { what }: Expectation, context: FateContext) {
  if (what.ports !== undefined) {
    return port === undefined ? kind === 'host-dark' && what.ports === 'any' : expectsPort(what, protocol, port);
  }
  if (port === undefined) return KINDS[kind].family === 'host';
  return kind === 'service-added' && context.appeared?.has(address) === true;
}
