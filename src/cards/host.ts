import { hostMemory } from '../core/judge/memory.ts';
import { traitsOf } from '../core/judge/traits.ts';
import type { Delta } from '../core/model/alert.ts';
import type { Group } from '../core/model/group.ts';
import { type IdentityRead, readOf } from '../core/model/identity-reads.ts';
import { type HostRecords, portKey } from '../core/model/record.ts';
import { type HostCode, type HostState, hostCodeNumber, type ServiceState } from '../core/model/state.ts';
import { thousands } from '../core/network/targets.ts';
import { isOpen } from './acknowledgement.ts';
import type { Card, Section, Text, Tone } from './card.ts';
import { deltaLine } from './delta.ts';
import { approvalWords, askedWords, noteLine, ownerInline } from './record-words.ts';
import { tableOf } from './table-layout.ts';
import { at, code, identityWords, portWords, rich, shortIdentity, strong, worstRisk } from './words.ts';

export type HostView = {
  group: Group;
  /** Absent: in the group's range, but never seen. */
  state: HostState | undefined;
  /** When the newest scan that covered it ended; absent before the first. */
  coveredAt: number | undefined;
  timeline: readonly { at: number; text: string }[];
  deltas: readonly Delta[];
  records: HostRecords;
  /** Open ports that the group's scans do not ask any more. */
  unasked?: ReadonlySet<string>;
  /** When its versions were read, if not every scan reads them. */
  reads?: readonly IdentityRead[];
};

const TIMELINE_SHOWN = 15;
const SERVICES_SHOWN = 40;
const SCRIPTS_SHOWN = 10;

/** Everything known about one address, group by group. */
export function hostShowCard(address: string, views: readonly HostView[]): Card {
  const states = views.flatMap((view) => view.state ?? []);
  return {
    title: `Host ${address}`,
    tone: tone(
      states,
      views.flatMap(({ deltas }) => deltas.filter(isOpen)),
    ),
    summary: `${address}: ${views.map((view) => codeWords(view.state?.code ?? 'unseen')).join(', ')}`,
    sections: views.flatMap((view, index): Section[] => [
      ...(index === 0 ? [] : [{ type: 'divider' as const }]),
      ...hostSections(view),
    ]),
    controls: [],
  };
}

/** An open change comes first: a host that has one does not look fine. */
function tone(states: readonly HostState[], open: readonly Delta[]): Tone {
  if (open.length > 0) return worstRisk(open);
  if (states.some((state) => state.code === 'down')) return 'medium';
  // An undetermined or unresponsive host is not good news.
  const sure = states.filter(({ code }) => code !== 'undetermined' && code !== 'unresponsive');
  return sure.length === states.length && states.some((state) => state.present) ? 'good' : 'neutral';
}

/** `down (7)`. */
export function codeWords(code: HostCode): string {
  return `${code} (${hostCodeNumber(code)})`;
}

function hostSections(view: HostView): Section[] {
  const { group, state, coveredAt, timeline, deltas, records } = view;
  if (state === undefined) {
    return [
      { type: 'text', text: rich(strong(group.name), `: ${codeWords('unseen')}, in its range, has never answered.`) },
      ...deltaSection(group, deltas),
    ];
  }
  const present = state.services.filter((service) => service.present);
  const gone = state.services.filter((service) => !service.present);
  return [
    { type: 'fields', fields: [...facts(group, state, coveredAt), ...recordFields(records)] },
    ...(records.notes ?? []).map((note) => ({ type: 'text' as const, text: noteLine(note) })),
    present.length === 0 ? { type: 'text', text: 'No port is open.' } : services(state, view),
    ...(gone.length === 0
      ? []
      : [{ type: 'list' as const, items: gone.slice(0, 10).map(goneLine), total: gone.length }]),
    ...scriptSections(state),
    ...history(timeline),
    ...deltaSection(group, deltas),
  ];
}

function deltaSection(group: Group, deltas: readonly Delta[]): Section[] {
  if (deltas.length === 0) return [];
  return [
    { type: 'text', text: 'Deltas, newest first:' },
    { type: 'list', items: deltas.map((delta) => deltaLine(delta, group.name)) },
  ];
}

