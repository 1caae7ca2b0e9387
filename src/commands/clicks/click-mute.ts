import { type Action, encodeAction } from '../../cards/action.ts';
import { muteLine } from '../../cards/holds.ts';
import { noteCard } from '../../cards/note.ts';
import { UserError } from '../../core/errors.ts';
import type { AlertScope, Delta } from '../../core/model/alert.ts';
import type { Group } from '../../core/model/group.ts';
import type { MuteMatch } from '../../core/model/hold.ts';
import { formatEndpoint } from '../../core/network/endpoint.ts';
import { cleanText } from '../../core/text.ts';
import { parseDuration } from '../../core/time/duration.ts';
import { scopeDeltas } from '../../usecases/answers/all-deltas.ts';
import { addMute } from '../../usecases/holds/add-mute.ts';
import type { Deps } from '../deps.ts';
import type { ClickCall, CommandContext, CommandResult } from '../dispatcher.ts';
import { MUTE_DURATIONS, muteForm } from '../grammar/forms.ts';
import { inOption } from '../input/options.ts';
import { privately, publicly } from '../private-reply.ts';

const MAX_REASON = 500;

/** Mute…: asks for the duration (a form, or buttons where there are none), then mutes what the message is about. */
export async function muteFromClick(
  deps: Deps,
  call: ClickCall,
  context: CommandContext,
  action: Extract<Action, { type: 'mute' }>,
): Promise<CommandResult> {
  const { what, match } = await muteOf(deps, action.scope);
  const forMs = action.forMs ?? durationOf(call);
  if (forMs === undefined && call.canShowForm) return { type: 'form', form: muteForm(encodeAction(action), what) };
  if (forMs === undefined) return askByButtons(action.scope, what);
  const reason = cleanText(call.fields?.['reason'] ?? '', MAX_REASON);
  const mute = await addMute(deps.store, {
    what,
    match,
    forMs,
    ...(reason === '' ? {} : { reason }),
    by: context.principal.key,
    byName: context.principal.name,
    now: context.now,
  });
  const told = 'What it holds back is recorded; what still holds when it ends is reported then, and open.';
  return publicly(noteCard({ title: `Mute ${mute.id} added`, lines: [muteLine(mute), told] }));
}

function durationOf(call: ClickCall): number | undefined {
  const typed = call.fields?.['for'];
  return typed === undefined ? undefined : inOption('for', () => parseDuration(typed));
}

function askByButtons(scope: AlertScope, what: string): CommandResult {
  return privately(
    noteCard({
      title: `Mute ${what}`,
      tone: 'info',
      lines: ['For how long? It is recorded, not announced, and ends by itself.'],
      controls: MUTE_DURATIONS.slice(0, 5).map(({ value, label }) => ({
        type: 'button',
        label,
        style: 'default',
        action: { type: 'mute', scope, forMs: parseDuration(value) },
      })),
    }),
  );
}

/** One port of a host, a host, a kind, or the whole group, depending on the message with the button. */
async function muteOf(deps: Deps, scope: AlertScope): Promise<{ what: string; match: MuteMatch }> {
  const alert = await deps.store.deltas.alert(scope.alert);
  const group = alert === undefined ? undefined : await deps.store.groups.byId(alert.groupId);
  if (group === undefined) {
    throw new UserError(`Alert ${scope.alert} is gone, and its group with it.`, {
      hint: '`mute add` mutes what there is.',
    });
  }
  const deltas = await scopeDeltas(deps.store, scope);
  const thing = thingOf(scope, deltas);
  return {
    what: [group.name, ...(thing.what === '' ? [] : [thing.what])].join('/'),
    match: { ...thing.match, ...inGroup(group) },
  };
}

function inGroup(group: Group): MuteMatch {
  return { groupId: group.id };
}

/** Only what its message is about; the whole group only if that is several kinds on several hosts. */
function thingOf(scope: AlertScope, deltas: readonly Delta[]): { what: string; match: MuteMatch } {
  const [kind, otherKind] = new Set(deltas.map((delta) => delta.kind));
  const [address, otherAddress] = new Set(deltas.map((delta) => delta.address));
  if (scope.kind !== undefined) return { what: scope.kind, match: { kind: scope.kind } };
  if (address === undefined || (otherAddress !== undefined && otherKind !== undefined)) return { what: '', match: {} };
  if (otherAddress !== undefined && kind !== undefined) return { what: kind, match: { kind } };
  const [only, second] = deltas;
  if (only?.port === undefined || second !== undefined) return { what: address, match: { address } };
  const { port, protocol = 'tcp' } = only;
  return { what: formatEndpoint({ address, protocol, port }), match: { address, protocol, port } };
}
