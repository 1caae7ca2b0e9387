import type { Protocol, ServiceIdentity } from '../core/model/observation.ts';
import type { Approval } from '../core/model/record.ts';
import type { Card, Section, Text } from './card.ts';
import { type Paging, pageControls, pageFooter } from './paging.ts';
import { approvalWords, askedWords } from './record-words.ts';
import { commonWords, tableOf } from './table-layout.ts';
import { at, counted, portWords, rich, shortIdentity } from './words.ts';

export type ServiceRow = {
  groupName: string;
  address: string;
  protocol: Protocol;
  port: number;
  identity?: ServiceIdentity;
  since: number;
  approval?: Approval;
  /** The group's scans do not ask it any more. */
  unasked?: boolean;
};

/** The hosts that offer a service, over all groups. */
export function serviceFindCard(rows: readonly ServiceRow[], what: string, paging: Paging): Card {
  return {
    title: `${counted(paging.total, 'open port')}${what === '' ? '' : `: ${what}`}`,
    tone: 'info',
    sections: rows.length === 0 ? [{ type: 'text', text: 'No host offers it.' }] : sections(rows),
    controls: pageControls(paging),
    footer: pageFooter(paging),
  };
}

/** What all of them have in common is shown once, so that a phone has room for the rest. */
function sections(rows: readonly ServiceRow[]): Section[] {
  const service = commonWords(rows.map(serviceWords));
  const group = commonWords(rows.map(({ groupName }) => groupName));
  const all = [service ?? '', group === undefined ? '' : `in ${group}`].filter((part) => part !== '').join(' ');
  const cells = (row: ServiceRow): Text[] => [
    row.address,
    service === undefined ? serviceWords(row) : '',
    group === undefined ? row.groupName : '',
    rich(at(row.since, 'date')),
    approvalWords(row.approval),
  ];
  return [
    ...(all === '' ? [] : [{ type: 'text' as const, text: `${rows.length === 1 ? '' : 'All '}${all}` }]),
    tableOf(['address', 'open port', 'group', 'since', 'approved'], rows.map(cells)),
  ];
}

function serviceWords(row: ServiceRow): string {
  return `${portWords(row)} ${shortIdentity(row.identity)}`.trim() + askedWords(row.unasked);
}
