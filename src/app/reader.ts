import { createInlineReader } from '../../adapters/nmap/read-source.ts';
import { indexRun } from '../../adapters/nmap/run-index.ts';
import { createXmlReader } from '../../adapters/nmap/xml-reader.ts';
import type { RunIndexer } from '../ports/run-indexer.ts';
import type { XmlReader } from '../ports/xml-reader.ts';

/** Reads each document in a thread of its own. */
export function createReader(): XmlReader {
  return createXmlReader();
}

/** Reads in the calling thread, which is busy meanwhile. */
export function createReaderHere(): XmlReader {
  return createInlineReader();
}

/** Reading plain XML of this size takes less time than starting a thread. */
const SMALL_BYTES = 128 * 1024;

/** Reads small documents in the calling thread (an import of a year has many of them), others with `large`. */
export function createReaderBySize(large: XmlReader): XmlReader {
  const here = createReaderHere();
  const isSmall = (data: Buffer) => data.length <= SMALL_BYTES && data[0] !== 0x1f;
  return {
    read: (source, sink, budget) =>
      ('data' in source && isSmall(source.data) ? here : large).read(source, sink, budget),
  };
}

/** For comparing two files. */
export const createRunIndexer = (): RunIndexer => indexRun;
