import type { Delta } from '../core/model/alert.ts';
import type { DeltaSubject } from '../core/model/delta.ts';
import type { Section, Text } from './card.ts';
import { at, changeWords, code, counted, gradeWords, kindWords, portWords, rich, strong } from './words.ts';

/** What was, what is, why it is believed, how sure, since when. */
export function deltaDetail(delta: Delta, withHeadline: boolean): Section[] {
  const members = delta.members ?? [];
  return [
    {
      type: 'text',
      text: rich(
        ...(withHeadline ? [strong(`${headline(delta)} `)] : []),
        code(changeWords(delta)),
        ...(delta.riskHint === undefined ? [] : [` — ${delta.riskHint}`]),
      ),
    },
    { type: 'list', items: [...delta.evidence, ...repeats(delta)] },
    ...(members.length === 0 ? [] : [{ type: 'list' as const, items: members.slice(0, 20), total: members.length }]),
    { type: 'text', text: facts(delta) },
  ];
}

function facts(delta: Delta): Text {
  return rich(
    `${gradeWords(delta.grade)}, ${percent(1 - delta.probability)} · risk ${delta.risk}`,
    ...(delta.firstSeen === undefined ? [] : [' · first seen ', at(delta.firstSeen)]),
    ...(delta.lastSeen === undefined ? [] : [' · last seen ', at(delta.lastSeen)]),
  );
}

function repeats(delta: Delta): string[] {
  return delta.repeats === 0 ? [] : [`more news of it since, ${counted(delta.repeats, 'time')}`];
}

/** `service added, 22/tcp`. */
export function headline(delta: DeltaSubject): string {
  const port = portWords(delta);
  return port === '' ? kindWords(delta.kind) : `${kindWords(delta.kind)}, ${port}`;
}

/** 0.999 and above is not rounded up to certainty. */
function percent(share: number): string {
  return share > 0.99 ? 'over 99 %' : `${Math.round(share * 100)} %`;
}
