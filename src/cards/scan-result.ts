import type { Delta } from '../core/model/alert.ts';
import { type AskedPort, isCancelled, type Scan, type Seen } from '../core/model/scan.ts';
import { isOpen } from './acknowledgement.ts';
import type { Card, Inline, Section, Text } from './card.ts';
import { toCsv } from './csv.ts';
import { type FirstDeterminedItem, firstDeterminedLines } from './first-determined.ts';
import { hostList } from './host-line.ts';
import { at, code, counted, identityWords, inlines, kindCounts, portWords, rich, said } from './words.ts';

const HOSTS_SHOWN = 15;
const ANSWERS_SHOWN = 20;
/** With fewer believed services or hosts than this, it means little that most were silent. */
const FEW = 3;

/** The result of a judged scan. */
export type ScanSummary = {
  /** What it saw, whatever is believed now; absent in scans from before this was recorded. */
  seen?: Seen;
  /** The deltas that it reported. */
  deltas: readonly Delta[];
  /** Doubtful ones that wait for more evidence. */
  candidates: number;
  /** When they are confirmed; absent where the next scan has to decide. */
  askedAgainAt?: number;
  heldBack: number;
  /** What held them back: `mute 3`, `window 2`, a policy. */
  heldBy?: readonly string[];
  /** The first scan of its group: there was nothing to compare with, so what it saw is the baseline. */
  baseline: boolean;
  /** What was seen for the first time and is listed, not alerted; for a baseline, what its repeats added. */
  firstDetermined: readonly FirstDeterminedItem[];
};

/** What a scan found: changes, and who gave which answer. */
export function scanResult(scan: Scan, summary: ScanSummary): Section[] {
  const { seen } = summary;
  if (seen?.answers !== undefined) {
    return [...(summary.deltas.length === 0 ? [] : [text(changes(scan, summary))]), ...answered(scan, seen.answers)];
  }
  const numbers = seenNumbers(scan, seen);
  if (blind(scan, summary) !== undefined) {
    return [
      text(madeOf(summary)),
      text(joined([kindsTold(summary), heldBack(summary), `${numbers}.`])),
      ...found(summary),
    ];
  }
  if (!summary.baseline) return [text(joined([changes(scan, summary), `${numbers}.`])), ...found(summary)];
  return [text(changes(scan, summary)), ...saw(numbers, seen), ...found(summary)];
}

function text(words: Text): Section {
  return { type: 'text', text: words };
}

/** Three separate numbers: hosts that answered, hosts believed up that did not, and hosts that were not scanned. */
function seenNumbers(scan: Scan, seen: Seen | undefined): string {
  if (seen === undefined) return `${counted(scan.hostsUp, 'host')} up`;
  const { silentHosts = 0, uncoveredHosts = 0 } = seen.believed ?? {};
  if (seen.hostsUp === 0 && silentHosts > 1 && !isCancelled(scan))
    return [
      `None of the ${silentHosts.toLocaleString('en-US')} hosts believed up answered`,
      ...notCovered(uncoveredHosts),
    ].join('; ');
  const up =
    seen.hostsUp > 0
      ? `${counted(seen.hostsUp, 'host')} up, ${counted(seen.openPorts, 'open port')}`
      : isCancelled(scan)
        ? 'No host was complete'
        : 'No host answered';
  return [
    up,
    ...(silentHosts === 0 ? [] : [`${silentHosts.toLocaleString('en-US')} believed up did not answer`]),
    ...notCovered(uncoveredHosts),
  ].join('; ');
}

function notCovered(hosts: number): string[] {
  return hosts === 0 ? [] : [`${hosts.toLocaleString('en-US')} believed up not covered`];
}

function saw(numbers: string, seen: Seen | undefined): Section[] {
  if (seen === undefined || seen.hostsUp === 0) return [text(numbers)];
  if (seen.hosts === undefined) return [text(`${numbers}. Its list is pruned (retention: of the group).`)];
  return [text(numbers), hostList(seen.hosts, seen.hostsUp, HOSTS_SHOWN)];
}

/** Named, not counted. */
function found({ baseline, firstDetermined }: ScanSummary): Section[] {
  if (firstDetermined.length === 0) return [];
  const lines = firstDeterminedLines(firstDetermined);
  const title = baseline ? 'A further look found:' : 'Seen for the first time, so listed and not alerted:';
  return [text(title), { type: 'list', items: lines.slice(0, HOSTS_SHOWN), total: lines.length }];
}

