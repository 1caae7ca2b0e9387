import type { Protocol, ServiceIdentity } from './observation.ts';

/** The ten status codes of a host, by number; the README draws them. */
export const HOST_CODES = [
  'unseen',
  'new',
  'unchanged',
  'services-added',
  'services-removed',
  'services-changed',
  'unresponsive',
  'down',
  'recovered',
  'undetermined',
] as const;
export type HostCode = (typeof HOST_CODES)[number];

export function hostCodeNumber(code: HostCode): number {
  return HOST_CODES.indexOf(code);
}

/** JSON that only the judge reads; the store keeps it unchanged. */
export type Memory = { readonly [key: string]: unknown };

/** A service as an interval: there `since`, gone `until`. */
export type ServiceState = {
  protocol: Protocol;
  port: number;
  present: boolean;
  /** Epoch ms of the scan that first showed it in this interval. */
  since: number;
  /** Epoch ms of the scan that ended it; absent while present. */
  until?: number;
  identity?: ServiceIdentity;
  memory: Memory;
};

/**
 * What is believed about one host of one group. A scan that changes nothing leaves it equal by value: hits and
 * `lastSeen` are derived from the scans that covered it, minus its misses.
 */
export type HostState = {
  address: string;
  code: HostCode;
  /** Believed up. */
  present: boolean;
  /** Epoch ms. */
  firstSeen: number;
  /** Epoch ms of the last answer; absent while it answers, when it is the group's last covering scan. */
  lastSeen?: number;
  hostnames: readonly string[];
  mac?: string;
  vendor?: string;
  services: readonly ServiceState[];
  memory: Memory;
};
