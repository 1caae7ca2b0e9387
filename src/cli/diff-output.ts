import type { UntoldChange } from '../core/compare/compared-delta.ts';
import type { DeltaSide, JudgedDelta } from '../core/model/delta.ts';
import type { RunEnd, RunHeader } from '../core/model/observation.ts';
import { cleanText } from '../core/text.ts';
import type { Io } from './io.ts';

export type ReadRun = { path: string; header: RunHeader; end: RunEnd; hostsUp: number };

export type DiffPrinter = {
  deltas(deltas: readonly JudgedDelta[]): void;
  end(older: ReadRun, newer: ReadRun, untold: readonly UntoldChange[]): void;
};

const IN_WORDS = { green: 'certain', amber: 'likely', red: 'doubtful' } as const;

/** One line per delta, then what was compared and what was left out. */
export function textPrinter(io: Io): DiffPrinter {
  let told = 0;
  return {
    deltas(deltas) {
      for (const delta of deltas) io.stdout(deltaLine(delta));
      told += deltas.length;
    },
    end(older, newer, untold) {
      if (told > 0) io.stdout('');
      io.stdout(`old: ${runLine(older)}`);
      io.stdout(`new: ${runLine(newer)}`);
      if (untold.length > 0) {
        io.stdout(`${plural(untold.length, 'difference')} not reported as a change:`);
        for (const change of untold) io.stdout(untoldLine(change));
      }
      io.stdout(told === 0 ? 'No delta.' : `${told} ${told === 1 ? 'delta' : 'deltas'}.`);
    },
  };
}

function deltaLine({ kind, address, protocol, port, before, after, grade, evidence, members }: JudgedDelta): string {
  const service = port === undefined ? '' : ` ${port}/${protocol ?? 'tcp'}`;
  const sides = [sideWords(before), sideWords(after)].join(' → ');
  const list =
    members === undefined
      ? []
      : [members.slice(0, 10).join(', ') + (members.length > 10 ? ` and ${members.length - 10} more` : '')];
  const words = [...evidence, ...list].map((text) => cleanText(text, 300)).join('; ');
  return `${kind} ${address}${service} (${IN_WORDS[grade]})${port === undefined ? '' : ` ${sides}`}: ${words}`;
}

function sideWords(side: DeltaSide | undefined): string {
  if (side?.present !== true) return 'not open';
  const { name, product, version } = side.identity ?? { name: 'open', product: undefined, version: undefined };
  return cleanText([name, product, version].filter((part) => part !== undefined).join(' '), 120);
}

function runLine({ path, header, end, hostsUp }: ReadRun): string {
  const started = header.startedAt === 0 ? 'at an unknown time' : new Date(header.startedAt).toISOString();
  const whole = end.complete ? '' : ', not whole';
  return `${path}: nmap ${cleanText(header.nmapVersion, 20)}, ${started}, ${hostsUp} ${hostsUp === 1 ? 'host' : 'hosts'} up${whole}`;
}

function untoldLine({ host, protocol, port, before, after, why }: UntoldChange): string {
  const service = port === undefined ? '' : ` ${port}/${protocol ?? 'tcp'}`;
  return `  ${host}${service}: ${cleanText(before, 2000)} → ${cleanText(after, 2000)} (${cleanText(why, 300)})`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** One JSON document with one delta per line, written as they come. */
export function jsonPrinter(io: Io): DiffPrinter {
  let held: string | undefined;
  let begun = false;
  function line(text: string | undefined, end: string): void {
    if (!begun) io.stdout('{"deltas":[');
    begun = true;
    if (text !== undefined) io.stdout(text + end);
  }
  return {
    deltas(deltas) {
      for (const delta of deltas) {
        line(held, ',');
        held = JSON.stringify(deltaJson(delta));
      }
    },
    end(older, newer, untold) {
      line(held, '');
      io.stdout(`],"old":${JSON.stringify(runJson(older))},"new":${JSON.stringify(runJson(newer))},`);
      io.stdout('"untold":[');
      for (const [index, change] of untold.entries()) {
        io.stdout(`${JSON.stringify(change)}${index + 1 < untold.length ? ',' : ''}`);
      }
      io.stdout(']}');
    },
  };
}

function deltaJson({ state: _, address, kind, ...rest }: JudgedDelta): Record<string, unknown> {
  return { kind, host: address, ...rest };
}

function runJson({ path, header, end, hostsUp }: ReadRun): Record<string, unknown> {
  const { nmapVersion, args, startedAt, scanTypes } = header;
  return { file: path, nmapVersion, args, scanTypes, startedAt, ...end, hostsUp };
}
