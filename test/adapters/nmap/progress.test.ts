import { describe, expect, it } from 'vitest';
import { createProgress } from '../../../adapters/nmap/progress.ts';
import type { ScanProgress } from '../../../src/ports/scanner.ts';

const task = (kind: string, name: string, percent?: number): string =>
  `<task${kind} task="${name}" time="1"${percent === undefined ? '' : ` percent="${percent}.00" remaining="1" etc="2"`}/>\n`;
const host = (state: string): string =>
  `<host starttime="1" endtime="2"><status state="${state}" reason="x" reason_ttl="0"/>\n<ports></ports>\n</host>\n`;
const HINT = '<hosthint><status state="up" reason="x" reason_ttl="0"/>\n</hosthint>\n';

function progressOf(pieces: string[], options: { hostsTotal: number; versions?: boolean }): ScanProgress[] {
  const told: ScanProgress[] = [];
  const progress = createProgress({ versions: false, ...options, onProgress: (step) => told.push(step) });
  for (const piece of pieces) progress.push(Buffer.from(piece));
  return told;
}

describe('progress', () => {
  it('comes from finding hosts, then from the hosts that are up', () => {
    const told = progressOf(
      [
        task('begin', 'Ping Scan') + task('progress', 'Ping Scan', 50),
        HINT.repeat(4) + task('end', 'Ping Scan'),
        host('down').repeat(6),
        task('begin', 'SYN Stealth Scan') + task('progress', 'SYN Stealth Scan', 50),
        host('up').repeat(4),
      ],
      { hostsTotal: 10 },
    );
    expect(told.map((step) => step.percent)).toEqual([5, 10, 10, 55, 99]);
    expect(told.at(-1)).toEqual({ hostsDone: 10, hostsUp: 4, percent: 99 });
  });

  it('never goes back when nmap begins again with its next group', () => {
    const told = progressOf(
      [1, 2].flatMap(() => [
        task('progress', 'Connect Scan', 90),
        task('progress', 'Service scan', 10),
        host('up').repeat(64),
        task('progress', 'Connect Scan', 1),
      ]),
      { hostsTotal: 128, versions: true },
    );
    const percents = told.map((step) => step.percent);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect(percents.at(-1)).toBe(99);
  });

  it('is told once, whatever the borders of the pieces, and not when nothing moved', () => {
    const text = [task('progress', 'SYN Stealth Scan', 40), host('up'), '<!-- nothing -->\n'].join('');
    expect(progressOf(text.split(''), { hostsTotal: 2 }).at(-1)).toEqual({ hostsDone: 1, hostsUp: 1, percent: 55 });
    expect(progressOf(text.split(''), { hostsTotal: 2 }).length).toBeLessThan(6);
  });
});
