import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { createXmlReader } from '../../../adapters/nmap/xml-reader.ts';
import { UserError } from '../../../src/core/errors.ts';
import type { HostObservation, RunEnd, RunHeader } from '../../../src/core/model/observation.ts';
import { parseRun } from '../../../src/core/nmap-xml/parse-run.ts';
import { hostXml, runXml } from '../../core/nmap-xml/documents.ts';

const TRUTH = fileURLToPath(new URL('../../fixtures/nmap/static_truth_sV.xml', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'netdelta-xml-'));
afterAll(() => rmSync(directory, { recursive: true }));

type Read = { headers: RunHeader[]; hosts: HostObservation[]; end: RunEnd };

async function read(source: { path: string } | { data: Buffer }): Promise<Read> {
  const headers: RunHeader[] = [];
  const hosts: HostObservation[] = [];
  const end = await createXmlReader().read(source, {
    onHeader: (header) => headers.push(header),
    onHosts: (batch) => {
      hosts.push(...batch);
    },
  });
  return { headers, hosts, end };
}

describe('a document read in a worker', () => {
  it('is the same as one parsed at once: from a file, from memory, plain and gzip', async () => {
    const bytes = readFileSync(TRUTH);
    const { header, hosts, end } = parseRun(bytes);
    const expected = { headers: [header], hosts, end };
    const packed = join(directory, 'truth.xml.gz');
    writeFileSync(packed, gzipSync(bytes));
    expect(await read({ path: TRUTH })).toEqual(expected);
    expect(await read({ path: packed })).toEqual(expected);
    expect(await read({ data: bytes })).toEqual(expected);
    expect(await read({ data: gzipSync(bytes) })).toEqual(expected);
  });

  it('that is a truncated gzip keeps its complete hosts', async () => {
    const packed = gzipSync(readFileSync(TRUTH));
    const half = await read({ data: packed.subarray(0, packed.length * 0.8) });
    expect(half.hosts.length).toBeGreaterThan(3);
    expect(half.hosts.length).toBeLessThan(40);
    expect(half.end.complete).toBe(false);
    expect(half.end.error).toContain('ends early');
  });

  it('that is a damaged gzip says so', async () => {
    const packed = gzipSync(readFileSync(TRUTH));
    packed.fill(0xff, packed.length / 2, packed.length / 2 + 50);
    const { end } = await read({ data: packed });
    expect(end).toMatchObject({ complete: false, error: 'its gzip is damaged' });
    expect((await read({ data: Buffer.from([0x1f, 0x8b, 0, 0]) })).end.error).toContain('gzip');
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'empty'],
    ['one byte', Buffer.from('x'), 'not XML'],
    ['text', Buffer.from('hello'), 'not XML'],
    ['a gzip of nothing', gzipSync(''), 'empty'],
  ])('that is %s has no header and a reason', async (_, data, reason) => {
    const { headers, hosts, end } = await read({ data });
    expect({ headers, hosts }).toEqual({ headers: [], hosts: [] });
    expect(end.complete).toBe(false);
    expect(end.error).toContain(reason);
  });

  it('that is a gzip bomb is read in bounded memory', async () => {
    const bomb = gzipSync(runXml(`<host>${' '.repeat(20_000_000)}</host>`), { level: 1 });
    expect(await read({ data: bomb })).toMatchObject({ hosts: [], end: { complete: true } });
    const blanks = gzipSync(runXml(' '.repeat(40_000_000)), { level: 1 });
    expect(blanks.length).toBeLessThan(800_000);
    expect((await read({ data: blanks })).end.complete).toBe(true);
  });

  it('is read no faster than its hosts are processed', async () => {
    const data = Buffer.from(
      runXml(Array.from({ length: 4000 }, (_, index) => hostXml(`10.0.${index >> 8}.${index & 255}`, '')).join('')),
    );
    let taking = 0;
    let most = 0;
    let hosts = 0;
    await createXmlReader().read(
      { data },
      {
        onHeader: () => undefined,
        onHosts: async (batch) => {
          most = Math.max(most, ++taking);
          await new Promise((resolve) => setTimeout(resolve, 2));
          hosts += batch.length;
          taking--;
        },
      },
    );
    expect({ most, hosts }).toEqual({ most: 1, hosts: 4000 });
  });

  it('ends when the sink throws', async () => {
    const reading = createXmlReader().read(
      { path: TRUTH },
      {
        onHeader: () => undefined,
        onHosts: () => Promise.reject(new Error('disk full')),
      },
    );
    await expect(reading).rejects.toThrow('disk full');
  });

  it('that does not exist, or is a directory, is refused with an explanation', async () => {
    await expect(read({ path: join(directory, 'none.xml') })).rejects.toThrow(UserError);
    await expect(read({ path: join(directory, 'none.xml') })).rejects.toThrow('no such file');
    await expect(read({ path: directory })).rejects.toThrow('it is a directory');
  });
});