function facts(group: Group, state: HostState, coveredAt: number | undefined): { label: string; value: Text }[] {
  const lastSeen = state.lastSeen ?? coveredAt;
  const { os } = traitsOf(state.memory);
  const names = [...state.hostnames, state.vendor, state.mac].filter((word) => word !== undefined);
  return [
    { label: 'Group', value: group.name },
    { label: 'Status', value: codeWords(state.code) },
    { label: 'First seen', value: rich(at(state.firstSeen)) },
    ...(lastSeen === undefined ? [] : [{ label: 'Last seen', value: rich(at(lastSeen)) }]),
    ...misses(group, state),
    ...(names.length === 0 ? [] : [{ label: 'Also known as', value: names.join(', ') }]),
    ...(os === undefined ? [] : [{ label: 'System, as nmap guesses', value: `${os.name} (${os.accuracy} %)` }]),
  ];
}

function misses(group: Group, state: HostState): { label: string; value: Text }[] {
  const count = hostMemory(state.memory).run?.scans ?? 0;
  if (count === 0) return [];
  return [{ label: 'Misses', value: `${count} in a row, down after ${group.policy.downAfter}` }];
}

/** Its owner, and who approved it. */
function recordFields({ ownership, approval }: HostRecords): { label: string; value: Text }[] {
  const { owner, tags = [] } = ownership ?? {};
  return [
    ...(owner === undefined ? [] : [{ label: 'Owner', value: rich(ownerInline(owner)) }]),
    ...(tags.length === 0 ? [] : [{ label: 'Tags', value: tags.join(', ') }]),
    ...(approval === undefined ? [] : [{ label: 'Approved', value: approvalWords(approval) }]),
  ];
}

/** Nothing is open on a host that is down: its ports are as they were when it answered last. */
function services(state: HostState, { records: { approvals }, unasked, coveredAt, reads = [] }: HostView): Section {
  const shown = state.services.filter(({ present }) => present).slice(0, SERVICES_SHOWN);
  const rows = shown.map((service) => [
    `${portWords(service)} ${shortIdentity(service.identity)}`.trim() + askedWords(unasked?.has(portKey(service))),
    rich(at(service.since, 'date')),
    readWords(service, reads, coveredAt),
    approvalWords(approvals?.get(portKey(service))),
  ]);
  return tableOf([state.present ? 'open port' : 'open when it answered', 'since', 'version read', 'approved'], rows);
}

/** Nothing for a version that the newest scan has read. */
function readWords(service: ServiceState, reads: readonly IdentityRead[], coveredAt = 0): Text {
  const read = service.protocol === 'tcp' ? readOf(reads, service.port) : undefined;
  return read === undefined || read.at < service.since || read.at >= coveredAt ? '' : rich(at(read.at, 'date'));
}

function scriptSections({ memory }: HostState): Section[] {
  const { scripts } = traitsOf(memory);
  if (scripts.length === 0) return [];
  const items = scripts.slice(0, SCRIPTS_SHOWN).map(({ name, output }) => rich(code(name), ` ${output}`));
  return [
    { type: 'text', text: 'What scripts said:' },
    { type: 'list', items, total: scripts.length },
  ];
}

function goneLine(service: ServiceState): Text {
  const identity = identityWords(service.identity);
  return rich(
    code(portWords(service)),
    ` ${identity === '' ? '' : `${identity}, `}gone`,
    ...(service.until === undefined ? [] : [' since ', at(service.until)]),
  );
}

function history(timeline: readonly { at: number; text: string }[]): Section[] {
  if (timeline.length === 0) return [];
  const newest = timeline.slice(-TIMELINE_SHOWN).reverse();
  return [
    { type: 'text', text: 'History, newest first:' },
    { type: 'list', items: newest.map((entry) => rich(at(entry.at), ` ${entry.text}`)), total: timeline.length },
  ];
}

/** Hosts that never answered are not stored, only counted. */
export function unseenCard(group: Group, unseen: bigint): Card {
  return {
    title: `${group.name}: ${thousands(unseen)} ${unseen === 1n ? 'address' : 'addresses'} unseen (0)`,
    tone: 'info',
    sections: [{ type: 'text', text: 'These are in the range of the group and have never answered.' }],
    controls: [],
  };
}
