import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { runCoverage } from '../../core/compare/run-coverage.ts';
import { UserError } from '../../core/errors.ts';
import { readBudget } from '../../core/model/budget.ts';
import type { HostObservation, RunEnd, RunHeader } from '../../core/model/observation.ts';
import type { Coverage } from '../../core/model/scan.ts';
import type { XmlReader } from '../../ports/xml-reader.ts';
import { splitRuns } from './split-runs.ts';

export type ImportFile = { name: string; data: Buffer };
export type ImportedRun = {
  file: string;
  xml: Buffer;
  digest: string;
  header: RunHeader;
  end: RunEnd;
  coverage: Coverage;
  up: number;
  open: number;
};

/** All files together, unpacked; a decompression bomb must not fill the memory. */
const MAX_BYTES = 512 * 1024 * 1024;

/** All runs of all files, in the order of their times. Throws UserError at the first file that cannot be imported. */
export async function readRuns(reader: XmlReader, files: readonly ImportFile[]): Promise<ImportedRun[]> {
  const runs: ImportedRun[] = [];
  let left = MAX_BYTES;
  for (const { name, data } of files) {
    const plain = plainXml(name, data, left);
    left -= plain.length;
    for (const xml of documentsOf(name, plain)) runs.push(await readRun(reader, name, xml));
  }
  return runs.sort((a, b) => a.header.startedAt - b.header.startedAt);
}

async function readRun(reader: XmlReader, file: string, xml: Buffer): Promise<ImportedRun> {
  const addresses: Pick<HostObservation, 'address'>[] = [];
  // A hash of the content, not of the bytes: the same run may be packed, appended or converted.
  const hash = createHash('sha256');
  const read: { header?: RunHeader } = {};
  const [up, open] = [new Set<string>(), new Set<string>()];
  const end = await reader.read(
    { data: xml },
    {
      onHeader(header) {
        read.header = header;
        hash.update(JSON.stringify(header));
      },
      onHosts(batch) {
        for (const host of batch) {
          const { address, status, ports } = host;
          hash.update(JSON.stringify(host));
          addresses.push({ address });
          if (status === 'up') up.add(address);
          for (const { protocol, port, state } of ports)
            if (state === 'open') open.add(`${address} ${port}/${protocol}`);
        }
      },
    },
  );
  const { header } = read;
  if (header === undefined) throw unreadable(file, end.error);
  if (header.startedAt <= 0) throw unreadable(file, 'it does not say when it started');
  const coverage = runCoverage(header, end, addresses);
  const budget = readBudget({ ranges: coverage.addresses });
  if (xml.length > budget.bytes) throw unreadable(file, 'it is larger than such a scan can be');
  const digest = hash.digest('hex').slice(0, 40);
  return { file, xml, digest, header, end, coverage, up: up.size, open: open.size };
}

function plainXml(name: string, data: Buffer, most: number): Buffer {
  const packed = data[0] === 0x1f && data[1] === 0x8b;
  if (!packed && data.length > most) throw unreadable(name, TOO_MUCH);
  try {
    return packed ? gunzipSync(data, { maxOutputLength: Math.max(1, most) }) : data;
  } catch (error) {
    const isTooMuch = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw unreadable(name, isTooMuch ? TOO_MUCH : 'its gzip is damaged');
  }
}

const TOO_MUCH = 'all files together unpack to more than 512 MB';

function documentsOf(name: string, data: Buffer): Buffer[] {
  if (data.length === 0) throw unreadable(name, 'it is empty');
  try {
    return splitRuns(data);
  } catch (error) {
    throw unreadable(name, error instanceof Error ? error.message : undefined);
  }
}

function unreadable(name: string, reason: string | undefined): UserError {
  return new UserError(`${name} can’t be imported${reason === undefined ? '' : `: ${reason}`}.`, {
    hint: 'It must be nmap’s XML (-oX), plain or gzip, of a scan that says when it started. Nothing was imported.',
  });
}
