import type { Group } from '../core/model/group.ts';
import type { Scan, ScanOrigin, SeenHost } from '../core/model/scan.ts';
import { describeDuration } from '../core/time/duration.ts';
import type { Card, Section, Text } from './card.ts';
import { toCsv } from './csv.ts';
import { hostList } from './host-line.ts';
import { type Paging, pageControls, pageFooter } from './paging.ts';
import { at, code, counted, rich, strong } from './words.ts';

export function scanListCard(rows: readonly { scan: Scan; groupName: string }[], paging: Paging): Card {
  return {
    title: counted(paging.total, 'scan'),
    tone: 'info',
    sections:
      rows.length === 0
        ? [{ type: 'text', text: rich('None yet: ', code('scan now GROUP')) }]
        : [{ type: 'list', items: rows.map((row) => scanLine(row.scan, row.groupName)) }],
    controls: pageControls(paging),
    footer: pageFooter(paging),
  };
}

/** Why there was a further look at a scan. */
const LOOKS: Readonly<Record<ScanOrigin['type'], string>> = {
  command: 'confirms',
  schedule: 'confirms',
  recheck: 'rechecks',
  baseline: 'completes the baseline of',
};

/** `#12 office: done, 14 of 256 hosts up, took 2 minutes, …`. */
export function scanLine(scan: Scan, groupName: string): Text {
  const took =
    scan.startedAt === undefined || scan.finishedAt === undefined
      ? ''
      : `, took ${describeDuration(scan.finishedAt - scan.startedAt)}`;
  const confirmation =
    scan.kind === 'confirmation' ? ` (${LOOKS[scan.origin.type]} scan #${scan.parentId ?? '?'})` : '';
  const addresses = counted(scan.hostsTotal, 'address', 'addresses');
  const found = scan.status === 'queued' ? addresses : `${scan.hostsUp} of ${counted(scan.hostsTotal, 'host')} up`;
  return rich(
    strong(`#${scan.id} `),
    `${groupName}${confirmation}: ${scan.status}, ${found}${took}, `,
    at(scan.startedAt ?? scan.queuedAt),
    scan.error === undefined ? '' : `: ${scan.error}`,
  );
}

/** What a scan's own XML shows: hosts that answered, with their open ports. */
export type ScanFindings = {
  /** As many as are to be shown. */
  hosts: readonly SeenHost[];
  hostsUp: number;
  openPorts: number;
  /** gzip of nmap's XML, if it is kept and not too large to send. */
  xml?: { name: string; data: Uint8Array };
  /** Why there is none. */
  note?: string;
};

export function scanFindingsCard(scan: Scan, group: Group, findings: ScanFindings): Card {
  return {
    title: `${group.name}: what scan #${scan.id} found`,
    tone: 'info',
    summary: `${group.name}, scan #${scan.id}: ${counted(findings.hostsUp, 'host')} up, ${counted(findings.openPorts, 'open port')}`,
    sections: [
      { type: 'text', text: scanLine(scan, group.name) },
      ...(findings.hostsUp === 0
        ? []
        : [
            {
              type: 'text' as const,
              text: `${counted(findings.hostsUp, 'host')} up, ${counted(findings.openPorts, 'open port')}`,
            },
            hostList(findings.hosts, findings.hostsUp, findings.hosts.length),
          ]),
      ...(scan.notes.length === 0 ? [] : [{ type: 'list' as const, items: scan.notes }]),
      ...(findings.note === undefined ? [] : [{ type: 'text' as const, text: findings.note }]),
    ],
    controls: [],
    ...(findings.xml === undefined
      ? {}
      : {
          attachment: {
            name: findings.xml.name,
            mimeType: 'application/gzip' as const,
            content: findings.xml.data,
            when: 'always' as const,
          },
        }),
  };
}

const DIFFERENCES_SHOWN = 30;

export type ScanDifference = { kind: string; where: string; change: string };

/** Compares two scans as evidence, regardless of what is believed. */
export function scanComparisonCard(
  older: Scan,
  newer: Scan,
  group: Group,
  differences: readonly ScanDifference[],
): Card {
  const rows = differences.map(({ kind, where, change }) => [kind, where, change]);
  const shown: Section[] =
    differences.length === 0
      ? [{ type: 'text', text: 'No difference that both scans covered.' }]
      : [{ type: 'table', columns: ['kind', 'where', 'change'], rows: rows.slice(0, DIFFERENCES_SHOWN) }];
  return {
    title: `${group.name}: scan #${older.id} against #${newer.id}, ${counted(differences.length, 'difference')}`,
    tone: 'info',
    sections: [
      ...shown,
      ...(differences.length > DIFFERENCES_SHOWN
        ? [{ type: 'text' as const, text: `and ${differences.length - DIFFERENCES_SHOWN} more in the attached file` }]
        : []),
    ],
    controls: [],
    ...(differences.length > DIFFERENCES_SHOWN
      ? {
          attachment: {
            name: `scan-${older.id}-${newer.id}.csv`,
            mimeType: 'text/csv' as const,
            content: toCsv([['kind', 'where', 'change'], ...rows]),
            when: 'always' as const,
          },
        }
      : {}),
  };
}
