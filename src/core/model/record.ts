import type { Group } from './group.ts';
import type { Protocol } from './observation.ts';
import type { PrincipalKey } from './principal.ts';

type Signed = { id: number; by: PrincipalKey; byName: string; at: number };

/** Somebody has approved what is up and open in a group as it was then. */
export type Baseline = Signed & { groupId: number; note?: string; hosts: number; services: number };

/** What somebody wrote down about a host or one of its ports: words, whose it is, what it belongs to. */
export type HostNote = Signed & {
  /** Absent: wherever this address is watched. */
  groupId?: number;
  address: string;
  protocol?: Protocol;
  port?: number;
  text?: string;
  owner?: string;
  tags?: readonly string[];
};

/** Whose something is, and what it belongs to. */
export type Ownership = { owner?: string; tags: readonly string[] };

/** Who approved something, how, when and why. */
export type Approval = {
  how: 'acknowledged' | 'expected' | 'baseline';
  by: PrincipalKey;
  byName: string;
  at: number;
  note?: string;
};

/** The last word on a host goes before its group's; it belongs to whatever either of them does. */
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

/** In `notify:`, whoever owns the host. */
export const OWNER = 'owner';

/** Of a host that is not its group's owner's, and nobody else's. */
const NOBODY = 'none';

const TAG = /^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,39}$/u;

/** `dmz, prod`; undefined where a word can't be a tag. */
export function parseTags(text: string): string[] | undefined {
  const words = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  return words.every((word) => TAG.test(word)) ? [...new Set(words)] : undefined;
}

/** All that people said of one host of one group. */
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
