import type { ScanSettings } from './scan.ts';

/**
 * By site name, for all workers there together: concurrent nmap processes, and the packets a second that they share.
 */
export type SiteLimits = { readonly [site: string]: { scans: number; rate?: number } };

/** Caps the rate at the scan's share of what its site may send. */
export function withinLimits(settings: ScanSettings, site: string, limits: SiteLimits = {}): ScanSettings {
  const { scans = 1, rate } = Object.hasOwn(limits, site) ? (limits[site] ?? {}) : {};
  if (rate === undefined) return settings;
  const own = Math.max(1, Math.floor(rate / scans));
  return { ...settings, maxRate: Math.min(settings.maxRate ?? own, own) };
}
