import { createXmlReader } from '../../adapters/nmap/xml-reader.ts';
import type { XmlReader } from '../ports/xml-reader.ts';

export function createReader(): XmlReader {
  return createXmlReader();
}
