import { UserError } from '../errors.ts';
import type { PortRange, PortSet, Protocol } from '../model/observation.ts';
import { cleanText } from '../text.ts';
import { portSet } from './port-sets.ts';
import { formatRanges, mergeRanges, readRanges } from './range-set.ts';

const MAX_PORTS_TEXT = 4000;
const PORTS_HINT = 'Expected ports from 1 to 65535 and ranges of them, for example `22,80,8000-8100` or `T:22,U:53`.';

/**
 * A list of ports as users and nmap write it: `22,80,443`, `1-1024`, `T:22,80,U:53` (a prefix applies until the next
 * one), `53/udp`. Throws UserError at the first invalid word.
 */
export function parsePorts(text: string, withoutPrefix: 'tcp' | 'udp' = 'tcp'): PortSet {
  if (text.length > MAX_PORTS_TEXT) throw new UserError('That list of ports is too long.', { hint: PORTS_HINT });
  const ranges: Partial<Record<Protocol, PortRange[]>> = {};
  let prefix: 'tcp' | 'udp' = withoutPrefix;
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0) throw new UserError('No port was given.', { hint: PORTS_HINT });
  for (const word of words) {
    const match = /^(?:([tu]):)?(\d{1,9})(?:-(\d{1,9}))?(?:\/(tcp|udp))?$/i.exec(word);
    if (match === null) throw wrong(word, 'is not a port');
    if (match[1] !== undefined) prefix = match[1].toLowerCase() === 't' ? 'tcp' : 'udp';
    const protocol = match[4]?.toLowerCase() === 'udp' ? 'udp' : match[4] === undefined ? prefix : 'tcp';
    ranges[protocol] = [...(ranges[protocol] ?? []), checkRange(word, Number(match[2]), Number(match[3] ?? match[2]))];
  }
  return portSet(ranges);
}

function checkRange(word: string, first: number, last: number): PortRange {
  if (first < 1 || last < 1 || first > 65_535 || last > 65_535) throw wrong(word, 'is outside of the ports there are');
  if (first > last) throw wrong(word, 'ends before it begins');
  return [first, last];
}

function wrong(word: string, problem: string): UserError {
  const shown = cleanText(word, 40);
  return new UserError(`“${shown}” ${problem}.`, { word: shown, hint: PORTS_HINT });
}

/** nmap's `services="7,9,13,21-23"` and `ports="…"`; invalid ranges are left out. */
export function parsePortRanges(text: string): readonly PortRange[] {
  const parts = text.split(',').map((part) => part.trim());
  return mergeRanges(readRanges(parts.filter((part) => /^\d{1,5}(?:-\d{1,5})?$/.test(part)).join(',')));
}

/** The `-p` expression for exactly this set: `22,80`, `T:22,U:53`. */
export function portExpression(set: PortSet): string {
  const tcp = formatRanges(set.tcp ?? []);
  const udp = formatRanges(set.udp ?? []);
  if (udp === '') return tcp;
  return tcp === '' ? `U:${udp}` : `T:${tcp},U:${udp}`;
}
