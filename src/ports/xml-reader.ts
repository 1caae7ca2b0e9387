import type { HostObservation, RunEnd, RunHeader } from '../core/model/observation.ts';

/**
 * Reads nmap XML (plain or gzip) off the event loop, host by host, in constant memory.
 * `onHosts` is awaited before more is read. Broken documents resolve with what was complete.
 */
export type XmlReader = {
  read(
    source: { path: string } | { data: Buffer },
    sink: {
      onHeader(header: RunHeader): void;
      onHosts(hosts: readonly HostObservation[]): void | Promise<void>;
    },
  ): Promise<RunEnd>;
};
