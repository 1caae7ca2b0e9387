import type { Delta } from '../core/model/alert.ts';
import type { JudgedDelta } from '../core/model/delta.ts';
import type { DeltaKind } from '../core/model/delta-kinds.ts';
import type { Group } from '../core/model/group.ts';
import type { Ownership } from '../core/model/record.ts';
import { riskOf } from '../core/risk/risk.ts';
import { describeDuration } from '../core/time/duration.ts';
import { groupsOwn, mentionOf } from './alert.ts';
import type { Card, Text } from './card.ts';
import { changeList } from './change-line.ts';
import { hostsWords } from './change-phrases.ts';
import { sameChanges } from './same-change.ts';
import { sentence } from './sentence.ts';
import { at, changeWords, code, gradeWords, portWords, rich, strong, subjectWords, worstRisk } from './words.ts';

const SHOWN = 6;

export type AlertReplyCardInput = {
  group: Group;
  /** The host or kind whose message in the thread is edited as well, and has the buttons. */
  about: { host: string } | { kind: DeltaKind };
  deltas: readonly JudgedDelta[];
  /** The deltas that somebody may have to look at; the others were expected. */
  unexpected: readonly JudgedDelta[];
  /** All of it ends what was reported. */
  resolves?: boolean;
  /** The owner of each address. */
  ownership?: (address: string) => Ownership;
  scan: number;
  /** Epoch ms. */
  at: number;
};

/** Announces deltas that join an open thread later: an edit pings nobody, a reply does. */
export function alertReplyCard(input: AlertReplyCardInput): Card {
  const { group, deltas, unexpected, resolves, scan, at: time, ownership = groupsOwn(group) } = input;
  const shown = deltas.map((delta, index) => asStored(delta, index, { scan, at: time, group }));
  return {
    title: sentence(shown, group.name),
    tone: resolves === true ? 'resolved' : worstRisk(shown),
    sections: [
      {
        type: 'list',
        items: deltas.slice(0, SHOWN).map((delta) => line(delta, deltas.length > 1)),
        total: deltas.length,
      },
    ],
    controls: [],
    footer: [rich(`${group.name} · scan #${scan}, `, at(time))],
    ...mentionOf(
      group,
      unexpected.map((delta) => ({ address: delta.address, risk: riskOf(delta, delta).risk })),
      ownership,
    ),
  };
}

/** Only used for its text: the delta is stored in the same transaction that posts this reply. */
function asStored(delta: JudgedDelta, index: number, of: { scan: number; at: number; group: Group }): Delta {
  const { state: _state, suppressed: _suppressed, ...plain } = delta;
  const { risk } = riskOf(delta, delta);
  const open = { acknowledgement: { type: 'open' as const }, repeats: 0, state: 'confirmed' as const };
  return { ...plain, ...open, id: index, groupId: of.group.id, scanId: of.scan, at: of.at, risk };
}

function line(delta: JudgedDelta, named: boolean): Text {
  return rich(
    ...(named ? [strong(subjectWords(delta)), ' '] : []),
    code(changeWords(delta)),
    ...(delta.evidence.length === 0 ? [] : [`: ${delta.evidence.join('; ')}`]),
    ` · ${gradeWords(delta.grade)}`,
  );
}

export type OverCardInput = {
  group: Group;
  /** An outage, a firewall, a dark host, a tarpit, a certificate that was about to expire. */
  delta: Delta;
  /** The judge's notes: how many hosts answer again, and what had changed behind the outage. */
  notes: readonly string[];
  /** What the scan in which it ended found different on the hosts that it hid. */
  changes: readonly JudgedDelta[];
  scan: number;
  at: number;
};

/** A reported condition is over: how long it lasted, and what is different afterwards. */
export function overCard({ group, delta, notes, changes, scan, at: time }: OverCardInput): Card {
  const differs = changes.map((change, index) => asStored(change, index, { scan, at: time, group }));
  return {
    title: overWords(delta, group, describeDuration(time - delta.at)),
    tone: 'resolved',
    sections: [
      ...notes.map((text) => ({ type: 'text' as const, text })),
      ...(differs.length === 0 ? [] : [changeList(sameChanges(differs), SHOWN)]),
    ],
    controls: [],
    footer: [rich(`${group.name} · scan #${scan}, `, at(time))],
  };
}

function overWords(delta: Delta, { name }: Group, after: string): string {
  const { kind, address, members = [] } = delta;
  const hosts = hostsWords(Math.max(1, members.length), name);
  if (kind === 'firewall') return `The services of ${hosts} answer again after ${after} (${address})`;
  if (kind === 'certificate-expiring')
    return `The certificate of ${portWords(delta)} on ${address} is renewed (${name})`;
  if (kind === 'host-dark') return `The services of ${address} answer again after ${after} (${name})`;
  if (kind === 'all-ports-open') return `${address} no longer answers on all ports, after ${after} (${name})`;
  return `${hosts} answer again after ${after} (${address})`;
}
