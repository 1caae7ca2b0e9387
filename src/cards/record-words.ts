import type { Approval, Baseline, HostNote, Ownership } from '../core/model/record.ts';
import { formatEndpoint } from '../core/network/endpoint.ts';
import { namesPlatform } from '../core/platforms.ts';
import type { Card, Inline, Section, Text } from './card.ts';
import { type Paging, pageControls, pageFooter } from './paging.ts';
import { at, code, counted, rich, strong } from './words.ts';

const HOW: Readonly<Record<Approval['how'], string>> = {
  acknowledged: 'acknowledged',
  expected: 'expected',
  baseline: 'in the baseline',
};

const who = ({ by, byName }: { by: string; byName: string }): Inline => ({ type: 'user', key: by, name: byName });

/** `acknowledged by @ann, 24 Nov 2026: “CHG-7”`. */
export function approvalWords(approval: Approval | undefined): Text {
  if (approval === undefined) return '–';
  const note = approval.note === undefined || approval.note === '' ? '' : `: “${approval.note}”`;
  return rich(`${HOW[approval.how]} by `, who(approval), ', ', at(approval.at, 'date'), note);
}

/** `note 3 10.0.0.5:22/tcp, by @ann …: jump host`. */
export function noteLine(note: HostNote, groupName?: string): Text {
  const { id, address, protocol = 'tcp', port, text, owner, tags } = note;
  const where = port === undefined ? address : formatEndpoint({ address, protocol, port });
  return rich(
    strong(`note ${id} `),
    code(where),
    groupName === undefined ? '' : ` in ${groupName}`,
    ', by ',
    who(note),
    ' ',
    at(note.at, 'date'),
    ...(text === undefined ? [] : [`: “${text}”`]),
    ...(owner === undefined ? [] : ['; owner ', ownerInline(owner)]),
    ...(tags === undefined ? [] : [`; tags ${tags.join(', ') || 'none'}`]),
  );
}

/** Somebody that a chat knows, or free text. */
export function ownerInline(owner: string): string | Inline {
  return namesPlatform(owner) ? { type: 'user', key: owner, name: owner } : owner;
}

/** `Owner @ann · tags dmz, prod`; empty if neither is set. */
export function ownershipLine({ owner, tags }: Ownership): Text[] {
  if (owner === undefined && tags.length === 0) return [];
  return [
    rich(
      ...(owner === undefined ? [] : ['Owner ', ownerInline(owner)]),
      owner !== undefined && tags.length > 0 ? ' · ' : '',
      tags.length === 0 ? '' : `tags ${tags.join(', ')}`,
    ),
  ];
}

/** The group's newest signed baseline. */
export function baselineWords(baseline: Baseline): Text {
  return rich(
    'approved by ',
    who(baseline),
    ' ',
    at(baseline.at),
    `: ${counted(baseline.hosts, 'host')} up, ${counted(baseline.services, 'open port')}`,
    baseline.note === undefined ? '' : ` (“${baseline.note}”)`,
  );
}

export function noteListCard(rows: readonly { note: HostNote; groupName: string | undefined }[], paging: Paging): Card {
  const none = rich('None: ', code('note add 10.0.0.5 "jump host"'));
  return {
    title: counted(paging.total, 'note'),
    tone: 'info',
    sections:
      rows.length === 0
        ? [{ type: 'text', text: none }]
        : [{ type: 'list', items: rows.map(({ note, groupName }) => noteLine(note, groupName)) }],
    controls: pageControls(paging),
    footer: pageFooter(paging),
  };
}

const NOTES_SHOWN = 2;

/** In an alert: the newest few, for the person who has to decide. */
export function noteSections(notes: readonly HostNote[] = []): Section[] {
  return notes.slice(0, NOTES_SHOWN).map((note): Section => ({ type: 'text', text: noteLine(note) }));
}

/** ` (not scanned now)`: after a group's targets or ports were changed, what was known stays known. */
export function askedWords(unasked: boolean | undefined): string {
  return unasked === true ? ' (not scanned now)' : '';
}
