import type { HostObservation, RunEnd, RunHeader } from '../../src/core/model/observation.ts';

export type XmlSource = { path: string } | { data: Uint8Array };

/** The worker's input; `bytes`: the limit for the unpacked document. */
export type XmlWork = { source: XmlSource; allRuns: boolean; bytes?: number };

/** From the worker; after each `hosts` it waits for one `next` before it sends more, so that memory stays bounded. */
export type XmlMessage =
  | { type: 'header'; header: RunHeader }
  | { type: 'hosts'; hosts: readonly HostObservation[] }
  /** This run has ended, and another one follows. */
  | { type: 'next-run'; end: RunEnd }
  | { type: 'end'; end: RunEnd }
  /** The source itself could not be read; `code` as `ENOENT`. */
  | { type: 'unreadable'; code: string };

export const NEXT = 'next';
