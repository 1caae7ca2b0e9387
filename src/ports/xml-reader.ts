import type { ReadBudget } from '../core/model/budget.ts';
import type { HostObservation, RunEnd, RunHeader } from '../core/model/observation.ts';

/** A host that is up and stands plainly in a document, before it is parsed. */
export type HostAtSight = {
  address: string;
  /** The same for two hosts of which the same was written, but for times and measurements of the path. */
  print(): string;
};

export type XmlSink = {
  onHeader(header: RunHeader): void;
  /** Awaited before more is read. */
  onHosts(hosts: readonly HostObservation[]): void | Promise<void>;
  /** A run has ended and another one follows in the same document. Without it, only the first run is read. */
  onNextRun?(end: RunEnd): void;
  /** True: what this host says is known, and it is passed over. Not every reader asks, nor of every host. */
  isKnown?(host: HostAtSight, header: RunHeader): boolean;
};

/**
 * Reads nmap XML (plain or gzip), host by host, in constant memory. Broken documents resolve with what was complete.
 * More than the budget's bytes end the document there; more than its time rejects with a BudgetError.
 * Resolves with the end of the last run that was read.
 */
export type XmlReader = {
  read(source: { path: string } | { data: Buffer }, sink: XmlSink, budget?: ReadBudget): Promise<RunEnd>;
};
