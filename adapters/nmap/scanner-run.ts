import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { ChunkRequest } from '../../src/core/model/scan.ts';
import { countAddresses, fromAddressRanges } from '../../src/core/network/address-ranges.ts';
import type { ChunkResult, ScanProgress } from '../../src/ports/scanner.ts';
import { firstComplaint, type NmapExit } from './process.ts';

/** Starts one nmap; `onXml` receives its output as it is written. */
export type Ask = (request: ChunkRequest, onXml?: (chunk: Buffer) => void) => Promise<NmapExit>;

/** What a worker was asked for, and its means. */
export type ScannerRun = {
  request: ChunkRequest;
  ask: Ask;
  signal: AbortSignal;
  onProgress: (progress: ScanProgress) => void;
  notes: readonly string[];
};

export const unpack = promisify(gunzip);
export const pack = promisify(gzip);

export const hostsTotal = ({ ranges }: ChunkRequest): number => Number(countAddresses(fromAddressRanges(ranges)));

export function resultOf(exit: NmapExit, signal: AbortSignal, notes: readonly string[]): ChunkResult {
  const { xml, code } = exit;
  if (code === 0) return { xml, outcome: 'complete', notes };
  if (signal.aborted) return { xml, outcome: 'interrupted', notes };
  if (code === undefined) return { xml, outcome: 'failed', error: 'nmap was killed', killed: true, notes };
  return { xml, outcome: 'failed', error: complaintOf(exit), notes };
}

/** Why it failed. */
export function complaintOf({ code, stderr }: NmapExit): string {
  if (code === undefined) return 'nmap was killed';
  return firstComplaint(stderr) ?? `nmap ended with code ${code}`;
}
