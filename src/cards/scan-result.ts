import type { Delta } from '../core/model/alert.ts';
import { isCancelled, type Scan } from '../core/model/scan.ts';
import type { HostState } from '../core/model/state.ts';
import { isOpen } from './acknowledgement.ts';
import type { Card, Section } from './card.ts';
import { toCsv } from './csv.ts';
import { hostLine, openServices } from './host-line.ts';
import { counted, identityWords, kindCounts, portWords, rich } from './words.ts';

const HOSTS_SHOWN = 15;

/** What a judged scan left behind. */
export type ScanSummary = {
  /** Hosts believed up after it, as many as are to be shown. */
  hosts: readonly HostState[];
  /** How many there are in all. */
  hostsPresent: number;
  /** The deltas that it told. */
  deltas: readonly Delta[];
  /** Doubtful ones that wait for more evidence. */
  candidates: number;
  heldBack: number;
  firstDetermined: number;
};

/** What came of a scan: changes, and who is there with what. */
export function scanResult(scan: Scan, summary: ScanSummary): Section[] {
  const services = summary.hosts.reduce((sum, host) => sum + openServices(host).length, 0);
  return [
    { type: 'text', text: changes(scan, summary) },
    ...(summary.hosts.length === 0
      ? [{ type: 'text' as const, text: isCancelled(scan) ? 'No host was complete.' : 'No host answered.' }]
      : [
          {
            type: 'text' as const,
            text: rich(
              `${counted(summary.hostsPresent, 'host')} up`,
              summary.hosts.length < summary.hostsPresent ? '' : `, ${counted(services, 'open port')}`,
            ),
          },
          {
            type: 'list' as const,
            items: summary.hosts.slice(0, HOSTS_SHOWN).map(hostLine),
            total: summary.hostsPresent,
          },
        ]),
  ];
}

/** The whole of the list, for when it is cut. */
export function wholeList(scan: Scan, { hosts }: ScanSummary): NonNullable<Card['attachment']> {
  const rows = hosts.flatMap((host) =>
    openServices(host).map((service) => [
      host.address,
      host.hostnames.join(' '),
      host.code,
      portWords(service),
      identityWords(service.identity),
    ]),
  );
  const content = toCsv([['address', 'names', 'status', 'port', 'service'], ...rows]);
  return { name: `scan-${scan.id}-hosts.csv`, mimeType: 'text/csv', content, when: 'cut' };
}

/** The first scan of a group has nothing to compare with. */
function nothingTold(scan: Scan): string {
  if (isCancelled(scan)) return 'Nothing to tell of what was complete.';
  return scan.number === 1 ? 'This is what is there to begin with.' : 'No change.';
}

function changes(scan: Scan, summary: ScanSummary): string {
  const kinds = kindCounts(summary.deltas);
  const open = summary.deltas.filter(isOpen).length;
  return [
    kinds === '' ? nothingTold(scan) : `${kinds}${open === 0 ? ' (all acknowledged)' : ''}.`,
    ...(summary.candidates > 0
      ? [`${counted(summary.candidates, 'doubtful change waits', 'doubtful changes wait')} for more evidence.`]
      : []),
    ...(summary.heldBack > 0
      ? [`${counted(summary.heldBack, 'change was', 'changes were')} held back (delta list state:suppressed).`]
      : []),
    ...(summary.firstDetermined > 0
      ? [`${counted(summary.firstDetermined, 'port or host', 'ports or hosts')} determined for the first time.`]
      : []),
  ].join(' ');
}
