import type { Alert, AlertScope, Delta } from '../core/model/alert.ts';
import type { Group } from '../core/model/group.ts';
import type { HostState } from '../core/model/state.ts';
import { answersOf, answerWords, isOpen } from './acknowledgement.ts';
import type { Card, Section } from './card.ts';
import { deltasCsv } from './csv.ts';
import { deltaDetail, headline } from './delta-detail.ts';
import { scopeControls } from './scope-controls.ts';
import { changeWords, counted, gradeWords, kindWords, portWords, toneOf, worstGrade } from './words.ts';

/** Told one by one up to here; more of one host become a table. */
const DETAILED = 6;

export type AlertHostCardInput = {
  alert: Alert;
  group: Group;
  /** Address, or the subnet of an outage. */
  host: string;
  /** What this alert tells of that host. */
  deltas: readonly Delta[];
  /** Decorates with names and maker, where known. */
  state?: HostState | undefined;
};

/** One host of an alert, in its thread: before → after, why it is believed, how sure, since when. */
export function alertHostCard({ alert, group, host, deltas, state }: AlertHostCardInput): Card {
  const scope: AlertScope = { alert: alert.id, host };
  const [first] = deltas;
  const what = deltas.length === 1 && first !== undefined ? headline(first) : counted(deltas.length, 'change');
  return {
    title: `${host}: ${what}`,
    tone: toneOf(deltas),
    badge: gradeWords(worstGrade(deltas)),
    summary: `${group.name}, ${host}: ${deltas.map(headline).join(', ')}`,
    sections: [
      ...decoration(state),
      ...(deltas.length <= DETAILED
        ? deltas.flatMap((delta) => deltaDetail(delta, deltas.length > 1))
        : [table(deltas)]),
      ...answersOf(deltas).map((answer): Section => ({ type: 'text', text: answerWords(answer) })),
    ],
    controls: scopeControls(scope, deltas),
    footer: [`${group.name} · ${deltas.map((delta) => `delta ${delta.id}`).join(', ')}`],
    ...(deltas.length > DETAILED || deltas.some((delta) => (delta.members?.length ?? 0) > 0)
      ? {
          attachment: { name: `alert-${alert.id}-host.csv`, mimeType: 'text/csv', content: whole(deltas), when: 'cut' },
        }
      : {}),
  };
}

function decoration(state: HostState | undefined): Section[] {
  const words = [...(state?.hostnames ?? []), state?.vendor, state?.mac].filter((word) => word !== undefined);
  return words.length === 0 ? [] : [{ type: 'text', text: words.join(' · ') }];
}

function table(deltas: readonly Delta[]): Section {
  return {
    type: 'table',
    columns: ['port', 'change', 'sure', 'risk'],
    rows: deltas.map((delta) => [
      portWords(delta) || kindWords(delta.kind),
      changeWords(delta),
      gradeWords(delta.grade),
      isOpen(delta) ? delta.risk : `${delta.risk} ✓`,
    ]),
  };
}

function whole(deltas: readonly Delta[]): string {
  const members = deltas.flatMap((delta) => delta.members ?? []);
  return members.length === 0 ? deltasCsv(deltas) : `${deltasCsv(deltas)}\r\n${members.join('\r\n')}\r\n`;
}
