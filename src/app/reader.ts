import { createInlineReader } from '../../adapters/nmap/read-source.ts';
import { indexRun } from '../../adapters/nmap/run-index.ts';
import { createXmlReader } from '../../adapters/nmap/xml-reader.ts';
import type { RunIndexer } from '../ports/run-indexer.ts';
import type { XmlReader } from '../ports/xml-reader.ts';

/** Reads each document in a thread of its own. */
export function createReader(): XmlReader {
  return createXmlReader();
}

/** Reads in the calling thread, which then is busy. */
export function createReaderHere(): XmlReader {
  return createInlineReader();
}

/** For comparing two files. */
export const createRunIndexer = (): RunIndexer => indexRun;
