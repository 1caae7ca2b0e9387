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
 * A host as far as it takes to know whether a scan says anything new of it. `steady`: what was kept with the judgement that
 * found it so; empty when it has to be judged. `unchanged`: that is its code.
 */
export type HostOutline = { steady: string; unchanged: boolean };

export type StateStore = {
  /** The group's belief, whole. */
  load(groupId: number): Promise<{ group: Memory; hosts: Map<string, HostState>; version: number }>;
  /** The group's belief as far as it takes to begin judging a scan. */
  outline(groupId: number): Promise<{ group: Memory; hosts: Map<string, HostOutline>; version: number }>;
  /** Of these hosts those that are known. */
  hosts(groupId: number, addresses: readonly string[]): Promise<HostState[]>;
  host(groupId: number, address: string): Promise<HostState | undefined>;
  /** Outside of a judged scan: what a user's answer teaches. In one transaction; its caller is the group's only judge. */
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
      /** As those of a judged scan. */
      settings?: readonly { key: string; value?: string }[];
    },
  ): Promise<void>;
  /** In all groups that know it. */
  hostsByAddress(address: string): Promise<HostSummary[]>;
  listHosts(groupId: number, filter: { code?: HostCode }, page: Page): Promise<Paged<HostState>>;
  /** Those that are believed up. */
  upAddresses(groupId: number): Promise<string[]>;
  countByCode(groupId: number): Promise<Partial<Record<HostCode, number>>>;
  findServices(
    filter: {
      groupId?: number;
      port?: number;
      /** In one of these. */
      ports?: readonly PortRange[];
      name?: string;
      product?: string;
      /** Anywhere in what is known of it: product, version, extra words. */
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
  /** What a host's services and code did, oldest first. */
  timeline(groupId: number, address: string): Promise<{ at: number; text: string }[]>;
};
