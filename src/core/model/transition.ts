import type { HostCode } from './state.ts';

/**
 * What a scan says about a host after all evidence is weighed. The `confirmed-…` events come from a confirmation scan:
 * they add to what its scan found.
 * - `answered`: up, services as believed; `added`, `removed`, `changed`: up, with confirmed changes
 * - `reached`: up, but its ports are no evidence (host timed out)
 * - `missed`: no answer, not yet believed down; `lost`: no answer, and now believed down
 * - `nothing`: no usable evidence (not covered, chunk failed, path not proved)
 */
export const HOST_EVENTS = [
  'answered',
  'added',
  'removed',
  'changed',
  'reached',
  'missed',
  'lost',
  'nothing',
  'confirmed-up',
  'confirmed-added',
  'confirmed-removed',
  'confirmed-changed',
] as const;
export type HostEvent = (typeof HOST_EVENTS)[number];

type Row = { readonly [E in HostEvent]: HostCode };

/** Up, and known from before: most hosts are here. */
const KNOWN: Row = {
  answered: 'unchanged',
  added: 'services-added',
  removed: 'services-removed',
  changed: 'services-changed',
  reached: 'undetermined',
  missed: 'unresponsive',
  lost: 'down',
  nothing: 'undetermined',
  'confirmed-up': 'unchanged',
  'confirmed-added': 'services-added',
  'confirmed-removed': 'services-removed',
  'confirmed-changed': 'services-changed',
};

/** A confirmation doesn't take back what its scan found: new and recovered take precedence over services-*. */
const stays = (code: HostCode) => ({
  'confirmed-up': code,
  'confirmed-added': code,
  'confirmed-removed': code,
  'confirmed-changed': code,
});

const everyAnswer = (code: HostCode) => ({
  answered: code,
  added: code,
  removed: code,
  changed: code,
  ...stays(code),
});

/**
 * The one table of transitions; the README draws it. `undetermined` has no row of its own: a host continues from the
 * code it had before the evidence ran out.
 */
export const TRANSITIONS: { readonly [C in Exclude<HostCode, 'undetermined'>]: Row } = {
  unseen: { ...everyAnswer('new'), reached: 'undetermined', missed: 'unseen', lost: 'unseen', nothing: 'unseen' },
  new: { ...KNOWN, ...stays('new') },
  unchanged: KNOWN,
  'services-added': {
    ...KNOWN,
    'confirmed-up': 'services-added',
    'confirmed-removed': 'services-changed',
    'confirmed-changed': 'services-changed',
  },
  'services-removed': {
    ...KNOWN,
    'confirmed-up': 'services-removed',
    'confirmed-added': 'services-changed',
    'confirmed-changed': 'services-changed',
  },
  'services-changed': { ...KNOWN, ...stays('services-changed') },
  unresponsive: KNOWN,
  down: { ...everyAnswer('recovered'), reached: 'recovered', missed: 'down', lost: 'down', nothing: 'undetermined' },
  recovered: { ...KNOWN, ...stays('recovered') },
};

/** `beneath`: the last determined code of a host that is undetermined. */
export function transition(code: HostCode, event: HostEvent, beneath: HostCode = 'unchanged'): HostCode {
  if (code !== 'undetermined') return TRANSITIONS[code][event];
  const from = beneath === 'undetermined' ? 'unchanged' : beneath;
  const next = TRANSITIONS[from][event];
  return next === from && event === 'nothing' ? 'undetermined' : next;
}
