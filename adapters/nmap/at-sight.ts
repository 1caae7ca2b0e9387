import { isRegular } from '../../src/core/nmap-xml/host-slice.ts';
import type { ReaderOptions } from '../../src/core/nmap-xml/reader.ts';
import type { XmlSink } from '../../src/ports/xml-reader.ts';
import { hostPrint } from './host-print.ts';
import { createStatusReader, plainAddress } from './places.ts';

/**
 * Passes a sink the hosts whose bytes alone show that they are up, and that contain nothing which its reader would
 * leave out.
 */
export function atSight(isKnown: NonNullable<XmlSink['isKnown']>): NonNullable<ReaderOptions['isKnown']> {
  const statusOf = createStatusReader();
  return ({ bytes }, header) => {
    const address = plainAddress(bytes);
    if (address === undefined || statusOf(bytes) !== 'up' || !isRegular(bytes)) return false;
    return isKnown({ address, print: () => hostPrint(bytes) }, header);
  };
}
