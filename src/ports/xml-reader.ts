import type { ReadBudget } from '../core/model/budget.ts';
import type { HostObservation, RunEnd, RunHeader } from '../core/model/observation.ts';

/** A host that is up and plain in a document, before it is parsed. */
export type HostAtSight = {
  address: string;
  /** Equal for two hosts whose XML is equal except for times and measurements of the path. */
  print(): string;
};

export type XmlSink = {
  onHeader(header: RunHeader): void;
  /** Awaited before more is read. */
  onHosts(hosts: readonly HostObservation[]): void | Promise<void>;
  /** A run has ended and another one follows in the same document. Without it, only the first run is read. */
  onNextRun?(end: RunEnd): void;
  /** True: this host's content is known, and it is skipped. Not every reader asks, and not for every host. */
  isKnown?(host: HostAtSight, header: RunHeader): boolean;
};

/**
 * Reads nmap XML (plain or gzip), host by host, in constant memory. Broken documents resolve with what was complete.
 * Reading stops at the budget's bytes; exceeding its time rejects with a BudgetError. Resolves with the end of the last
 * run that was read.
 */
export type XmlReader = {
  read(source: { path: string } | { data: Buffer }, sink: XmlSink, budget?: ReadBudget): Promise<RunEnd>;
};
