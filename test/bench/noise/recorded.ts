import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { runCoverage } from '../../../src/core/compare/run-coverage.ts';
import type { ScanEvidence } from '../../../src/core/model/judgement.ts';
import { parseRun } from '../../../src/core/nmap-xml/parse-run.ts';
import type { Truth } from './score.ts';

export type RecordedSeries = { truth: Truth; evidence: ScanEvidence[]; files: string[] };

/** A folder with scan-00.xml.gz …, and truth.json, as test/lab/record.ts writes it. */
export function readSeries(directory: string): RecordedSeries {
  const files = readdirSync(directory)
    .filter((name) => /^scan-\d+\.xml(\.gz)?$/.test(name))
    .sort()
    .map((name) => join(directory, name));
  const truth: Truth = JSON.parse(readFileSync(join(directory, 'truth.json'), 'utf8'));
  return { truth, files, evidence: files.map((file, index) => evidenceOf(readXml(file), index + 1)) };
}

export function readXml(file: string): Buffer {
  const bytes = readFileSync(file);
  return file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

export function evidenceOf(xml: Uint8Array, number: number): ScanEvidence {
  const { header, hosts, end } = parseRun(xml);
  const { nmapVersion, scanTypes, startedAt } = header;
  const coverage = runCoverage(header, end, hosts);
  return { number, at: startedAt, kind: 'scan', nmapVersion, scanTypes, coverage, hosts };
}
