import { UserError } from '../../src/core/errors.ts';
import type { XmlSource } from './xml-messages.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'you are not allowed to read it',
  EISDIR: 'it is a directory',
};

/** `code` as the system gives it: `ENOENT`. */
export function unreadable(code: string, source: XmlSource): UserError {
  const name = 'path' in source ? source.path : 'the data';
  return new UserError(`${name} can’t be read: ${REASONS[code] ?? code}.`, {
    hint: 'Give a file that nmap wrote with -oX, plain or gzip.',
  });
}
