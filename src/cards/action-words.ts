import type { AlertScope } from '../core/model/alert.ts';
import { describeDuration } from '../core/time/duration.ts';
import { type Action, decodeAction } from './action.ts';

/** A click as the audit records it: `acknowledge alert 12, 10.0.0.5`. An unknown id is left unchanged. */
export function actionWords(id: string): string {
  const action = decodeAction(id);
  return action === undefined ? id : wordsOf(action);
}

function wordsOf(action: Action): string {
  switch (action.type) {
    case 'run':
      return action.command;
    case 'delta-acknowledge':
      return `acknowledge delta ${action.delta}`;
    case 'cancel-scan':
      return `cancel scan ${action.scan}`;
    case 'remove-group':
    case 'keep-group':
      return `${action.type === 'remove-group' ? 'remove' : 'keep'} group ${action.group}`;
    case 'mute':
      return `mute ${scopeWords(action.scope)}${action.forMs === undefined ? '' : ` for ${describeDuration(action.forMs)}`}`;
    case 'acknowledge-note':
      return `acknowledge ${scopeWords(action.scope)} with a note`;
    default:
      return `${action.type.replace('-', ' ')} ${scopeWords(action.scope)}`;
  }
}

function scopeWords({ alert, host, kind }: AlertScope): string {
  return [`alert ${alert}`, ...(host === undefined ? [] : [host]), ...(kind === undefined ? [] : [kind])].join(', ');
}
