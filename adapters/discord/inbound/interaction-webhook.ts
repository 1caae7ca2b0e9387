import { type APIInteraction, type InteractionResponseType, type RawFile, Routes } from 'discord.js';
import type { Log } from '../../../src/ports/log.ts';
import type { Api } from '../outbound/api.ts';
import { apiCode, deliveryError } from '../outbound/delivery-error.ts';
import { listedFiles } from '../outbound/files.ts';
import { patiently } from '../outbound/patience.ts';

/** The calls that Discord allows with the token of an interaction. */
export type InteractionWebhook = {
  /** The first answer; false when Discord does not take it (too late, or unreachable). */
  first(type: InteractionResponseType, data?: object, files?: readonly RawFile[]): Promise<boolean>;
  edit(message: object, files: readonly RawFile[]): Promise<void>;
  remove(): Promise<void>;
  followUp(message: object, files: readonly RawFile[]): Promise<void>;
};

const ALREADY_ACKNOWLEDGED = 40_060;
/**
 * Unknown webhook, unknown interaction, invalid webhook token. A message that is gone was dismissed by its reader, so
 * that code is not among them.
 */
const TOKEN_IS_OVER = [10_015, 10_062, 50_027];

/** Whether an answer has to be delivered in another way. */
export function isTokenOver(error: unknown): boolean {
  return TOKEN_IS_OVER.includes(apiCode(error) ?? 0);
}

/** The token is the only credential for these calls; they are not subject to the bot's rate limits. */
export function webhookOf(interaction: APIInteraction, api: Api, log: Log): InteractionWebhook {
  const { id, token, application_id: application } = interaction;
  const callback = Routes.interactionCallback(id, token);
  const original = Routes.webhookMessage(application, token, '@original');
  const followUps = Routes.webhook(application, token);
  return {
    async first(type, data, files = []) {
      const body = data === undefined ? { type } : { type, data: { ...data, ...listedFiles(files) } };
      try {
        await patiently(() => api.post(callback, { body, files, auth: false }));
        return true;
      } catch (error) {
        // The first try arrived although its response was lost.
        if (apiCode(error) === ALREADY_ACKNOWLEDGED) return true;
        log.warn({ interaction: id, code: deliveryError(error).code }, 'Discord took no answer');
        return false;
      }
    },
    async edit(message, files) {
      const body = { ...message, ...listedFiles(files) };
      await patiently(() => api.patch(original, { body, files, auth: false }));
    },
    remove: () => patiently(() => api.delete(original, { auth: false })),
    async followUp(message, files) {
      const body = { ...message, ...listedFiles(files) };
      // An answer that arrives twice because its receipt was lost is better than none.
      await patiently(() => api.post(followUps, { body, files, auth: false }));
    },
  };
}
