import type { Card } from '../cards/card.ts';
import { homeCard } from '../cards/home.ts';
import { code, rich } from '../cards/words.ts';
import { includesRole, type Principal } from '../core/model/principal.ts';
import { statusInput } from '../usecases/views/status-input.ts';
import type { Deps } from './deps.ts';
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
  return homeCard({ role, status, open: items, total });
}
