import { compareRuns } from '../core/compare.ts';
import { UserError } from '../core/errors.ts';
import type { HostObservation, NmapRun, RunEnd, RunHeader } from '../core/observation.ts';
import type { Store } from '../ports/store.ts';
import type { XmlReader } from '../ports/xml-reader.ts';
