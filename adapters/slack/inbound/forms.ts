import { setTimeout as sleep } from 'node:timers/promises';
import type { App, BlockAction, types, ViewResponseAction, ViewSubmitAction } from '@slack/bolt';
import type { Form } from '../../../src/cards/form.ts';
import type { CommandResult } from '../../../src/commands/dispatcher.ts';
import type { Principal } from '../../../src/core/model/principal.ts';
import type { OfferedFile } from '../../../src/ports/offered-file.ts';
import { decodeMetadata, type FormTarget, type Place } from '../outbound/place.ts';
import { label } from '../render/controls.ts';
import { ADVANCED, type Answered, blockOf, FORM_CALLBACK, fieldsOf, filesOf, formView } from '../render/form-view.ts';
import { ACK_WITHIN_MS, MAX_VIEW_TITLE } from '../render/limits.ts';
import { errorResult } from './answer.ts';
import type { Inbound } from './inbound.ts';

type Values = Record<string, Record<string, Answered>>;
type Ack = (response?: ViewResponseAction) => Promise<void>;

/** Submitted forms: errors beside their fields, refusals in front of the form, results where it was opened. */
export function listenToForms(app: App, inbound: Inbound): void {
  app.view<ViewSubmitAction>({ callback_id: FORM_CALLBACK, type: 'view_submission' }, async ({ ack, body, view }) => {
    const metadata = decodeMetadata(view.private_metadata);
    if (metadata === undefined) {
      await ack({ response_action: 'update', view: sorry('This form is from another version. Open it again.') });
      return;
    }
    const { place, target } = metadata;
    const { user, team } = body;
    const from = { userId: user.id, name: user.name, teamId: team?.id, homeTeamId: user.team_id };
    const principal = await inbound.caller(from, place);
    if (principal === undefined) return ack();
    const fields = fieldsOf(view.state.values as Values);
    const files = filesOf(view.state.values as Values).map((file) => inbound.offered(file));
    const work = submit(principal, place, target, { fields, files });
    const early = await Promise.race([work, sleep(ACK_WITHIN_MS, undefined, { ref: false })]);
    if (early === undefined) await finishLate(ack, work, place);
    else await finish(ack, early, place, Object.keys(view.state.values));
  });

  app.action<BlockAction>(ADVANCED, async ({ ack, body }) => {
    await ack();
    const { view } = body;
    const metadata = view === undefined ? undefined : decodeMetadata(view.private_metadata);
    if (view === undefined || metadata?.target.type !== 'command') return;
    const { place, target } = metadata;
    const { user, team } = body;
    const from = { userId: user.id, name: user.name, teamId: team?.id, homeTeamId: user.team_id };
    await inbound.guarded(place, async () => {
      const principal = await inbound.caller(from, place);
      if (principal === undefined) return;
      const form = await sameForm(principal, place, target, view.state.values as Values);
      // Filled-in values stay: Slack keeps them for blocks that have the same id.
      const whole = form === undefined ? undefined : formView(form, view.private_metadata, { whole: true });
      if (whole !== undefined) await inbound.client.views.update({ view_id: view.id, hash: view.hash, view: whole });
    });
  });

  /** An edit form is filled with the group's current values. */
  async function sameForm(
    principal: Principal,
    place: Place,
    { path }: Extract<FormTarget, { type: 'command' }>,
    values: Values,
  ): Promise<Form | undefined> {
    const { group } = fieldsOf(values);
    const channel = `slack:${place.channelId ?? place.userId}`;
    const options = group === undefined ? {} : { group };
    const input = { type: 'options' as const, path, options };
    const result = await inbound.dispatcher.command({ principal, channel, input, canShowForm: true });
    return result.type === 'form' ? result.form : undefined;
  }

  async function submit(
    principal: Principal,
    place: Place,
    target: FormTarget,
    { fields, files }: { fields: Readonly<Record<string, string>>; files: readonly OfferedFile[] },
  ): Promise<CommandResult> {
    const channel = `slack:${place.channelId ?? place.userId}`;
    try {
      if (target.type === 'action') {
        return await inbound.dispatcher.click({
          principal,
          channel,
          actionId: target.actionId,
          fields,
          canShowForm: false,
        });
      }
      const input = { type: 'options' as const, path: target.path, options: fields };
      return await inbound.dispatcher.command({ principal, channel, input, canShowForm: false, fromForm: true, files });
    } catch (error) {
      inbound.log.error({ err: error }, 'a form from Slack failed');
      return errorResult('That went wrong on NetDelta’s side.', 'Nothing is known to be half done; the log says more.');
    }
  }

  async function finish(ack: Ack, result: CommandResult, place: Place, blocks: readonly string[]): Promise<void> {
    if (result.type === 'field-errors') {
      return ack({ response_action: 'errors', errors: errorsByBlock(result.errors, blocks) });
    }
    if (result.type !== 'card') return ack();
    // Closing the message shows the form again, with everything that was filled in.
    if (result.outcome !== 'ok')
      return ack({ response_action: 'push', view: await inbound.answerer.modal(result.card) });
    if (place.responseUrl === undefined) {
      return ack({ response_action: 'update', view: await inbound.answerer.modal(result.card) });
    }
    await ack();
    await inbound.guarded(place, () => inbound.answerer.card(result, place));
  }

  /** Slack does not wait any longer: close the form, and show the result where it was opened. */
  async function finishLate(ack: Ack, work: Promise<CommandResult>, place: Place): Promise<void> {
    await ack();
    await inbound.guarded(place, async () => inbound.answerer.show(await work, place, ''));
  }
}

/** Slack refuses errors for fields that do not exist: those are shown beside the first one. */
function errorsByBlock(errors: Readonly<Record<string, string>>, blocks: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [field, message] of Object.entries(errors)) {
    const block = blocks.includes(blockOf(field)) ? blockOf(field) : (blocks[0] ?? blockOf(field));
    found[block] = found[block] === undefined ? message : `${found[block]} ${message}`;
  }
  return found;
}

function sorry(text: string): types.ModalView {
  return {
    type: 'modal',
    title: label('NetDelta', MAX_VIEW_TITLE),
    blocks: [{ type: 'section', text: { type: 'plain_text', text, emoji: false } }],
  };
}
