import { subjectWords } from '../../cards/words.ts';
import { type ComparedRun, compareRuns } from '../../core/compare/compare.ts';
import { UserError } from '../../core/errors.ts';
import type { Store } from '../../ports/store.ts';
import type { XmlReader } from '../../ports/xml-reader.ts';
import { readChunks } from './gather-evidence.ts';

export type ScanDifference = { kind: string; where: string; change: string };

/**
 * The differences between two scans by evidence, as in `netdelta diff`. Throws UserError when their detail is no longer
 * kept.
 */
export async function compareScans(
  deps: { store: Store; reader: XmlReader },
  olderId: number,
  newerId: number,
): Promise<readonly ScanDifference[]> {
  const [older, newer] = [await keptRun(deps, olderId), await keptRun(deps, newerId)];
  return compareRuns(older, newer).deltas.map((delta) => ({
    kind: delta.kind,
    where: subjectWords(delta),
    change: delta.evidence.join('; '),
  }));
}

async function keptRun({ store, reader }: { store: Store; reader: XmlReader }, scanId: number): Promise<ComparedRun> {
  const chunks = await store.scans.chunks(scanId);
  const read = await readChunks(chunks, await store.scans.staged(scanId), reader);
  const [first] = read;
  if (first === undefined) {
    throw new UserError(`The detail of scan ${scanId} is not kept any more.`, {
      hint: 'A group keeps that of its newest scans; see retention: in /netdelta group edit.',
    });
  }
  return {
    header: first.header,
    hosts: read.flatMap((chunk) => chunk.hosts),
    end: {
      complete:
        read.length === chunks.filter((chunk) => chunk.ranges.length > 0).length &&
        read.every((chunk) => chunk.end.complete),
    },
    coverage: { addresses: read.flatMap((chunk) => chunk.covered), ports: first.header.ports },
  };
}
