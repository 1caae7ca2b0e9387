import type { HostObservation, RunEnd, RunHeader } from '../../src/core/model/observation.ts';
import { createNmapReader } from '../../src/core/nmap-xml/reader.ts';
import type { XmlReader } from '../../src/ports/xml-reader.ts';
import { xmlBytes } from './xml-bytes.ts';
import type { XmlSource } from './xml-messages.ts';

export type SourceSink = {
  onHeader(header: RunHeader): void;
  /** Awaited before the next batch is given; the one after is read meanwhile. */
  onHosts(hosts: readonly HostObservation[]): void | Promise<void>;
};

/** Reads one source in the thread that calls. Rejects, with the system's code, when it can't be read at all. */
export async function readSource(source: XmlSource, sink: SourceSink): Promise<RunEnd> {
  const reader = createNmapReader();
  let headerTold = false;
  function tellHeader(): void {
    const header = reader.header();
    if (header === undefined || headerTold) return;
    headerTold = true;
    sink.onHeader(header);
  }
  try {
    for await (const bytes of xmlBytes(source)) {
      const hosts = reader.push(bytes);
      tellHeader();
      if (hosts.length > 0) await sink.onHosts(hosts);
      if (reader.failed()) break;
    }
  } catch (error) {
    if (!codeOf(error).startsWith('Z_')) throw error;
    const end = { ...reader.end(), complete: false, error: 'its gzip is damaged' };
    tellHeader();
    return end;
  }
  const end = reader.end();
  tellHeader();
  return end;
}

/** For a thread that may be busy: one that was started for the purpose. */
export function createInlineReader(): XmlReader {
  return { read: readSource };
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
