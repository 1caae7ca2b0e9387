import { createHash } from 'node:crypto';
import { essence } from '../../src/core/nmap-xml/host-slice.ts';

/** Half of a SHA-256: nobody who writes banners can make two hosts look the same. */
const LENGTH = 16;

/** The same for two hosts of which nmap wrote the same, but for the times of the scan and the measurements of the path. */
export function hostPrint(slice: Buffer): string {
  const hash = createHash('sha256');
  for (const part of essence(slice)) {
    hash.update(part);
    hash.update('\0');
  }
  return hash.digest().toString('latin1', 0, LENGTH);
}
