import type { IdentityRead } from '../../core/model/identity-reads.ts';
import type { FirstDetermined } from '../../core/model/judgement.ts';
import type { PortRange, Protocol, ServiceIdentity } from '../../core/model/observation.ts';
import type { HostCode, HostState, Memory } from '../../core/model/state.ts';
import type { HostHistory } from '../../core/report/host-chart.ts';
import type { Page, Paged } from './paging.ts';

export type HostSummary = { groupId: number; state: HostState };
export type ServiceMatch = {
  groupId: number;
  address: string;
  protocol: Protocol;
  port: number;
  identity?: ServiceIdentity;
  since: number;
};

/**
 * The part of a host's state that decides whether a scan says anything new about it. `steady`: the record kept by the
 * judgement that found it steady; empty when it has to be judged. `unchanged`: whether that is its code.
 */
export type HostOutline = { steady: string; unchanged: boolean };

export type StateStore = {
  /** The group's complete belief. */
  load(groupId: number): Promise<{ group: Memory; hosts: Map<string, HostState>; version: number }>;
  /** The part of the group's belief that is needed to begin judging a scan. */
  outline(groupId: number): Promise<{ group: Memory; hosts: Map<string, HostOutline>; version: number }>;
  /** The states of these hosts, as far as they are known. */
  hosts(groupId: number, addresses: readonly string[]): Promise<HostState[]>;
  host(groupId: number, address: string): Promise<HostState | undefined>;
  /**
   * A change outside a judged scan: a lesson from a user's answer. In one transaction; the caller is the group's only
   * judge.
   */
  correct(
    groupId: number,
    belief: {
      group: Memory;
      hosts: readonly HostState[];
      at: number;
      /** The version of the belief that this corrects; throws BeliefChanged when there is a newer one. */
      basis?: number;
      /** In the history: `marked as a false alarm`. */
      why: string;
      /** As in a judged scan's commit. */
      settings?: readonly { key: string; value?: string }[];
    },
  ): Promise<void>;
  /** In all groups that know it. */
  hostsByAddress(address: string): Promise<HostSummary[]>;
  listHosts(groupId: number, filter: { code?: HostCode }, page: Page): Promise<Paged<HostState>>;
  /** Those that are believed up. */
  upAddresses(groupId: number): Promise<string[]>;
  /** When the services of hosts were last identified, of those of which it is recorded; `only`: of this host. */
  identityReads(groupId: number, only?: string): Promise<Map<string, readonly IdentityRead[]>>;
  countByCode(groupId: number): Promise<Partial<Record<HostCode, number>>>;
  findServices(
    filter: {
      groupId?: number;
      port?: number;
      /** In one of these ranges. */
      ports?: readonly PortRange[];
      name?: string;
      product?: string;
      /** Anywhere in its identity: product, version, extra words. */
      version?: string;
    },
    page: Page,
  ): Promise<Paged<ServiceMatch>>;
  /** Addresses that start with `prefix`, for completion. */
  completeAddress(prefix: string, limit: number): Promise<string[]>;
  firstDetermined(groupId: number): Promise<(FirstDetermined & { scanId: number; at: number })[]>;
  /** How many of them a scan found. */
  countFirstDetermined(scanId: number): Promise<number>;
  /** Each change of a host's code, and each interval in which a port of it was open. */
  history(groupId: number, address: string): Promise<HostHistory>;
  /** The history of a host's services and code, oldest first. */
  timeline(groupId: number, address: string): Promise<{ at: number; text: string }[]>;
};
