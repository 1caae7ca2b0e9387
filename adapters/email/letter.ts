import { addressWords } from '../../src/cards/address-words.ts';
import { changeTitle } from '../../src/cards/change-line.ts';
import { eventTitle } from '../../src/cards/event-words.ts';
import { reportFigures } from '../../src/cards/report.ts';
import { type SameChange, sameChanges } from '../../src/cards/same-change.ts';
import { changeWords, gradeWords, worstGrade } from '../../src/cards/words.ts';
import { defined } from '../../src/core/defined.ts';
import { unreachable } from '../../src/core/errors.ts';
import type { Delta } from '../../src/core/model/alert.ts';
import type { SinkEvent } from '../../src/core/model/event.ts';
import type { Risk } from '../../src/core/model/scales.ts';

/** The content of a mail, before it is laid out as text and as HTML. Plain, untrusted text throughout. */
export type Letter = {
  title: string;
  risk?: Risk;
  blocks: readonly Block[];
  /** Small print. */
  footer: readonly string[];
};

export type Block =
  | { type: 'text'; text: string }
  /** The report, in the mail itself; `text`: for people who can't see it. */
  | { type: 'picture'; text: string }
  | { type: 'delta'; risk: Risk; head: string; change: string; why?: string; lines: readonly string[] };

/** More would make a mail that no server accepts; the rest is counted. */
const MAX_CHANGES = 200;
const MAX_RANGES = 100;
const MAX_IDS = 20;
const MAX_LINES = 12;

/** No links: a scanner or preview that follows them must not be able to answer anything. */
export function letterOf(event: SinkEvent): Letter {
  const title = eventTitle(event);
  const at = utc(event.at);
  switch (event.type) {
    case 'alert-opened':
    case 'alert-changed': {
      const footer = [
        `Group ${event.group.name}, scan #${event.scan.id}, alert #${event.alert.id}, ${at}.`,
        answerHint(event),
      ];
      return { title, risk: worst(event.deltas), blocks: deltaBlocks(event.deltas), footer };
    }
    case 'alert-resolved':
      return { title, blocks: deltaBlocks(event.deltas), footer: [`Alert #${event.alert.id}, ${at}.`] };
    case 'delta-answered': {
      const note = event.answer.type === 'open' ? undefined : event.answer.note;
      const said = note === undefined ? [] : [{ type: 'text' as const, text: `Note: ${note}` }];
      return { title, blocks: [...said, ...briefBlocks(event.deltas)], footer: [at] };
    }
    case 'delta-released':
      return { title, risk: worst(event.deltas), blocks: deltaBlocks(event.deltas), footer: [answerHint(event), at] };
    case 'scan-done':
    case 'scan-failed': {
      const lines = [event.scan.error, ...event.scan.notes].filter((line) => line !== undefined);
      return { title, blocks: lines.map((text) => ({ type: 'text', text })), footer: [at] };
    }
    case 'digest':
      return { title, blocks: event.events.flatMap(digestBlocks), footer: [`Since ${utc(event.since)}, until ${at}.`] };
    case 'report': {
      const figures = reportFigures(event.report).map(
        ({ label, value, more }) => `${label}: ${value}${more === undefined ? '' : ` ${more.label} ${more.value}`}`,
      );
      const picture = event.format === 'png' ? [{ type: 'picture' as const, text: title }] : [];
      const blocks = figures.map((text) => ({ type: 'text' as const, text }));
      return { title, blocks: [...blocks, ...picture], footer: [`Attached: the report as ${event.format}.`, at] };
    }
    case 'events-lost':
      return { title, blocks: [{ type: 'text', text: 'delta list in the chat shows what changed.' }], footer: [at] };
    case 'test':
      return {
        ...{ title, blocks: [{ type: 'text', text: `Alerts of ${event.group.name} arrive here.` }] },
        footer: [`Tested by ${event.by}, ${at}.`],
      };
    default:
      return unreachable(event);
  }
}

function answerHint({ deltas }: { deltas: readonly Delta[] }): string {
  const ids = deltas.map((delta) => delta.id);
  return `Answer in the chat: /netdelta delta ack ${ids.slice(0, MAX_IDS).join(' ')}`;
}

function digestBlocks(event: SinkEvent): Block[] {
  const head: Block = { type: 'text', text: `${utc(event.at)}  ${eventTitle(event)}` };
  return 'deltas' in event ? [head, ...briefBlocks(event.deltas)] : [head];
}

function deltaBlocks(deltas: readonly Delta[]): Block[] {
  return changeBlocks(deltas, (change) => ({ ...defined({ why: change.first.riskHint }), lines: detailLines(change) }));
}

function briefBlocks(deltas: readonly Delta[]): Block[] {
  return changeBlocks(deltas, (change) => ({ lines: everyAddress(change) }));
}

/** The same change on many hosts is one block. */
function changeBlocks(
  deltas: readonly Delta[],
  more: (change: SameChange) => { why?: string; lines: readonly string[] },
): Block[] {
  const changes = sameChanges(deltas);
  const shown = changes.slice(0, MAX_CHANGES).map((change): Block => {
    const [head, first] = [changeTitle(change), changeWords(change.first)];
    return { type: 'delta', risk: worst(change.deltas), head, change: first, ...more(change) };
  });
  return [...shown, ...rest(changes.slice(MAX_CHANGES).reduce((sum, one) => sum + one.deltas.length, 0))];
}

/** What all of them have as evidence; what only some have is shown in the chat. */
function detailLines(change: SameChange): string[] {
  const { first, deltas } = change;
  const evidence = first.evidence.filter((line) => deltas.every((delta) => delta.evidence.includes(line)));
  const grade = gradeWords(worstGrade(deltas));
  return [
    ...everyAddress(change),
    ...evidence.slice(0, MAX_LINES),
    `${grade}, risk ${worst(deltas)}, ${deltaIds(deltas)}`,
  ];
}

/** If they are too many for the title. */
function everyAddress({ addresses }: SameChange): string[] {
  const all = addressWords(addresses, MAX_RANGES);
  return all === addressWords(addresses) ? [] : [all];
}

/** `delta #41`, `deltas #41, #42 and 12 more`. */
function deltaIds(deltas: readonly Delta[]): string {
  const ids = deltas.slice(0, MAX_IDS).map(({ id }) => `#${id}`);
  const more = deltas.length - ids.length;
  return `${deltas.length === 1 ? 'delta' : 'deltas'} ${ids.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function rest(more: number): Block[] {
  return more > 0 ? [{ type: 'text', text: `and ${more} more; delta list in the chat shows them all.` }] : [];
}

function worst(deltas: readonly Delta[]): Risk {
  const order: readonly Risk[] = ['critical', 'high', 'medium', 'low', 'info'];
  return order.find((risk) => deltas.some((delta) => delta.risk === risk)) ?? 'info';
}

function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
