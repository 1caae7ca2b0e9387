import { deliveryError } from './delivery-error.ts';

/** The first answer to an interaction is due within 3 s, so the pauses are short. */
const PAUSES_MS = [100, 400];

/**
 * Retries a call after failures that pass by themselves (5xx, a broken connection). Only for calls that may be made
 * twice; the client waits for rate limits.
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
