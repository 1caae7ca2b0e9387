import { deliveryError } from './delivery-error.ts';

/** The first answer to an interaction must be there within 3 s, so the pauses are short. */
const PAUSES_MS = [100, 400];

/**
 * Tries a call again after what passes by itself (5xx, a broken connection). Only for calls that may be made twice;
 * rate limits are waited for by the client.
 */
export async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await call();
    } catch (error) {
      if (!deliveryError(error).retryable) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return await call();
}
