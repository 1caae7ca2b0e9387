import type { AlertScope, Delta } from '../core/model/alert.ts';
import { isOpen } from './acknowledgement.ts';
import type { Control } from './card.ts';

/** Few buttons, the likely one first; once answered, only Undo. */
export function scopeControls(scope: AlertScope, deltas: readonly Delta[]): Control[] {
  if (deltas.length === 0) return [];
  if (!deltas.some(isOpen)) return undoControls(scope, deltas);
  return [
    { type: 'button', label: 'Acknowledge', style: 'primary', action: { type: 'acknowledge', scope } },
    { type: 'button', label: 'Expected', style: 'default', action: { type: 'expected', scope } },
    { type: 'button', label: 'Recheck', style: 'default', action: { type: 'recheck', scope } },
    {
      type: 'menu',
      label: 'More',
      options: [
        { label: 'Acknowledge with a note…', action: { type: 'acknowledge-note', scope } },
        { label: 'Mute…', action: { type: 'mute', scope } },
        { label: 'History', action: { type: 'history', scope } },
        { label: 'False alarm', action: { type: 'false-alarm', scope } },
      ],
    },
  ];
}

/** Undo, if somebody had answered; what ended by itself has none. */
function undoControls(scope: AlertScope, deltas: readonly Delta[]): Control[] {
  if (deltas.every((delta) => delta.acknowledgement.type === 'open')) return [];
  const all = scope.host === undefined && scope.kind === undefined && deltas.length > 1;
  const confirm = all ? { confirm: 'Open all of it again?' } : {};
  return [{ type: 'button', label: 'Undo', style: 'default', action: { type: 'undo', scope }, ...confirm }];
}
