import type { Alert, AlertScope, Delta } from '../core/model/alert.ts';
import type { Group } from '../core/model/group.ts';
import type { HostNote, Ownership } from '../core/model/record.ts';
import type { HostState } from '../core/model/state.ts';
import { isOpen, standing, turned } from './acknowledgement.ts';
import { groupsOwn } from './alert.ts';
import type { Card, Section } from './card.ts';
import { changeList, unlisted } from './change-line.ts';
import { deltasCsv } from './csv.ts';
import { deltaDetail, hostNames } from './delta-detail.ts';
import { noteSections, ownershipLine } from './record-words.ts';
import { sameChanges } from './same-change.ts';
import { scopeControls } from './scope-controls.ts';
import { sentence } from './sentence.ts';
import { toneOf } from './words.ts';

/** Lines shown for one host; the rest is counted, and the file lists all. */
const SHOWN = 12;

export type AlertHostCardInput = {
  alert: Alert;
  group: Group;
  /** Address, or the subnet of an outage. */
  host: string;
  /** What this alert reports about that host. */
  deltas: readonly Delta[];
  /** Adds names and maker, where known. */
  state?: HostState | undefined;
  ownership?: Ownership | undefined;
  /** Notes on the host, newest first. */
  notes?: readonly HostNote[] | undefined;
};

/** One host of an alert, in its thread: before → after, why it is believed, how certain it is, since when. */
export function alertHostCard({ alert, group, host, deltas, state, notes, ownership }: AlertHostCardInput): Card {
  const scope: AlertScope = { alert: alert.id, host };
  const [only, second] = deltas;
  const alone = second === undefined ? only : undefined;
  const open = deltas.some(isOpen);
  return {
    title: sentence(deltas, group.name),
    tone: toneOf(deltas),
    sections: [
      ...(open
        ? [
            ...turned(deltas).map((text): Section => ({ type: 'text', text })),
            ...(alone === undefined ? lines(host, deltas) : deltaDetail(alone)),
            ...hostNames(state),
            ...noteSections(notes),
          ]
        : []),
      ...standing(open ? unlisted(sameChanges(deltas), SHOWN) : deltas).map(
        (text): Section => ({ type: 'text', text }),
      ),
    ],
    controls: scopeControls(scope, deltas),
    footer: [`${group.name} · ${deltaIds(deltas)}`, ...ownershipLine(ownership ?? groupsOwn(group)(host))],
    ...(open && needsFile(deltas)
      ? {
          attachment: { name: `alert-${alert.id}-host.csv`, mimeType: 'text/csv', content: whole(deltas), when: 'cut' },
        }
      : {}),
  };
}

function lines(host: string, deltas: readonly Delta[]): Section[] {
  return [changeList(sameChanges(deltas), SHOWN, { host })];
}

function deltaIds(deltas: readonly Delta[]): string {
  const ids = deltas.slice(0, SHOWN).map(({ id }) => `#${id}`);
  const more = deltas.length > SHOWN ? ` and ${deltas.length - SHOWN} more` : '';
  return `${deltas.length === 1 ? 'delta' : 'deltas'} ${ids.join(', ')}${more}`;
}

function needsFile(deltas: readonly Delta[]): boolean {
  return deltas.length > SHOWN || deltas.some((delta) => (delta.members?.length ?? 0) > 0);
}

function whole(deltas: readonly Delta[]): string {
  const members = deltas.flatMap((delta) => delta.members ?? []);
  return members.length === 0 ? deltasCsv(deltas) : `${deltasCsv(deltas)}\r\n${members.join('\r\n')}\r\n`;
}
