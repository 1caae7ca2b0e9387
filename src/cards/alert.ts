import type { Alert, Delta } from '../core/model/alert.ts';
import type { Group } from '../core/model/group.ts';
import { RISKS } from '../core/model/scales.ts';
import type { Coverage, Scan } from '../core/model/scan.ts';
import { answersOf, isOpen } from './acknowledgement.ts';
import type { Button, Card, Section, Text } from './card.ts';
import { coverageWords } from './coverage.ts';
import { deltasCsv } from './csv.ts';
import {
  at,
  changeWords,
  code,
  counted,
  gradeWords,
  kindCounts,
  rich,
  toneOf,
  worstGrade,
  worstRisk,
} from './words.ts';

/** From this many hosts on, an alert's thread has one message per kind, not per host. */
export const GROUP_BY_KIND_FROM = 10;
const SHOWN = 5;

export type AlertCardInput = {
  alert: Alert;
  group: Group;
  scan: Scan;
  /** All that is told in this alert. */
  deltas: readonly Delta[];
  coverage?: Coverage | undefined;
  /** Names of other groups in which the same deltas were seen. */
  alsoIn?: readonly string[] | undefined;
};

/** The parent message: what kind of news, how sure, how bad, and who has taken note. */
export function alertCard({ alert, group, scan, deltas, coverage, alsoIn }: AlertCardInput): Card {
  const open = deltas.filter(isOpen);
  const title = `${group.name}: ${counted(deltas.length, 'change')}`;
  const done = deltas.length > 0 && open.length === 0;
  const notify = group.notify;
  const unexpected = deltas.filter((delta) => delta.acknowledgement.type !== 'expected');
  const pinged =
    notify !== undefined && unexpected.length > 0 && RISKS.indexOf(worstRisk(unexpected)) >= RISKS.indexOf(notify.from);
  return {
    title: done ? `${title}, all acknowledged` : title,
    tone: toneOf(deltas),
    badge: gradeWords(worstGrade(deltas)),
    summary: `${group.name}: ${kindCounts(deltas)}`,
    sections: [{ type: 'fields', fields: fields(group, scan, deltas, coverage) }, ...highlights(deltas)],
    controls: [...controls(alert, open.length, deltas.length)],
    footer: footer(alert, alsoIn),
    ...(pinged ? { mention: [notify.who] } : {}),
    ...(byKind(deltas)
      ? {
          attachment: {
            name: `alert-${alert.id}.csv`,
            mimeType: 'text/csv' as const,
            content: deltasCsv(deltas),
            when: 'always' as const,
          },
        }
      : {}),
  };
}

/** Whether the thread of these deltas is told kind by kind. */
export function byKind(deltas: readonly Delta[]): boolean {
  return new Set(deltas.map((delta) => delta.address)).size >= GROUP_BY_KIND_FROM;
}

function fields(
  group: Group,
  scan: Scan,
  deltas: readonly Delta[],
  coverage: Coverage | undefined,
): { label: string; value: Text }[] {
  const { notify } = group;
  return [
    { label: 'Changes', value: kindCounts(deltas) },
    { label: 'Risk', value: worstRisk(deltas) },
    { label: 'Acknowledged', value: acknowledged(deltas) },
    { label: 'Scan', value: rich(`#${scan.id}, `, at(scan.finishedAt ?? scan.startedAt ?? scan.queuedAt)) },
    { label: 'Covered', value: coverageWords(scan, coverage) },
    ...(notify === undefined
      ? []
      : [{ label: 'Who must look', value: rich({ type: 'user', key: notify.who, name: notify.who }) }]),
  ];
}

function acknowledged(deltas: readonly Delta[]): Text {
  const answers = answersOf(deltas);
  const last = answers[answers.length - 1];
  const count = `${deltas.filter((delta) => !isOpen(delta)).length} of ${deltas.length} acknowledged`;
  if (last === undefined) return count;
  return rich(`${count}, last by `, { type: 'user', key: last.by, name: last.byName }, ' ', at(last.at));
}

/** The worst few, so that nobody has to open the thread to know whether to run. */
function highlights(deltas: readonly Delta[]): Section[] {
  const worst = [...deltas]
    .sort((a, b) => RISKS.indexOf(b.risk) - RISKS.indexOf(a.risk) || a.id - b.id)
    .slice(0, SHOWN);
  if (worst.length === 0) return [];
  return [{ type: 'list', items: worst.map(highlight), total: deltas.length }];
}

function highlight(delta: Delta): Text {
  const port = delta.port === undefined ? '' : ` ${delta.port}/${delta.protocol ?? 'tcp'}`;
  const hint = delta.riskHint === undefined ? '' : ` — ${delta.riskHint}`;
  return rich(code(`${delta.address}${port}`), ` ${changeWords(delta)}${hint}${isOpen(delta) ? '' : ' ✓'}`);
}

function controls(alert: Alert, open: number, total: number): Button[] {
  const scope = { alert: alert.id };
  if (open > 0) {
    return [{ type: 'button', label: 'Acknowledge all', style: 'primary', action: { type: 'acknowledge', scope } }];
  }
  return total === 0
    ? []
    : [
        {
          type: 'button',
          label: 'Undo',
          style: 'default',
          action: { type: 'undo', scope },
          confirm: 'Open all of it again?',
        },
      ];
}

function footer(alert: Alert, alsoIn: readonly string[] | undefined): Text[] {
  return [
    rich(`Alert ${alert.id}, told `, at(alert.createdAt)),
    ...(alert.previousId === undefined
      ? []
      : [`News of the same was told before, in alert ${alert.previousId}, which is closed`]),
    ...(alsoIn === undefined || alsoIn.length === 0 ? [] : [`Seen in ${alsoIn.join(', ')} as well; told here only`]),
  ];
}
