import { UserError } from '../core/errors.ts';

/** A file that somebody attached, where it lies on their platform. Its name is theirs. */
export type OfferedFile = {
  name: string;
  /** As the platform says, in bytes. */
  size: number;
  /** Fetches it. Throws UserError when it is not to be had, or has more than `most` bytes. */
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
