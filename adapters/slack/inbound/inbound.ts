import type { webApi } from '@slack/bolt';
import type { Dispatcher } from '../../../src/commands/dispatcher.ts';
import type { Principal } from '../../../src/core/model/principal.ts';
import type { Log } from '../../../src/ports/log.ts';
import type { OfferedFile } from '../../../src/ports/offered-file.ts';
import type { Identity } from '../check.ts';
import type { Place } from '../outbound/place.ts';
import type { Answerer } from './answer.ts';
import type { From } from './caller.ts';
import type { Directory } from './directory.ts';
import type { AttachedFile } from './offered-files.ts';

export type InboundDeps = {
  client: webApi.WebClient;
  dispatcher: Dispatcher;
  directory: Directory;
  identity: Identity;
  log: Log;
  /** Reports somebody whose workspace is not served, for the audit. */
  onOutsider(userId: string): void;
  /** A file of a form. */
  offered(file: AttachedFile): OfferedFile;
  timeoutMs: number;
};

/** What every listener needs. */
export type Inbound = InboundDeps & {
  answerer: Answerer;
  /** The caller; undefined, after a reply that says so, when their workspace is not served. */
  caller(from: From, place: Place): Promise<Principal | undefined>;
  /** Runs after the acknowledgement: any failure is reported to the caller, and logged. */
  guarded(place: Place, work: () => Promise<void>): Promise<void>;
  publishHome(principal: Principal): Promise<void>;
};
