import type { App, types } from '@slack/bolt';
import type { CommandResult } from '../../../src/commands/dispatcher.ts';
import { onlyReads } from '../../../src/commands/grammar/only-reads.ts';
import type { Place } from '../outbound/place.ts';
import { renderView } from '../render/render.ts';
import { createAnswerer, errorResult } from './answer.ts';
import { callerOf } from './caller.ts';
import { listenToClicks } from './clicks.ts';
import { typedText } from './command-text.ts';
import { acknowledgeFirst, commitFirst } from './commit-first.ts';
import { listenToForms } from './forms.ts';
import type { Inbound, InboundDeps } from './inbound.ts';

/** Turns Slack's deliveries into calls of the dispatcher: commands, clicks, forms, and the Home tab. */
export function listen(app: App, deps: InboundDeps): void {
  const inbound = createInbound(deps);
  listenToCommands(app, inbound);
  listenToClicks(app, inbound);
  listenToForms(app, inbound);
  listenToHome(app, inbound);
  app.error(async (error) => {
    deps.log.warn({ err: error }, 'a request from Slack could not be handled');
  });
}

function createInbound(deps: InboundDeps): Inbound {
  const { client, dispatcher, directory, identity, log } = deps;
  const answerer = createAnswerer(deps);
  return {
    ...deps,
    answerer,
    async caller(from, place) {
      const principal = await callerOf(from, identity, directory);
      if (principal !== undefined) return principal;
      deps.onOutsider(from.userId);
      log.warn({ user: from.userId, team: from.homeTeamId ?? from.teamId }, 'someone of another workspace was refused');
      const refusal = errorResult('Not from here.', `NetDelta serves only people of the workspace ${identity.team}.`);
      if (place.responseUrl !== undefined) await answerer.card({ ...refusal, outcome: 'refused' }, place);
      return undefined;
    },
    async guarded(place, work) {
      try {
        await work();
      } catch (error) {
        log.error({ err: error }, 'a request from Slack failed');
        const sorry = errorResult(
          'That went wrong on NetDelta’s side.',
          'Nothing is known to be half done; the log says more.',
        );
        await answerer
          .card(sorry, place)
          .catch((again: unknown) => log.warn({ err: again }, 'and nobody could be notified of it'));
      }
    },
    async publishHome(principal) {
      const card = await dispatcher.home(principal);
      const people = await directory.people(card, () => false);
      const whole = 'Not all of it fits here; /netdelta delta list has the rest.';
      const view: types.HomeView = { type: 'home', blocks: renderView(card, { people, whole }).blocks };
      await client.views.publish({ user_id: principal.key.replace(/^slack:/, ''), view });
    },
  };
}

/** Whatever the command is called in the app's settings, it is ours. */
function listenToCommands(app: App, inbound: Inbound): void {
  app.command(/.+/, async ({ command, ack }) => {
    const place: Place = { userId: command.user_id, channelId: command.channel_id, responseUrl: command.response_url };
    const from = { userId: command.user_id, name: command.user_name, teamId: command.team_id };
    await inbound.guarded(place, async () => {
      const text = typedText(command.text ?? '');
      const accepted = onlyReads(text) ? acknowledgeFirst : commitFirst;
      const result = await accepted(ack, async (): Promise<CommandResult | undefined> => {
        const principal = await inbound.caller(from, place);
        return principal === undefined
          ? undefined
          : inbound.dispatcher.command({
              principal,
              channel: `slack:${command.channel_id}`,
              input: { type: 'text', text },
              canShowForm: true,
            });
      });
      if (result !== undefined) await inbound.answerer.show(result, place, command.trigger_id);
    });
  });
}

function listenToHome(app: App, inbound: Inbound): void {
  app.event('app_home_opened', async ({ event, body }) => {
    if (event.tab !== 'home') return;
    try {
      const place: Place = { userId: event.user };
      const principal = await inbound.caller({ userId: event.user, teamId: body.team_id }, place);
      if (principal !== undefined) await inbound.publishHome(principal);
    } catch (error) {
      inbound.log.warn({ err: error }, 'the Home tab could not be shown');
    }
  });
}