/** `28 of 30 services`: what did not answer a scan, if that is most of what is believed. */
export function blind(scan: Scan, { seen }: ScanSummary): string | undefined {
  if (seen?.believed === undefined || isCancelled(scan)) return undefined;
  const { hosts, silentHosts, services, silentServices } = seen.believed;
  const [silent, of, what] = services >= FEW ? [silentServices, services, 'services'] : [silentHosts, hosts, 'hosts'];
  if (of < FEW || silent * 2 <= of) return undefined;
  return silent === of ? `any of ${of} ${what}` : `${silent} of ${of} ${what}`;
}

/** How NetDelta treats a scan with hardly any answer. */
function madeOf({ deltas, candidates, askedAgainAt }: ScanSummary): Text {
  if (deltas.some(({ kind }) => kind === 'outage'))
    return 'NetDelta takes it for an outage and counts no host as down.';
  if (deltas.length > 0) return 'What NetDelta makes of it is in the alert.';
  if (candidates === 0) return 'Silence proves little: nothing counts as gone yet.';
  if (askedAgainAt === undefined) return 'Nothing counts as gone yet: the next scan will tell.';
  return rich('Nothing counts as gone yet: NetDelta asks again at ', at(askedAgainAt, 'time'), '.');
}

/** A confirmation answers the question that it was given. */
function answered(scan: Scan, answers: readonly AskedPort[]): Section[] {
  if (answers.length === 0) return [{ type: 'text', text: 'Nothing that it asked was answered.' }];
  const [only, second] = answers;
  const answeredAt = at(scan.finishedAt ?? scan.queuedAt, 'time');
  // The title already has the question and the answer.
  if (scan.origin.type === 'recheck' && only !== undefined && second === undefined)
    return [text(rich(`${only.words}, `, answeredAt))];
  const items = answers.slice(0, ANSWERS_SHOWN).map((answer): Text => {
    const { words } = answer;
    const is = /^(?:open|closed|filtered|reachable|up:|down)/.test(words) ? ' is ' : ': ';
    return rich(...whatAndWhere(answer), is, words, ', ', answeredAt);
  });
  return [{ type: 'list', items, total: answers.length }];
}

/** `8000/tcp on 10.0.0.5 is still open`. */
export function answerLine(answer: AskedPort): Text {
  return rich(...whatAndWhere(answer), ` ${stateWords(answer)}`);
}

function whatAndWhere({ address, protocol, port }: Pick<AskedPort, 'address' | 'protocol' | 'port'>): Inline[] {
  return [...(port === undefined ? [] : [code(portWords({ protocol, port })), said(' on ')]), code(address)];
}

function stateWords({ words, open, was }: AskedPort): string {
  const is = (there: boolean) => (was === there ? 'is still' : 'is');
  if (open === true) return `${is(true)} open`;
  if (/^(?:closed|filtered: a filter rejects)/.test(words)) return `${is(false)} closed`;
  if (/^up: (?!was assumed)/.test(words)) return `${is(true)} up`;
  return 'did not answer';
}

/** The full list, in case it is cut. */
export function wholeList(scan: Scan, { seen, baseline }: ScanSummary): Card['attachment'] {
  if (!baseline || seen?.hosts === undefined) return undefined;
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

function nothingTold(scan: Scan, { baseline }: ScanSummary): string {
  if (isCancelled(scan)) return 'Nothing to report in what was complete.';
  return baseline ? 'Baseline recorded. What changes from here on is alerted.' : 'No change.';
}

function changes(scan: Scan, summary: ScanSummary): Text {
  const told = kindsTold(summary);
  return joined([told === '' ? nothingTold(scan, summary) : told, doubtful(summary), heldBack(summary)]);
}

/** Sentences in a row; empty ones are left out. */
function joined(sentences: readonly Text[]): Text {
  const said = sentences.filter((sentence) => sentence !== '');
  return rich(...said.flatMap((sentence, index) => [...(index === 0 ? [] : [' ']), ...inlines(sentence)]));
}

/** `2 services added (all acknowledged).` */
function kindsTold({ deltas }: ScanSummary): string {
  if (deltas.length === 0) return '';
  return `${kindCounts(deltas)}${deltas.some(isOpen) ? '' : ' (all acknowledged)'}.`;
}

function heldBack(summary: ScanSummary): string {
  if (summary.heldBack === 0) return '';
  const held = counted(summary.heldBack, 'change was', 'changes were');
  return `${held} held back${heldBy(summary)} (delta list state:suppressed).`;
}

function doubtful({ candidates, askedAgainAt }: ScanSummary): Text {
  if (candidates === 0) return '';
  if (askedAgainAt === undefined)
    return `${counted(candidates, 'doubtful change waits', 'doubtful changes wait')} for more evidence.`;
  const asked = counted(candidates, 'doubtful change is', 'doubtful changes are');
  return rich(`${asked} asked again at `, at(askedAgainAt, 'time'), '.');
}
