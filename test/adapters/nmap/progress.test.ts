import { describe, expect, it } from 'vitest';
import { createProgress } from '../../../adapters/nmap/progress.ts';
import type { ScanProgress } from '../../../src/ports/scanner.ts';

const task = (kind: string, name: string, percent?: number): string =>
  `<task${kind} task="${name}" time="1"${percent === undefined ? '' : ` percent="${percent}" remaining="1" etc="2"`}/>\n`;
const host = (state: string): string =>
  `<host starttime="1" endtime="2"><status state="${state}" reason="x" reason_ttl="0"/>\n<ports></ports>\n</host>\n`;
const HINT = '<hosthint><status state="up" reason="x" reason_ttl="0"/>\n</hosthint>\n';

function progressOf(pieces: string[], hostsTotal: number): ScanProgress[] {
  const told: ScanProgress[] = [];
  const progress = createProgress({ hostsTotal, onProgress: (step) => told.push(step) });
  for (const piece of pieces) progress.push(Buffer.from(piece));
  return told;
}

describe('progress', () => {
  it('counts silent addresses at once, and hosts that are up when their ports are done', () => {
    const told = progressOf(
      [
        task('begin', 'Ping Scan') + task('progress', 'Ping Scan', 50),
        HINT.repeat(4) + task('end', 'Ping Scan'),
        host('down').repeat(6),
        task('begin', 'SYN Stealth Scan') + task('progress', 'SYN Stealth Scan', 97),
        host('up').repeat(2),
        host('up').repeat(2),
      ],
      10,
    );
    expect(told.map(({ percent }) => percent)).toEqual([0, 0, 0, 0, 50, 99]);
    expect(told.map(({ hostsDone }) => hostsDone)).toEqual([0, 0, 6, 6, 8, 10]);
    expect(told.at(-1)).toEqual({ hostsDone: 10, hostsUp: 4, upDone: 4, percent: 99, phase: 'ports' });
  });

  it('agrees with the hosts that are done, once all of them are known', () => {
    const told = progressOf(
      [HINT.repeat(30), host('down').repeat(226), ...Array.from({ length: 30 }, () => host('up'))],
      256,
    );
    const known = told.filter(({ hostsDone, hostsUp, upDone = 0 }) => hostsDone - upDone + hostsUp === 256);
    expect(known.map(({ percent }) => percent)).toEqual(
      known.map(({ hostsUp, upDone = 0 }) => Math.min(99, Math.floor((100 * upDone) / hostsUp))),
    );
    expect(known[0]).toMatchObject({ hostsDone: 226, hostsUp: 30, upDone: 0, percent: 0 });
  });

  it('names nmap’s phase by its tasks, and how far that step is', () => {
    // nmap 7.93 begins with scripts: they run before host discovery.
    const told = progressOf(
      [
        task('begin', 'NSE') + task('end', 'NSE'),
        task('begin', 'ARP Ping Scan') + task('progress', 'ARP Ping Scan', 66.67),
        HINT + task('end', 'ARP Ping Scan') + host('down'),
        task('begin', 'Parallel DNS resolution of 1 host.'),
        task('begin', 'SYN Stealth Scan') + task('progress', 'SYN Stealth Scan', 40),
        task('end', 'SYN Stealth Scan') + task('begin', 'UDP Scan'),
        task('begin', 'Service scan') + task('progress', 'Service scan', 25),
        task('begin', 'NSE') + task('end', 'NSE'),
        host('up') + task('begin', 'NSE') + task('end', 'NSE'),
      ],
      2,
    );
    expect(told.map(({ percent, phase, step }) => [percent, phase, step])).toEqual([
      [0, undefined, undefined],
      [0, 'discovery', 66],
      [0, 'discovery', undefined],
      [0, 'ports', 40],
      [0, 'ports', undefined],
      [0, 'versions', 25],
      [0, 'versions', undefined],
      [99, 'versions', undefined],
    ]);
  });

  it('never goes back when nmap starts again with its next group', () => {
    const told = progressOf(
      [1, 2].flatMap(() => [
        HINT.repeat(64) + task('progress', 'Ping Scan', 90),
        task('progress', 'Connect Scan', 90),
        task('progress', 'Service scan', 10),
        host('up').repeat(64),
        task('progress', 'Connect Scan', 1),
      ]),
      128,
    );
    const percents = told.map((step) => step.percent);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect([percents[3], percents.at(-1)]).toEqual([50, 99]);
  });

  it('is reported once, whatever the borders of the pieces, and not when nothing changed', () => {
    const text = [task('progress', 'SYN Stealth Scan', 40), host('up'), '<!-- nothing -->\n'].join('');
    expect(progressOf(text.split(''), 2).at(-1)).toEqual({
      ...{ hostsDone: 1, hostsUp: 1, upDone: 1, percent: 50, phase: 'ports' },
    });
    expect(progressOf(text.split(''), 2).length).toBeLessThan(6);
  });
});
