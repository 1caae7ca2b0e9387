import type { HostTable } from '../core/compare/host-table.ts';
import type { HostObservation, RunEnd, RunHeader } from '../core/model/observation.ts';

/** An older run, ready to be compared with a newer one. */
export type IndexedRun = {
  /** Undefined when it is no nmap XML; `end.error` says why. */
  header?: RunHeader;
  end: RunEnd;
  hosts: HostTable;
  hostsUp: number;
  /** How many runs the file holds; this is the last of them. */
  runs: number;
  /**
   * Reads the newer run, the last one of its file, host by host. Hosts that are the same in both runs byte for byte,
   * except for times and measurements of the path, go to `onSame` unparsed. Broken documents resolve with what was
   * complete.
   */
  compareWith(
    path: string,
    sink: {
      onHeader(header: RunHeader): void;
      onHosts(hosts: readonly HostObservation[]): void;
      onSame(host: Pick<HostObservation, 'address' | 'status'>): void;
    },
  ): Promise<{ end: RunEnd; runs: number }>;
  /** The entries of these addresses in both files once more: the older, the newer. Empty for input from a pipe. */
  again(
    newerPath: string,
    addresses: ReadonlySet<string>,
  ): Promise<readonly [older: readonly HostObservation[], newer: readonly HostObservation[]]>;
  close(): void;
};

/** Throws UserError when the file can't be read. */
export type RunIndexer = (path: string) => Promise<IndexedRun>;
