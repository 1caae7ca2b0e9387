import type { Card } from '../cards/card.ts';
import { acknowledgeMenu, deltaLine } from '../cards/delta.ts';
import { statusSections } from '../cards/status.ts';
import { code, counted, rich } from '../cards/words.ts';
import { includesRole, type Principal } from '../core/model/principal.ts';
import { statusInput } from '../usecases/views/status-input.ts';
import type { Deps } from './deps.ts';
import { groupNames } from './input/find.ts';
import { roleOf } from './permissions.ts';

const OPEN_SHOWN = 10;

/** Slack's App Home: one's role, the status, open deltas with buttons, next runs. Strangers see how to get a role. */
export async function home(deps: Deps, principal: Principal, now: number): Promise<Card> {
  const role = await roleOf(deps, principal);
  if (!includesRole(role, 'viewer')) {
    return {
      title: 'NetDelta',
      tone: 'neutral',
      sections: [
        {
          type: 'text',
          text: rich('You have no role here yet. An admin gives you one with ', code('role grant'), '.'),
        },
      ],
      controls: [],
    };
  }
  const status = await statusInput(deps, now);
  const { items, total } = await deps.store.deltas.list(
    { states: ['confirmed'], acknowledgement: 'open' },
    { limit: OPEN_SHOWN, offset: 0 },
  );
  const name = await groupNames(deps.store);
  return {
    title: 'NetDelta',
    tone: total === 0 ? 'good' : 'medium',
    sections: [
      { type: 'text', text: `Your role: ${role}` },
      ...statusSections(status),
      { type: 'divider' },
      { type: 'text', text: total === 0 ? 'No delta is open.' : counted(total, 'open delta') },
      ...(total === 0
        ? []
        : [{ type: 'list' as const, items: items.map((delta) => deltaLine(delta, name(delta.groupId))), total }]),
    ],
    controls: includesRole(role, 'acknowledger') ? acknowledgeMenu(items) : [],
  };
}
