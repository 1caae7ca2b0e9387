import { UserError } from '../errors.ts';
import type { NmapRun } from '../model/observation.ts';
import { createNmapReader } from './reader.ts';

/**
 * Parses a whole document in memory, for small ones. Throws UserError when it is no nmap XML; a truncated document
 * keeps its complete hosts.
 */
export function parseRun(bytes: Uint8Array): NmapRun {
  const reader = createNmapReader();
  const hosts = reader.push(bytes);
  const end = reader.end();
  const header = reader.header();
  if (header === undefined) {
    throw new UserError(`This can’t be read as nmap’s XML: ${end.error ?? 'it has no header'}.`, {
      hint: 'Give a file that nmap wrote with -oX, plain or gzip.',
    });
  }
  return { header, hosts, end };
}
