import { unreachable } from '../core/errors.ts';
import type { Group } from '../core/model/group.ts';
import { cancelledBy, isCancelled, type Scan, type ScanPhase } from '../core/model/scan.ts';
import { describeDuration } from '../core/time/duration.ts';
import { type Button, type Card, plainText, type Section, type Text, type Tone } from './card.ts';
import { coverageWords } from './coverage.ts';
import { answerLine, blind, type ScanSummary, scanResult, wholeList } from './scan-result.ts';
import { at, counted, rich } from './words.ts';

const MINUTE_MS = 60_000;
/** A worker reports four times a minute that it is at work. */
export const SILENT_MS = 2 * MINUTE_MS;
/** Percent: with less done, the remaining time is a guess. */
const LEAST_DONE = 3;

export type ScanCardInput = {
  scan: Scan;
  group: Group;
  now: number;
  summary?: ScanSummary | undefined;
};

/** A scan's one message: its progress while it runs, then its result. */
export function scanCard({ scan, group, now, ...input }: ScanCardInput): Card {
  // What these saw was not judged, so they only show the reason.
  const summary = scan.status === 'failed' || scan.status === 'superseded' ? undefined : input.summary;
  const silent = summary === undefined ? undefined : blind(scan, summary);
  const title = titleOf(scan, group, summary, silent);
  return {
    title,
    tone: silent === undefined ? tone(scan) : 'warning',
    summary: `${title}${scan.error === undefined ? '' : `: ${scan.error}`}`,
    sections: [
      ...progress(scan, now),
      ...(summary === undefined ? nothingLooked(scan) : scanResult(scan, summary)),
      ...(scan.error === undefined ? [] : [{ type: 'text' as const, text: scan.error }]),
      ...(scan.notes.length === 0 ? [] : [{ type: 'list' as const, items: scan.notes.map(noteWords) }]),
    ],
    controls: cancellable(scan) ? [cancelButton(scan)] : [],
    footer: [timing(scan, now)],
    ...attached(summary === undefined ? undefined : wholeList(scan, summary)),
  };
}

function titleOf(scan: Scan, group: Group, summary: ScanSummary | undefined, silent: string | undefined): string {
  const answers = scan.origin.type === 'recheck' ? (summary?.seen?.answers ?? []) : [];
  const [answer, second] = answers;
  if (answer !== undefined && second === undefined) return `Recheck: ${plainText(answerLine(answer))} (${group.name})`;
  const what = `${group.name}: ${lookWords(scan)} #${scan.id}`;
  return silent === undefined ? `${what} ${statusWords(scan)}` : `${what} had no answer from ${silent}`;
}

function lookWords({ kind, origin }: Scan): string {
  if (kind === 'scan') return 'scan';
  if (origin.type === 'recheck') return 'recheck';
  return origin.type === 'baseline' ? 'further look' : 'confirmation';
}

function attached(attachment: Card['attachment']): Pick<Card, 'attachment'> {
  return attachment === undefined ? {} : { attachment };
}

function noteWords(note: string): Text {
  const by = cancelledBy(note);
  return by === undefined ? note : rich('cancelled by ', { type: 'user', key: by, name: by });
}

function statusWords(scan: Scan): string {
  switch (scan.status) {
    case 'queued':
      return 'is queued';
    case 'running':
      return isCancelled(scan) ? 'is being cancelled' : 'is running';
    case 'judging':
      return 'is being judged';
    case 'done':
      return scan.chunksDone < scan.chunkCount ? 'done in part' : 'done';
    case 'cancelled':
      return 'was cancelled';
    case 'failed':
      return 'failed';
    case 'superseded':
      return 'was superseded';
    default:
      return unreachable(scan.status);
  }
}

/** A scan of which nothing was judged. */
function nothingLooked(scan: Scan): Section[] {
  if (scan.status === 'superseded') return [{ type: 'text', text: SUPERSEDED }];
  if (scan.status !== 'cancelled') return [];
  return [{ type: 'text', text: scan.startedAt === undefined ? 'It had not started.' : 'No host was complete.' }];
}

const SUPERSEDED = 'A newer scan was judged before its answer came, so what that scan saw stands.';

function tone(scan: Scan): Tone {
  if (scan.status === 'failed') return 'error';
  // Its answer may be bad news.
  if (scan.status === 'done') return scan.origin.type === 'recheck' ? 'info' : 'good';
  return scan.status === 'cancelled' || scan.status === 'superseded' ? 'neutral' : 'info';
}

