import { UserError } from '../errors.ts';
import { PROTOCOLS, type Protocol } from '../model/observation.ts';
import { cleanText } from '../text.ts';
import { countAddresses, rangesContain } from './address-ranges.ts';
import { canonicalAddress } from './addresses.ts';
import { parseTarget } from './target-words.ts';
import { parseTargets, targetRanges } from './targets.ts';

/** A change that is announced before it happens. */
export type ExpectedChange = {
  /** An address, a subnet (`10.0.0.0/24`) or a range (`10.0.0.1-50`). */
  hosts: string;
  /** The ports on those hosts; absent: the hosts themselves appear or disappear. */
  ports?: 'any' | PortSpan;
};

export type PortSpan = { protocol: Protocol; first: number; last: number };

const HINT =
  'Expected an address or subnet, alone (it comes or goes) or with ports, for example `10.0.0.5`, `10.0.0.5:443`, `10.0.0.5:80,443,8000-8100/tcp`, `10.0.0.5:any` or `10.0.0.0/24:22`.';
const PORTS = String.raw`(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp|sctp))?`;
const WHERE = new RegExp(String.raw`^(?:\[([^\]]+)\]|([^:[\]]+)):(?:(any|\*)|${PORTS})$`, 'i');
const MORE_PORTS = new RegExp(`^${PORTS}$`, 'i');

/**
 * Words separated by blanks or commas; ports without an address belong to the address before them. Throws UserError.
 */
export function parseExpectedChanges(text: string): ExpectedChange[] {
  const changes: ExpectedChange[] = [];
  for (const word of text.split(/[\s,]+/).filter((one) => one !== '')) {
    const more = MORE_PORTS.exec(word);
    const before = changes.at(-1);
    if (more !== null && typeof before?.ports === 'object') {
      const [, first, last, protocol = before.ports.protocol] = more;
      changes.push({ hosts: before.hosts, ports: span(word, first, last, protocol) });
    } else changes.push(parseChange(word));
  }
  return changes;
}

function parseChange(word: string): ExpectedChange {
  const [, bracketed, plain, wildcard, first, last, protocol = 'tcp'] = WHERE.exec(word) ?? [];
  const hosts = bracketed ?? plain;
  if (hosts === undefined) return { hosts: hostsOf(word, word.replace(/^\[([^\]]*)\]$/, '$1')) };
  return { hosts: hostsOf(word, hosts), ports: wildcard === undefined ? span(word, first, last, protocol) : 'any' };
}

function hostsOf(word: string, typed: string): string {
  const address = canonicalAddress(typed);
  if (address !== undefined) return address;
  const target = /^[\d.*:a-f/-]+$/i.test(typed) ? parseTarget(typed) : undefined;
  if (target?.type === 'range') return target.text;
  throw wrong(word, 'is neither an address nor a subnet, with ports or without');
}

function span(word: string, from: string | undefined, to: string | undefined, typed: string): PortSpan {
  const [first, last] = [Number(from), Number(to ?? from)];
  if (first < 1 || first > 65_535 || last > 65_535) throw wrong(word, 'names a port that there is not');
  if (last < first) throw wrong(word, 'ends before it begins');
  return { protocol: PROTOCOLS.find((one) => one === typed.toLowerCase()) ?? 'tcp', first, last };
}

function wrong(word: string, problem: string): UserError {
  const shown = cleanText(word, 60);
  return new UserError(`“${shown}” ${problem}.`, { word: shown, hint: HINT });
}

/** In canonical spelling: `10.0.0.5:443/tcp`, `[2001:db8::1]:any`, `10.0.0.0/24:8000-8100/tcp`. */
export function formatExpectedChange({ hosts, ports }: ExpectedChange): string {
  if (ports === undefined) return hosts;
  return `${hosts.includes(':') ? `[${hosts}]` : hosts}:${ports === 'any' ? 'any' : formatSpan(ports)}`;
}

function formatSpan({ protocol, first, last }: PortSpan): string {
  return `${first === last ? first : `${first}-${last}`}/${protocol}`;
}

/** Whether it may happen in more than one place. */
export function isWide({ hosts, ports }: ExpectedChange): boolean {
  const several = countAddresses(targetRanges(parseTargets(hosts))) > 1n;
  return several || ports === 'any' || (ports !== undefined && ports.first !== ports.last);
}

/** Whether it applies to this host. */
export function expectsHost({ hosts }: ExpectedChange, address: string): boolean {
  return hosts === address || rangesContain(targetRanges(parseTargets(hosts)), address);
}

/** Whether it applies to this port of a host that it applies to. */
export function expectsPort({ ports }: ExpectedChange, protocol: Protocol, port: number): boolean {
  if (ports === undefined || ports === 'any') return ports === 'any';
  return ports.protocol === protocol && ports.first <= port && port <= ports.last;
}
