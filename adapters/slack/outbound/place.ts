import { z } from 'zod';
import { MAX_PRIVATE_METADATA } from '../render/limits.ts';

/**
 * Where a command or click came from, and therefore where its answer goes. Small enough for a modal's private_metadata.
 */
export type Place = {
  userId: string;
  /** Channel id; absent in the Home tab and in modals opened from it. */
  channelId?: string;
  /** The thread of the clicked message. */
  threadTs?: string;
  /** Accepts answers for 30 minutes, 5 times. */
  responseUrl?: string;
  /** The modal whose button was clicked. */
  viewId?: string;
};

const PLACE = z.object({
  userId: z.string(),
  channelId: z.string().optional(),
  threadTs: z.string().optional(),
  responseUrl: z.string().optional(),
  viewId: z.string().optional(),
});

const TARGET = z.discriminatedUnion('type', [
  z.object({ type: z.literal('command'), path: z.array(z.string()) }),
  z.object({ type: z.literal('action'), actionId: z.string() }),
]);

const METADATA = z.object({ place: PLACE, target: TARGET });

export type FormTarget = z.infer<typeof TARGET>;

type Target = { type: 'command'; path: readonly string[] } | { type: 'action'; actionId: string };

/** What a modal must know when it is submitted; without the response URL, should that ever be too long. */
export function encodeMetadata(place: Place, target: Target): string {
  const whole = JSON.stringify({ place, target });
  if (whole.length <= MAX_PRIVATE_METADATA) return whole;
  const { responseUrl: _tooLong, ...short } = place;
  return JSON.stringify({ place: short, target });
}

export function decodeMetadata(text: string): { place: Place; target: FormTarget } | undefined {
  try {
    const { place, target } = METADATA.parse(JSON.parse(text));
    return { place: defined(place), target };
  } catch {
    return undefined;
  }
}

function defined(place: z.infer<typeof PLACE>): Place {
  const { userId, ...rest } = place;
  return { userId, ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) };
}
