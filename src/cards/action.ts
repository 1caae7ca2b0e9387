import { defined } from '../core/defined.ts';
import type { AlertScope } from '../core/model/alert.ts';
import { asDeltaKind } from '../core/model/delta-kinds.ts';

/**
 * The action of a button. Its id carries kind and ids only, so that it works after a restart. Actions that need text
 * (`acknowledge-note`, `expected`) open a form where the platform has one.
 */
export type Action =
  | { type: AlertActionType; scope: AlertScope }
  | { type: 'mute'; scope: AlertScope /** ms; absent: ask for it. */; forMs?: number }
  /** The judge's explanation: not a button, but in a message's menu where the platform has one. */
  | { type: 'why'; scope: AlertScope }
  | { type: 'delta-acknowledge'; delta: number }
  | { type: 'cancel-scan'; scan: number }
  | { type: 'remove-group'; group: number }
  | { type: 'keep-group'; group: number }
  /** The next page of a list: runs the command again. */
  | { type: 'run'; command: string };

const ALERT_ACTIONS = [
  'acknowledge',
  'acknowledge-note',
  'expected',
  'recheck',
  'history',
  'false-alarm',
  'undo',
] as const;
export type AlertActionType = (typeof ALERT_ACTIONS)[number];

/** Discord's limit for a custom_id, the tighter of the two platforms'. */
export const MAX_ACTION_ID = 100;

const PREFIX = 'nd1';

/** `nd1;acknowledge;12;10.0.0.5;` — fields never contain `;`, except a command, which comes last. */
export function encodeAction(action: Action): string {
  switch (action.type) {
    case 'mute':
      return join(action.type, ...scopeFields(action.scope), action.forMs === undefined ? '' : String(action.forMs));
    case 'delta-acknowledge':
      return join(action.type, String(action.delta));
    case 'cancel-scan':
      return join(action.type, String(action.scan));
    case 'remove-group':
    case 'keep-group':
      return join(action.type, String(action.group));
    case 'run':
      return join(action.type, action.command);
    default:
      return join(action.type, ...scopeFields(action.scope));
  }
}

export function decodeAction(id: string): Action | undefined {
  const [prefix, type, ...fields] = id.split(';');
  if (prefix !== PREFIX || type === undefined) return undefined;
  if (type === 'run') return { type, command: fields.join(';') };
  const number = positive(fields[0]);
  if (number === undefined) return undefined;
  if (type === 'delta-acknowledge') return { type, delta: number };
  if (type === 'cancel-scan') return { type, scan: number };
  if (type === 'remove-group' || type === 'keep-group') return { type, group: number };
  return decodeAlertAction(type, number, fields);
}

function decodeAlertAction(type: string, alert: number, fields: readonly string[]): Action | undefined {
  const scope = decodeScope(alert, fields[1] ?? '', fields[2] ?? '');
  if (scope === undefined) return undefined;
  if (type === 'mute') {
    const forMs = positive(fields[3]);
    return forMs === undefined ? { type, scope } : { type, scope, forMs };
  }
  if (type === 'why') return { type, scope };
  const known = ALERT_ACTIONS.find((candidate) => candidate === type);
  return known === undefined ? undefined : { type: known, scope };
}

function decodeScope(alert: number, host: string, kind: string): AlertScope | undefined {
  if (host !== '' && !/^[0-9a-fA-F:./%]{2,49}$/.test(host)) return undefined;
  const known = asDeltaKind(kind);
  if (kind !== '' && known === undefined) return undefined;
  return { alert, ...(host === '' ? {} : { host }), ...defined({ kind: known }) };
}

function scopeFields(scope: AlertScope): string[] {
  return [String(scope.alert), scope.host ?? '', scope.kind ?? ''];
}

function join(...fields: string[]): string {
  return [PREFIX, ...fields].join(';');
}

function positive(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9][0-9]{0,15}$/.test(text) ? Number(text) : undefined;
}
