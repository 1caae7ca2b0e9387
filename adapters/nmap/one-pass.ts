import type { AddressRange } from '../../src/core/model/observation.ts';
import type { ChunkRequest, IdentifiedHost } from '../../src/core/model/scan.ts';
import { parseRun } from '../../src/core/nmap-xml/parse-run.ts';
import type { ChunkResult } from '../../src/ports/scanner.ts';
import { identifiedOf } from './identity-runs.ts';
import { createProgress } from './progress.ts';
import { type Ask, hostsTotal, pack, resultOf, type ScannerRun, unpack } from './scanner-run.ts';
import { timedOutIn, timeOutWatch, withAnswers } from './timed-out.ts';

/** One nmap for everything, and another one for the ports of hosts that took too long with versions. */
export async function inOnePass({ request, ask, signal, onProgress, notes }: ScannerRun): Promise<ChunkResult> {
  const progress = createProgress({ hostsTotal: hostsTotal(request), onProgress });
  const watch = timeOutWatch();
  const exit = await ask(request, (chunk) => {
    progress.push(chunk);
    watch.push(chunk);
  });
  const first = resultOf(exit, signal, notes);
  const { result, late } = watch.seen() ? await askedForPorts(first, request, ask) : { result: first, late: [] };
  if (request.known === undefined) return result;
  return { ...result, identified: result.outcome === 'complete' ? await allOpen(result.xml, late) : [] };
}

/** The hosts in `late` were only asked for their ports. */
async function allOpen(xml: Buffer, late: readonly string[]): Promise<IdentifiedHost[]> {
  const { hosts } = parseRun(await unpack(xml));
  return identifiedOf(hosts).filter(({ address }) => !late.includes(address));
}

type Late = { result: ChunkResult; late: readonly string[] };

/**
 * Reading identities may take longer than a host's time-out: its open ports are then scanned again by themselves, at
 * once.
 */
async function askedForPorts(first: ChunkResult, request: ChunkRequest, ask: Ask): Promise<Late> {
  if (first.outcome !== 'complete' || !request.settings.versionDetection) return { result: first, late: [] };
  const xml = (await unpack(first.xml)).toString('latin1');
  const late = timedOutIn(xml);
  if (late.length === 0) return { result: first, late };
  const ranges = late.map((address): AddressRange => [address, address]);
  const settings = { ...request.settings, versionDetection: false, skipDiscovery: true };
  const again = await ask({ ...request, ranges, settings });
  if (again.code !== 0) return { result: first, late };
  const whole = withAnswers(xml, (await unpack(again.xml)).toString('latin1'));
  const whom = late.length === 1 ? 'one host: it was' : `${late.length} hosts: they were`;
  const note = `reading versions took too long on ${whom} asked again for ports only`;
  const result = { ...first, xml: await pack(Buffer.from(whole, 'latin1')), notes: [...first.notes, note] };
  return { result, late };
}
