import type { Alert, AlertScope, Delta } from '../core/model/alert.ts';
import type { DeltaKind } from '../core/model/delta-kinds.ts';
import type { Group } from '../core/model/group.ts';
import { RISKS } from '../core/model/scales.ts';
import { answersOf, answerWords, isOpen } from './acknowledgement.ts';
import type { Card, Section } from './card.ts';
import { deltasCsv } from './csv.ts';
import { scopeControls } from './scope-controls.ts';
import { changeWords, countedKind, gradeWords, subjectWords, toneOf, worstGrade } from './words.ts';

export type AlertKindCardInput = { alert: Alert; group: Group; kind: DeltaKind; deltas: readonly Delta[] };

/** All deltas of one kind of a large alert, in its thread, worst first. */
export function alertKindCard({ alert, group, kind, deltas }: AlertKindCardInput): Card {
  const scope: AlertScope = { alert: alert.id, kind };
  const sorted = [...deltas].sort((a, b) => RISKS.indexOf(b.risk) - RISKS.indexOf(a.risk) || a.id - b.id);
  const title = countedKind(kind, deltas.length);
  return {
    title,
    tone: toneOf(deltas),
    badge: gradeWords(worstGrade(deltas)),
    summary: `${group.name}: ${title}`,
    sections: [
      { type: 'table', columns: ['where', 'change', 'why', 'sure', 'risk'], rows: sorted.map(row) },
      ...hints(sorted),
      ...answersOf(deltas).map((answer): Section => ({ type: 'text', text: answerWords(answer) })),
    ],
    controls: scopeControls(scope, deltas),
    footer: [`${group.name} · alert ${alert.id}`],
    attachment: {
      name: `alert-${alert.id}-${kind}.csv`,
      mimeType: 'text/csv',
      content: deltasCsv(sorted),
      when: 'cut',
    },
  };
}

function row(delta: Delta): string[] {
  return [
    subjectWords(delta),
    changeWords(delta),
    delta.evidence[0] ?? '',
    gradeWords(delta.grade),
    isOpen(delta) ? delta.risk : `${delta.risk} ✓`,
  ];
}

/** Why it matters, each reason once. */
function hints(deltas: readonly Delta[]): Section[] {
  const reasons = [...new Set(deltas.flatMap((delta) => (delta.riskHint === undefined ? [] : [delta.riskHint])))];
  return reasons.length === 0 ? [] : [{ type: 'list', items: reasons.slice(0, 5), total: reasons.length }];
}
