import type { Card } from '../cards/card.ts';
import { homeCard } from '../cards/home.ts';
import { code, rich } from '../cards/words.ts';
import { includesRole, type Principal } from '../core/model/principal.ts';
import { allDeltas } from '../usecases/answers/all-deltas.ts';
import { itemsOf } from '../usecases/answers/contents.ts';
import { statusInput } from '../usecases/views/status-input.ts';
import type { Deps } from './deps.ts';
import { roleOf } from './permissions.ts';

const OPEN_SHOWN = 10;

/**
 * Slack's App Home: the user's role, the status, open deltas with buttons, next runs. Users without a role see how to
 * get one.
 */
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
  const open = await allDeltas(deps.store, { states: ['confirmed'], acknowledgement: 'open' });
  const items = await itemsOf(deps.store, open.reverse());
  return homeCard({ role, status, open: items.slice(0, OPEN_SHOWN), total: items.length });
}
