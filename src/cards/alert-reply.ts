import type { JudgedDelta } from '../core/model/delta.ts';
import type { DeltaKind } from '../core/model/delta-kinds.ts';
import type { Group } from '../core/model/group.ts';
import { RISKS } from '../core/model/scales.ts';
import { riskOf } from '../core/risk/risk.ts';
import type { Card, Text } from './card.ts';
import { headline } from './delta-detail.ts';
import {
  at,
  changeWords,
  code,
  counted,
  countedKind,
  gradeWords,
  rich,
  strong,
  subjectWords,
  worstGrade,
  worstRisk,
} from './words.ts';

const SHOWN = 6;

export type AlertReplyCardInput = {
  group: Group;
  /** The host or the kind whose message in the thread is edited as well, and holds the buttons. */
  about: { host: string } | { kind: DeltaKind };
  deltas: readonly JudgedDelta[];
  /** Those of them that somebody may have to look at; the others were announced beforehand. */
  unexpected: readonly JudgedDelta[];
  scan: number;
  /** Epoch ms. */
  at: number;
};

/** What joins an open thread later: an edit calls nobody, a reply does. */
export function alertReplyCard({ group, about, deltas, unexpected, scan, at: time }: AlertReplyCardInput): Card {
  const risk = riskOfAll(deltas);
  const pinged =
    group.notify !== undefined &&
    unexpected.length > 0 &&
    RISKS.indexOf(riskOfAll(unexpected)) >= RISKS.indexOf(group.notify.from);
  const title = titleOf(group, about, deltas);
  return {
    title,
    tone: risk,
    badge: gradeWords(worstGrade(deltas)),
    summary: `${group.name}, ${title}`,
    sections: [
      {
        type: 'list',
        items: deltas.slice(0, SHOWN).map((delta) => line(delta, 'kind' in about || deltas.length > 1)),
        total: deltas.length,
      },
    ],
    controls: [],
    footer: [rich(`${group.name} · scan #${scan} of `, at(time))],
    ...(pinged && group.notify !== undefined ? { mention: [group.notify.who] } : {}),
  };
}

const riskOfAll = (deltas: readonly JudgedDelta[]) => worstRisk(deltas.map((delta) => riskOf(delta, delta)));

function titleOf(group: Group, about: AlertReplyCardInput['about'], deltas: readonly JudgedDelta[]): string {
  if ('kind' in about) return `${group.name}: ${countedKind(about.kind, deltas.length)}`;
  const [first] = deltas;
  return `${about.host}: ${deltas.length === 1 && first !== undefined ? headline(first) : counted(deltas.length, 'change')}`;
}

function line(delta: JudgedDelta, named: boolean): Text {
  return rich(
    ...(named ? [strong(subjectWords(delta)), ' '] : []),
    code(changeWords(delta)),
    ...(delta.evidence.length === 0 ? [] : [`: ${delta.evidence.join('; ')}`]),
  );
}
