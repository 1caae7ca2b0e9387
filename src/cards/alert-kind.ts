import type { Alert, AlertScope, Delta } from '../core/model/alert.ts';
import type { DeltaKind } from '../core/model/delta-kinds.ts';
import type { Group } from '../core/model/group.ts';
import { isOpen, standing } from './acknowledgement.ts';
import type { Card, Section } from './card.ts';
import { changeList, unlisted } from './change-line.ts';
import { sameChanges } from './same-change.ts';
import { scopeControls } from './scope-controls.ts';
import { sentence } from './sentence.ts';
import { toneOf } from './words.ts';

/** Different changes of one kind; the same change on many hosts counts once. */
const SHOWN = 10;

export type AlertKindCardInput = { alert: Alert; group: Group; kind: DeltaKind; deltas: readonly Delta[] };

/** All deltas of one kind of a large alert, in its thread, worst first: the same change on many hosts is one line. */
export function alertKindCard({ alert, group, kind, deltas }: AlertKindCardInput): Card {
  const scope: AlertScope = { alert: alert.id, kind };
  const changes = sameChanges(deltas);
  const open = deltas.some(isOpen);
  return {
    title: sentence(deltas, group.name),
    tone: toneOf(deltas),
    sections: [
      ...(open ? [changeList(changes, SHOWN)] : []),
      ...standing(open ? unlisted(changes, SHOWN) : deltas).map((text): Section => ({ type: 'text', text })),
    ],
    controls: scopeControls(scope, deltas),
    footer: [`${group.name} · the whole is in alert-${alert.id}.csv, above`],
  };
}