function cancellable(scan: Scan): boolean {
  return (scan.status === 'queued' || scan.status === 'running') && !isCancelled(scan);
}

function cancelButton(scan: Scan): Button {
  return { type: 'button', label: 'Cancel', style: 'danger', action: { type: 'cancel-scan', scan: scan.id } };
}

function progress(scan: Scan, now: number): Section[] {
  if (scan.status === 'queued') {
    return [{ type: 'progress', percent: 0, label: `waits for its turn at site ${scan.site}; ${planned(scan)}` }];
  }
  if (scan.status === 'judging') return [{ type: 'progress', percent: 99, label: 'compares with what is known' }];
  if (scan.status !== 'running') return [];
  const label = [...phaseWords(scan), ...doneWords(scan), ...outlook(scan, now)].join(' · ');
  return [{ type: 'progress', percent: progressPercent(scan), label }];
}

/**
 * `0 of 30 hosts done · 226 addresses silent`: what the percentage is made of. A silent address is done at once and
 * does not show how long those that answer will take, so the two are not added up.
 */
export function doneWords({ hostsTotal, hostsDone, hostsUp, underWay }: Scan): string[] {
  const upDone = underWay?.upDone;
  if (upDone === undefined) return [`${number(hostsDone)} of ${addresses(hostsTotal)} done`, `${number(hostsUp)} up`];
  const silent = hostsDone - upDone;
  const left = hostsTotal - silent - hostsUp;
  return [
    ...(hostsUp === 0 ? [] : [`${number(upDone)} of ${counted(hostsUp, 'host')} done`]),
    ...(silent <= 0 ? [] : [`${addresses(silent)} silent`]),
    ...(left <= 0 ? [] : [`${addresses(left)} to look at`]),
  ];
}

function addresses(count: number): string {
  return counted(count, 'address', 'addresses');
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}

const PHASE_WORDS: Readonly<Record<ScanPhase, string>> = {
  discovery: 'looking who is there',
  ports: 'ports',
  versions: 'versions',
};

/**
 * nmap's own figure is about one step of one batch of hosts and starts again with the next, so it shows activity but
 * promises nothing.
 */
function phaseWords({ underWay }: Scan): string[] {
  if (underWay === undefined || underWay.phases.length === 0) return [];
  const words = underWay.phases.map((phase) => PHASE_WORDS[phase]).join(', ');
  return [underWay.step === undefined ? words : `${words}, this step ${underWay.step} %`];
}

/** When it will be done, if that can be estimated; for silent workers, how long they have been silent. */
function outlook(scan: Scan, now: number): string[] {
  const heard = scan.underWay?.at ?? scan.startedAt ?? now;
  if (now - heard >= SILENT_MS) return [`no word from a worker for ${describeDuration(minutes(now - heard))}`];
  const left = timeLeft(scan, now);
  return left === undefined ? [] : [left < 1000 ? 'nearly done' : `about ${describeDuration(left)} left`];
}

function minutes(ms: number): number {
  return Math.floor(ms / MINUTE_MS) * MINUTE_MS;
}

function planned(scan: Scan): string {
  return coverageWords({ ...scan, hostsDone: scan.hostsTotal });
}

/** Work done as a share of all work: 100 is for scans that have ended. */
export function progressPercent({ percent = 0, chunksDone, chunkCount }: Scan): number {
  const chunks = chunkCount === 0 ? 0 : (100 * chunksDone) / chunkCount;
  return Math.min(99, Math.floor(Math.max(percent, chunks)));
}

/** An estimate is based on completed work, and not on what a lost worker had done; before that there is none. */
function timeLeft({ startedAt, underWay }: Scan, now: number): number | undefined {
  const done = underWay?.done ?? 0;
  if (startedAt === undefined || done < LEAST_DONE || now <= startedAt) return undefined;
  return ((now - startedAt) / done) * (100 - done);
}

function timing(scan: Scan, now: number): Text {
  const ports =
    scan.settings.ports ?? (scan.settings.topPorts === undefined ? '' : `top ${scan.settings.topPorts} ports`);
  const how = `profile ${scan.settings.profile}${ports === '' ? '' : `, ${ports}`}, site ${scan.site}`;
  if (scan.startedAt === undefined) return rich(`${how}; queued `, at(scan.queuedAt));
  const end = scan.finishedAt ?? now;
  return rich(
    `${how}; started `,
    at(scan.startedAt),
    `, ${scan.finishedAt === undefined ? 'for' : 'took'} ${describeDuration(end - scan.startedAt)}`,
  );
}
