import { PROTOCOLS } from '../core/model/observation.ts';
import type { Coverage, Scan } from '../core/model/scan.ts';
import { counted } from './words.ts';

/** `254 of 256 addresses, 1,000 tcp ports; 1 of 4 parts failed`. */
export function coverageWords(scan: Scan, coverage?: Coverage): string {
  const addresses =
    scan.hostsDone >= scan.hostsTotal
      ? counted(scan.hostsTotal, 'address', 'addresses')
      : `${scan.hostsDone.toLocaleString('en-US')} of ${counted(scan.hostsTotal, 'address', 'addresses')}`;
  return [addresses, ...(coverage === undefined ? [] : portCounts(coverage))].join(', ');
}

function portCounts(coverage: Coverage): string[] {
  return PROTOCOLS.flatMap((protocol) => {
    const ranges = coverage.ports[protocol] ?? [];
    const count = ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
    return count === 0 ? [] : [counted(count, `${protocol} port`)];
  });
}
