import type { Group } from './group.ts';
import type { Protocol } from './observation.ts';
import type { PrincipalKey } from './principal.ts';

type Signed = { id: number; by: PrincipalKey; byName: string; at: number };

/** Somebody approved what was up and open in a group at that time. */
export type Baseline = Signed & { groupId: number; note?: string; hosts: number; services: number };

/** A note on a host or one of its ports: text, its owner, its tags. */
export type HostNote = Signed & {
  /** Absent: applies wherever this address is watched. */
  groupId?: number;
  address: string;
  protocol?: Protocol;
  port?: number;
  text?: string;
  owner?: string;
  tags?: readonly string[];
};

/** The owner of something, and its tags. */
export type Ownership = { owner?: string; tags: readonly string[] };

/** Who approved something, how, when and why. */
export type Approval = {
  how: 'acknowledged' | 'expected' | 'baseline';
  by: PrincipalKey;
  byName: string;
  at: number;
  note?: string;
};

/** The newest note on a host overrides its group's; tags of both apply. */
export function ownershipOf(
  group: Pick<Group, 'id' | 'owner' | 'tags'>,
  notes: readonly HostNote[],
  address: string,
): Ownership {
  const own = notes.filter((note) => note.address === address && (note.groupId ?? group.id) === group.id);
  const owner = own.findLast((note) => note.owner !== undefined)?.owner ?? group.owner;
  const tags = own.findLast((note) => note.tags !== undefined)?.tags ?? [];
  return {
    ...(owner === undefined || owner === NOBODY ? {} : { owner }),
    tags: [...new Set([...(group.tags ?? []), ...tags])],
  };
}

/** In `notify:`, the owner of the host. */
export const OWNER = 'owner';

/** As a note's owner: the host has no owner, not even its group's. */
const NOBODY = 'none';

const TAG = /^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,39}$/u;

/** `dmz, prod`; undefined if a word can't be a tag. */
export function parseTags(text: string): string[] | undefined {
  const words = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  return words.every((word) => TAG.test(word)) ? [...new Set(words)] : undefined;
}

/** All approvals and notes of one host of one group. */
export type HostRecords = {
  ownership?: Ownership;
  /** Of the host itself. */
  approval?: Approval;
  /** Of its open ports, by `portKey`. */
  approvals?: ReadonlyMap<string, Approval>;
  /** Newest first. */
  notes?: readonly HostNote[];
};

export const portKey = ({ protocol, port }: { protocol: Protocol; port: number }): string => `${protocol}/${port}`;
