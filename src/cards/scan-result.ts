import type { Delta } from '../core/model/alert.ts';
import { type AskedPort, isCancelled, type Scan, type Seen } from '../core/model/scan.ts';
import { isOpen } from './acknowledgement.ts';
import type { Card, Section, Text } from './card.ts';
import { toCsv } from './csv.ts';
import { seenLine } from './host-line.ts';
import { at, code, counted, identityWords, kindCounts, portWords, rich } from './words.ts';

const HOSTS_SHOWN = 15;
const ANSWERS_SHOWN = 20;

/** What a judged scan left behind. */
export type ScanSummary = {
  /** What it saw itself, whatever is believed now; absent of scans from before that was kept. */
  seen?: Seen;
  /** The deltas that it told. */
  deltas: readonly Delta[];
  /** Doubtful ones that wait for more evidence. */
  candidates: number;
  heldBack: number;
  /** What held them back: `mute 3`, `window 2`, a policy. */
  heldBy?: readonly string[];
  firstDetermined: number;
};

/** What came of a scan: changes, and who answered it with what. */
export function scanResult(scan: Scan, summary: ScanSummary): Section[] {
  return [{ type: 'text', text: changes(scan, summary) }, ...saw(scan, summary.seen)];
}

function saw(scan: Scan, seen: Seen | undefined): Section[] {
  if (seen === undefined) return [{ type: 'text', text: `${counted(scan.hostsUp, 'host')} up` }];
  if (seen.answers !== undefined) return answered(scan, seen.answers);
  if (seen.hostsUp === 0)
    return [{ type: 'text', text: isCancelled(scan) ? 'No host was complete.' : 'No host answered.' }];
  const numbers = `${counted(seen.hostsUp, 'host')} up, ${counted(seen.openPorts, 'open port')}`;
  if (seen.hosts === undefined)
    return [{ type: 'text', text: `${numbers}. Its list is pruned (retention: of the group).` }];
  const items = seen.hosts.slice(0, HOSTS_SHOWN).map(seenLine);
  return [
    { type: 'text', text: numbers },
    { type: 'list', items, total: seen.hostsUp },
  ];
}

/** A confirmation answers the question that it was asked. */
function answered(scan: Scan, answers: readonly AskedPort[]): Section[] {
  if (answers.length === 0) return [{ type: 'text', text: 'Nothing that it asked was answered.' }];
  const items = answers.slice(0, ANSWERS_SHOWN).map(({ address, protocol, port, words }): Text => {
    const what = port === undefined ? [] : [code(portWords({ protocol, port })), ' on '];
    const is = /^(?:open|closed|filtered|reachable|up:|down)/.test(words) ? ' is ' : ': ';
    return rich(...what, code(address), is, words, ', ', at(scan.finishedAt ?? scan.queuedAt, 'time'));
  });
  return [{ type: 'list', items, total: answers.length }];
}

/** The whole of the list, for when it is cut. */
export function wholeList(scan: Scan, { seen }: ScanSummary): Card['attachment'] {
  if (seen?.hosts === undefined) return undefined;
  const rows = seen.hosts.flatMap(({ address, hostnames, ports }) =>
    (ports.length === 0 ? [undefined] : ports).map((port) => [
      ...[address, hostnames.join(' ')],
      ...(port === undefined ? ['', ''] : [portWords(port), identityWords(port.service)]),
    ]),
  );
  const content = toCsv([['address', 'names', 'port', 'service'], ...rows]);
  return { name: `scan-${scan.id}-hosts.csv`, mimeType: 'text/csv', content, when: 'cut' };
}

function heldBy({ heldBy: reasons = [] }: ScanSummary): string {
  return reasons.length === 0 ? '' : ` by ${reasons.join(', ')}`;
}

/** The first scan of a group has nothing to compare with. */
function nothingTold(scan: Scan): string {
  if (isCancelled(scan)) return 'Nothing to tell of what was complete.';
  return scan.number === 1 ? 'Baseline recorded.' : 'No change.';
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
      ? [
          `${counted(summary.heldBack, 'change was', 'changes were')} held back${heldBy(summary)} (delta list state:suppressed).`,
        ]
      : []),
    ...(summary.firstDetermined > 0
      ? [`${counted(summary.firstDetermined, 'port or host', 'ports or hosts')} determined for the first time.`]
      : []),
  ].join(' ');
}
