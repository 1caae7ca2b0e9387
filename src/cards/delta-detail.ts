import type { Delta } from '../core/model/alert.ts';
import type { HostState } from '../core/model/state.ts';
import { addressWords } from './address-words.ts';
import type { Section, Text } from './card.ts';
import { at, changeWords, code, gradeWords, rich } from './words.ts';

const MEMBERS_SHOWN = 8;

/**
 * Before, after, why it matters, why it is believed, how certain it is, and since when if that is not now; the title
 * above names it.
 */
export function deltaDetail(delta: Delta): Section[] {
  const members = delta.members ?? [];
  return [
    ...whatAndWhy(delta),
    { type: 'list', items: delta.evidence },
    ...(members.length === 0 ? [] : [memberList(members)]),
    { type: 'text', text: facts(delta) },
  ];
}

/** Before → after where the title can't say it; why it matters, where the evidence doesn't. */
function whatAndWhy(delta: Delta): Section[] {
  const told = delta.port === undefined ? [] : [code(changeWords(delta))];
  const hint = delta.members === undefined ? delta.riskHint : undefined;
  const words = [
    ...told,
    ...(told.length > 0 && hint !== undefined ? [' — '] : []),
    ...(hint === undefined ? [] : [hint]),
  ];
  return words.length === 0 ? [] : [{ type: 'text', text: rich(...words) }];
}

/** Hosts behind an outage as ranges, or the ports of a tarpit. */
function memberList(members: readonly string[]): Section {
  const what = members.every((member) => /\/[a-z]+$/.test(member)) ? 'Ports: ' : 'Hosts: ';
  return { type: 'text', text: rich(what, code(addressWords(members, MEMBERS_SHOWN))) };
}

function facts(delta: Delta): Text {
  return rich(
    `${delta.risk} risk · ${gradeWords(delta.grade)}, ${percent(1 - delta.probability)}`,
    ...(delta.firstSeen === undefined || delta.firstSeen === delta.at
      ? []
      : // A service that closed and opened again was seen before that, too.
        [delta.port === undefined ? ' · first seen ' : ' · seen since ', at(delta.firstSeen)]),
    ...(delta.lastSeen === undefined || delta.lastSeen === delta.firstSeen || delta.lastSeen === delta.at
      ? []
      : [' · last seen ', at(delta.lastSeen)]),
  );
}

/** Names and maker, where known. */
export function hostNames(state: HostState | undefined): Section[] {
  const words = [...(state?.hostnames ?? []), state?.vendor, state?.mac].filter((word) => word !== undefined);
  return words.length === 0 ? [] : [{ type: 'text', text: words.join(' · ') }];
}

/** 0.999 and above is not rounded up to certainty. */
function percent(share: number): string {
  return share > 0.99 ? 'over 99 %' : `${Math.round(share * 100)} %`;
}
