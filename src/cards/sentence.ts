import type { Delta } from '../core/model/alert.ts';
import type { DeltaKind } from '../core/model/delta-kinds.ts';
import { DELTA_KINDS } from '../core/model/delta-kinds.ts';
import { RISKS } from '../core/model/scales.ts';
import { addressWords } from './address-words.ts';
import { hostsWords, phraseOf, serviceWords } from './change-phrases.ts';
import { type SameChange, sameChanges } from './same-change.ts';
import { counted } from './words.ts';

/** Address ranges in a sentence that must also fit on a lock screen. */
const RANGES = 2;
/** Services of one host that are named individually. */
const NAMED = 3;

/**
 * What happened, where, in which group: `RDP opened on 40 hosts of dc (10.2.0.1-40)`. It is the header of an alert, its
 * push text and its thread's name. Without a group (in a thread) just what and where.
 */
export function sentence(deltas: readonly Delta[], group?: string): string {
  const changes = sameChanges(deltas);
  const [only, ...others] = changes;
  if (only === undefined) return `No change${inGroup(group)}`;
  if (others.every((other) => saysTheSame(other, only))) return oneChange(merged(changes, only), group);
  return namedServices(changes, group) ?? countedChanges(deltas, group);
}

/** Differences in their lives or versions belong in the lines, not in the sentence. */
function saysTheSame(a: SameChange, b: SameChange): boolean {
  return a.first.kind === b.first.kind && serviceWords(a.first) === serviceWords(b.first);
}

function merged(changes: readonly SameChange[], { first }: SameChange): SameChange {
  const deltas = changes.flatMap((change) => change.deltas);
  return { first, deltas, addresses: [...new Set(changes.flatMap((change) => change.addresses))] };
}

/** One kind of change of one service, on one host or many. */
export function oneChange({ first, deltas, addresses }: SameChange, group?: string): string {
  const phrase = phraseOf(first.kind);
  const what = serviceWords(first);
  const hosts = hostCount(deltas, addresses);
  const [address = ''] = addresses;
  const single = addresses.length === 1 && !isCollapsed(first);
  if (single) return `${phrase.say(what, address, false)}${inGroup(group)}`;
  return `${phrase.say(what, hostsWords(hosts, group), hosts > 1)} (${addressWords(addresses, RANGES)})`;
}

/** An outage, a firewall, or a proxy in front of a whole subnet, is about the hosts behind it. */
function isCollapsed(delta: Delta): boolean {
  const { kind, address } = delta;
  return kind === 'outage' || kind === 'firewall' || (kind === 'all-ports-open' && address.includes('/'));
}

function hostCount(deltas: readonly Delta[], addresses: readonly string[]): number {
  if (!deltas.some(isCollapsed)) return addresses.length;
  return deltas.reduce((sum, delta) => sum + Math.max(1, delta.members?.length ?? 0), 0);
}

/** `RDP, SMB opened on 10.0.4.7 (office)`. */
function namedServices(changes: readonly SameChange[], group: string | undefined): string | undefined {
  const [first] = changes;
  const names = [...new Set(changes.map((change) => serviceWords(change.first)))];
  const alike =
    first !== undefined &&
    names.length <= NAMED &&
    changes.every(
      (change) =>
        change.first.kind === first.first.kind &&
        change.first.port !== undefined &&
        change.addresses.join() === first.addresses.join(),
    );
  if (!alike) return undefined;
  const [address = ''] = first.addresses;
  const many = first.addresses.length > 1;
  const where = many ? hostsWords(first.addresses.length, group) : address;
  const said = phraseOf(first.first.kind).say(joined(names), where, many);
  return many ? `${said} (${addressWords(first.addresses, RANGES)})` : `${said}${inGroup(group)}`;
}

function joined(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** `3 services opened, 1 closed on 4 hosts (office)`; the worst comes first. */
function countedChanges(deltas: readonly Delta[], group: string | undefined): string {
  const kinds = DELTA_KINDS.filter((kind) => deltas.some((delta) => delta.kind === kind));
  const nouns = [...new Set(kinds.map((kind) => phraseOf(kind).noun[0]))];
  const worst = (noun: string) =>
    Math.max(...deltas.filter(({ kind }) => phraseOf(kind).noun[0] === noun).map(({ risk }) => RISKS.indexOf(risk)));
  const parts = nouns
    .sort((a, b) => worst(b) - worst(a))
    .flatMap((noun) =>
      kinds.filter((kind) => phraseOf(kind).noun[0] === noun).map((kind, at) => part(deltas, kind, at)),
    );
  const addresses = [...new Set(deltas.map((delta) => delta.address))];
  const [address = ''] = addresses;
  const services = nouns.every((noun) => noun === phraseOf('service-added').noun[0]);
  if (addresses.length === 1) return `${parts.join(', ')} on ${address}${inGroup(group)}`;
  return `${parts.join(', ')}${services ? ` on ${hostsWords(addresses.length)}` : ''}${inGroup(group)}`;
}

/** The noun appears once, with the first of its verbs. */
function part(deltas: readonly Delta[], kind: DeltaKind, at: number): string {
  const count = countOf(deltas, kind);
  const { noun, verb } = phraseOf(kind);
  return `${at > 0 ? count.toLocaleString('en-US') : counted(count, ...noun)} ${verb}`.trim();
}

function countOf(deltas: readonly Delta[], kind: DeltaKind): number {
  const ofKind = deltas.filter((delta) => delta.kind === kind);
  return ofKind.length === 0
    ? 0
    : hostCount(
        ofKind,
        ofKind.map((delta) => delta.address),
      );
}

function inGroup(group: string | undefined): string {
  return group === undefined ? '' : ` (${group})`;
}
