import type { App, BlockAction, BlockElementAction } from '@slack/bolt';
import type { CommandResult } from '../../../src/commands/dispatcher.ts';
import { defined } from '../../../src/core/defined.ts';
import type { Principal } from '../../../src/core/model/principal.ts';
import type { Place } from '../outbound/place.ts';
import { ACTION_PREFIX } from '../render/controls.ts';
import { commitFirst } from './commit-first.ts';
import type { Inbound } from './inbound.ts';

/** Buttons and menus of our cards, in messages, in the Home tab, and in modals that were opened from it. */
export function listenToClicks(app: App, inbound: Inbound): void {
  app.action<BlockAction>(new RegExp(`^${ACTION_PREFIX}`), async ({ ack, body, action }) => {
    const place = placeOf(body);
    const actionId = chosenValue(action);
    if (actionId === undefined) return ack();
    await inbound.guarded(place, async () => {
      const { user, team } = body;
      const from = { userId: user.id, name: nameOf(user), teamId: team?.id, homeTeamId: user.team_id };
      const answered = await commitFirst(ack, async () => {
        const principal = await inbound.caller(from, place);
        if (principal === undefined) return undefined;
        const channel = `slack:${place.channelId ?? user.id}`;
        const result = await inbound.dispatcher.click({ principal, channel, actionId, canShowForm: true });
        return { principal, result };
      });
      if (answered !== undefined) await show(answered.result, answered.principal, body, place);
    });
  });

  async function show(result: CommandResult, principal: Principal, body: BlockAction, place: Place): Promise<void> {
    const inView = body.view !== undefined;
    if (!inView) return inbound.answerer.show(result, place, body.trigger_id);
    if (result.type === 'card') await showInModal(result, body, place);
    else await inbound.answerer.show(result, place, body.trigger_id);
    if (body.view?.type === 'home' || place.viewId !== undefined) await inbound.publishHome(principal);
  }

  /** There is no channel to answer in: a card opens as a modal, or replaces the one with the clicked button. */
  async function showInModal(result: Extract<CommandResult, { type: 'card' }>, body: BlockAction, place: Place) {
    const view = await inbound.answerer.modal(result.card);
    try {
      if (place.viewId === undefined) await inbound.client.views.open({ trigger_id: body.trigger_id, view });
      else await inbound.client.views.update({ view_id: place.viewId, view });
    } catch {
      // Too late for a modal.
      await inbound.answerer.card(result, place);
    }
  }
}

function placeOf(body: BlockAction): Place {
  const threadTs = typeof body.container['thread_ts'] === 'string' ? body.container['thread_ts'] : undefined;
  return {
    userId: body.user.id,
    ...(body.channel === undefined ? {} : { channelId: body.channel.id }),
    ...defined({ threadTs }),
    ...(body.response_url ? { responseUrl: body.response_url } : {}),
    ...(body.view?.type === 'modal' ? { viewId: body.view.id } : {}),
  };
}

/** The value of a button, or of the chosen option. */
function chosenValue(action: BlockElementAction): string | undefined {
  switch (action.type) {
    case 'button':
      return action.value;
    case 'overflow':
      return action.selected_option.value;
    case 'static_select':
      return action.selected_option?.value;
    default:
      return undefined;
  }
}

function nameOf(user: BlockAction['user']): string | undefined {
  return user.username ?? user.name;
}
