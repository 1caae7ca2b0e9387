import { answeredWords, eventTitle } from '../../src/cards/event-words.ts';
import { reportFigures } from '../../src/cards/report.ts';
import { changeWords, gradeWords, kindWords, subjectWords } from '../../src/cards/words.ts';
import { defined } from '../../src/core/defined.ts';
import { unreachable } from '../../src/core/errors.ts';
import type { Delta } from '../../src/core/model/alert.ts';
import type { SinkEvent } from '../../src/core/model/event.ts';
import type { Risk } from '../../src/core/model/scales.ts';

/** What a mail says, before it is laid out as text and as HTML. Plain, untrusted text throughout. */
export type Letter = {
  title: string;
  risk?: Risk;
  blocks: readonly Block[];
  /** Small print. */
  footer: readonly string[];
};

export type Block =
  | { type: 'text'; text: string }
  /** The report, in the mail itself; `text`: for those who don't see it. */
  | { type: 'picture'; text: string }
  | { type: 'delta'; risk: Risk; head: string; change: string; why?: string; lines: readonly string[] };

/** More would make a mail that no server takes; the rest is counted. */
const MAX_DELTAS = 200;
const MAX_LINES = 12;

/** No links: whatever follows them on the way (a scanner, a preview) must not be able to answer anything. */
export function letterOf(event: SinkEvent): Letter {
  const title = eventTitle(event);
  const at = utc(event.at);
  switch (event.type) {
    case 'alert-opened':
    case 'alert-changed': {
      const footer = [
        `Group ${event.group.name}, scan ${event.scan.number}, alert ${event.alert.id}, ${at}.`,
        answerHint(event),
      ];
      return { title, risk: worst(event.deltas), blocks: deltaBlocks(event.deltas), footer };
    }
    case 'alert-resolved':
      return { title, blocks: deltaBlocks(event.deltas), footer: [`Alert ${event.alert.id}, ${at}.`] };
    case 'delta-answered': {
      const note = event.answer.type === 'open' ? undefined : event.answer.note;
      const said = note === undefined ? [] : [{ type: 'text' as const, text: `Note: ${note}` }];
      const head = { type: 'text' as const, text: `These are ${answeredWords(event.answer)}:` };
      return { title, blocks: [head, ...said, ...briefBlocks(event.deltas)], footer: [at] };
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
      const figures = reportFigures(event.report).map(({ label, value }) => `${label}: ${value}`);
      const picture = event.format === 'png' ? [{ type: 'picture' as const, text: title }] : [];
      const blocks = figures.map((text) => ({ type: 'text' as const, text }));
      return { title, blocks: [...blocks, ...picture], footer: [`Attached: the report as ${event.format}.`, at] };
    }
    case 'events-lost':
      return { title, blocks: [{ type: 'text', text: 'delta list in the chat shows what changed.' }], footer: [at] };
    case 'test':
      return { title, blocks: [{ type: 'text', text: `${event.by} tests whether mail arrives here.` }], footer: [at] };
    default:
      return unreachable(event);
  }
}

function answerHint({ deltas }: { deltas: readonly Delta[] }): string {
  const ids = deltas.map((delta) => delta.id);
  return `Answer in the chat: /netdelta delta ack ${ids.slice(0, 20).join(' ')}`;
}

function digestBlocks(event: SinkEvent): Block[] {
  const head: Block = { type: 'text', text: `${utc(event.at)}  ${eventTitle(event)}` };
  return 'deltas' in event ? [head, ...briefBlocks(event.deltas)] : [head];
}

function deltaBlocks(deltas: readonly Delta[]): Block[] {
  const shown = deltas.slice(0, MAX_DELTAS).map((delta): Block => {
    const lines = delta.evidence.slice(0, MAX_LINES);
    return {
      ...{ type: 'delta', risk: delta.risk, head: `${subjectWords(delta)}  ${kindWords(delta.kind)}` },
      change: changeWords(delta),
      ...defined({ why: delta.riskHint }),
      lines: [...lines, `${gradeWords(delta.grade)}, risk ${delta.risk}, delta ${delta.id}`],
    };
  });
  return [...shown, ...rest(deltas)];
}

function briefBlocks(deltas: readonly Delta[]): Block[] {
  const shown = deltas.slice(0, MAX_DELTAS).map((delta): Block => {
    const head = `${subjectWords(delta)}  ${kindWords(delta.kind)}`;
    return { type: 'delta', risk: delta.risk, head, change: changeWords(delta), lines: [] };
  });
  return [...shown, ...rest(deltas)];
}

function rest(deltas: readonly Delta[]): Block[] {
  const more = deltas.length - MAX_DELTAS;
  return more > 0 ? [{ type: 'text', text: `and ${more} more; delta list in the chat shows them all.` }] : [];
}

function worst(deltas: readonly Delta[]): Risk {
  const order: readonly Risk[] = ['critical', 'high', 'medium', 'low', 'info'];
  return order.find((risk) => deltas.some((delta) => delta.risk === risk)) ?? 'info';
}

function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
