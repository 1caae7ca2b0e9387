import type { Inline } from '../../cards/card.ts';
import { heldByMute, heldByWindow } from '../../core/model/fate.ts';
import type { Group } from '../../core/model/group.ts';
import type { Expectation, MaintenanceWindow } from '../../core/model/hold.ts';
import { formatExpectedChange } from '../../core/network/expected-change.ts';
import { isWindowSpent, lastOpening } from '../../core/time/window.ts';
import type { Clock } from '../../ports/clock.ts';
import { type NoticeDeps, tellGroup } from '../delivery/notices.ts';
import { releaseHeld } from './release-held.ts';

export type HoldDeps = NoticeDeps & { clock: Clock };

/**
 * Ends mutes, windows and expectations whose time is over: changes that they held back and that still hold are open
 * again, and an expected change that did not happen is reported. The report comes first and is recorded afterwards: a
 * crash in between repeats the same notice, which remains one message.
 */
export async function endHolds(deps: HoldDeps): Promise<void> {
  await endMutes(deps);
  await endWindows(deps);
  await endExpectations(deps);
}

async function endMutes(deps: HoldDeps): Promise<void> {
  const now = deps.clock.now();
  for (const mute of await deps.store.holds.mutes()) {
    if (mute.until > now) continue;
    const held = await deps.store.holds.heldBack(heldByMute(mute.id), mute.from);
    const ended = { reason: heldByMute(mute.id), words: `mute ${mute.id} (${mute.what}) has ended` };
    await releaseHeld(deps, held, ended, { at: now, shownAt: mute.until });
    await deps.store.holds.endMute(mute.id, now);
  }
}

async function endWindows(deps: HoldDeps): Promise<void> {
  const now = deps.clock.now();
  for (const window of await deps.store.holds.windows()) {
    const opening = lastOpening(window, now);
    if (opening === undefined || now < opening.until || (window.toldUntil ?? 0) >= opening.until) continue;
    if (opening.until <= window.createdAt) continue;
    // Since its last report: the bot may have been away when an earlier opening ended.
    const held = await deps.store.holds.heldBack(heldByWindow(window.id), window.toldUntil ?? window.createdAt);
    const words = `maintenance window ${window.id} (${window.phrase}) has closed`;
    await releaseHeld(deps, held, { reason: heldByWindow(window.id), words }, { at: now, shownAt: opening.until });
    await deps.store.holds.toldWindow(window.id, opening.until);
    await removeSpent(deps, window, now);
  }
}

async function removeSpent(deps: HoldDeps, window: MaintenanceWindow, now: number): Promise<void> {
  if (isWindowSpent(window, now)) await deps.store.holds.removeWindow(window.id);
}

async function endExpectations(deps: HoldDeps): Promise<void> {
  const now = deps.clock.now();
  for (const expectation of await deps.store.holds.expectations({ status: 'waiting' })) {
    if (expectation.until > now) continue;
    const came = expectation.deltaId !== undefined;
    const group = came ? undefined : await deps.store.groups.byId(expectation.groupId);
    if (group !== undefined) await tellMissing(deps, group, expectation, now);
    await deps.store.holds.setExpectation(expectation.id, came ? 'came' : 'missing');
  }
}

async function tellMissing(deps: HoldDeps, group: Group, expectation: Expectation, now: number): Promise<void> {
  const { what, ticket, reason } = expectation;
  const should = what.ports === undefined ? 'come or go' : 'change';
  const line: Inline[] = [
    { type: 'text', text: `${formatExpectedChange(what)} was to ${should} by ` },
    { type: 'time', at: expectation.until, style: 'datetime' },
    { type: 'text', text: ', announced by ' },
    { type: 'user', key: expectation.createdBy, name: expectation.byName },
    { type: 'text', text: [reason, ticket].map((part) => (part === undefined ? '' : `, ${part}`)).join('') },
  ];
  const title = `${group.name}: an expected change has not come`;
  await tellGroup(deps, group, { title, tone: 'medium', lines: [line], at: now, shownAt: expectation.until });
}
