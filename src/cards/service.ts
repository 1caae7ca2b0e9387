import type { Protocol, ServiceIdentity } from '../core/model/observation.ts';
import type { Approval } from '../core/model/record.ts';
import type { Card, Text } from './card.ts';
import { type Paging, pageControls, pageFooter } from './paging.ts';
import { approvalWords } from './record-words.ts';
import { at, counted, identityWords, portWords, rich } from './words.ts';

export type ServiceRow = {
  groupName: string;
  address: string;
  protocol: Protocol;
  port: number;
  identity?: ServiceIdentity;
  since: number;
  approval?: Approval;
};

/** Who offers it, over all groups. */
export function serviceFindCard(rows: readonly ServiceRow[], what: string, paging: Paging): Card {
  return {
    title: `${counted(paging.total, 'open port')}${what === '' ? '' : `: ${what}`}`,
    tone: 'info',
    sections:
      rows.length === 0
        ? [{ type: 'text', text: 'No host offers it.' }]
        : [
            {
              type: 'table',
              columns: ['address', 'port', 'service', 'group', 'since', 'approved'],
              rows: rows.map(cells),
            },
          ],
    controls: pageControls(paging),
    footer: pageFooter(paging),
  };
}

function cells(row: ServiceRow): Text[] {
  return [
    row.address,
    portWords(row),
    identityWords(row.identity),
    row.groupName,
    rich(at(row.since, 'date')),
    approvalWords(row.approval),
  ];
}
