import { UserError } from '../core/errors.ts';

/** A file that somebody attached, stored on their platform. The name is untrusted. */
export type OfferedFile = {
  name: string;
  /** As the platform reports it, in bytes. */
  size: number;
  /** Fetches it. Throws UserError when it can't be fetched, or has more than `most` bytes. */
  read(most: number): Promise<Buffer>;
};

export function tooLarge(name: string): UserError {
  return new UserError(`${name} is too large, or all files together are.`, {
    hint: 'Pack it with gzip, or import it with netdelta import on the machine of the bot. Nothing was imported.',
  });
}

export function unreadable(name: string, why: string): UserError {
  return new UserError(`${name} can’t be fetched: ${why}.`, { hint: 'Nothing was imported. Try once more.' });
}
