import { lookUp } from '../look-up.ts';
import type { ServiceIdentity } from '../model/observation.ts';
import { otherCertificate, otherHostKey } from './keys.ts';

/** An identity reduced to what can be compared: lower case, product and version separated, one name per family. */
export type NormalIdentity = { family: string; product: string; version: string };

/**
 * - `same`: no contradiction
 * - `strong-changed`: one named value became another
 * - `weak-changed`: something vanished or was read with little confidence; believe it when it is read twice
 * - `none`: at least one side does not identify the service
 */
export type IdentityComparison = {
  strength: 'same' | 'strong-changed' | 'weak-changed' | 'none';
  /** Which kind of delta it would be. */
  kind: 'service-changed' | 'certificate-changed' | 'host-key-changed';
  words: string;
};

/** Below this confidence nmap was guessing; its hard and soft matches of an answer have 8 to 10. */
const SURE_CONFIDENCE = 8;

const FAMILIES: Readonly<Record<string, string>> = {
  https: 'http',
  'http-proxy': 'http',
  'http-alt': 'http',
  'https-alt': 'http',
  'ssl/http': 'http',
  imaps: 'imap',
  pop3s: 'pop3',
  smtps: 'smtp',
  submission: 'smtp',
  'microsoft-ds': 'netbios-ssn',
  rpcbind: 'rpc',
  sunrpc: 'rpc',
};

/** Words that nmap's matches append to a product for one probe and not for another. */
const PRODUCT_SUFFIX = / (?:httpd|http server|web server|smtpd|ftpd|imapd|pop3d|sshd|server)$/;
/** `nginx/1.18.0`, `Apache/2.4.52 (Ubuntu)`: the form of HTTP's Server header. */
const PRODUCT_WITH_VERSION = /^([^/]+)\/(\d\S*)/;

export function normaliseIdentity(identity: ServiceIdentity): NormalIdentity {
  const known = normalised.get(identity);
  if (known !== undefined) return known;
  const normal = normalise(identity);
  normalised.set(identity, normal);
  return normal;
}

/** Hosts of one network show the same few identities, and readers of them share the objects. */
const normalised = new WeakMap<ServiceIdentity, NormalIdentity>();

function normalise(identity: ServiceIdentity): NormalIdentity {
  const name = squeeze(identity.name);
  let product = squeeze(identity.product ?? '');
  let version = squeeze(identity.version ?? '');
  const joined = PRODUCT_WITH_VERSION.exec(product);
  if (joined?.[1] !== undefined && joined[2] !== undefined) {
    product = joined[1].trim();
    if (version === '') version = joined[2];
  }
  product = product.replace(PRODUCT_SUFFIX, '');
  version = withoutBrackets(version).replace(/^v(?=\d)/, '');
  return { family: lookUp(FAMILIES, name) ?? name, product, version };
}

/** `9.2 (Debian)` without the trailing brackets. */
function withoutBrackets(version: string): string {
  const open = version.indexOf('(');
  return open === -1 || !version.endsWith(')') ? version : version.slice(0, open).replace(/ $/, '');
}

/** Compares two reads of one open port. Extra information is decoration: it flaps. */
export function compareIdentity(
  before: ServiceIdentity | undefined,
  after: ServiceIdentity | undefined,
): IdentityComparison {
  if (before === undefined || after === undefined) return about('none', 'identity not read');
  const keys = otherHostKey(before.hostKeys, after.hostKeys);
  if (keys !== undefined) return { strength: 'strong-changed', kind: 'host-key-changed', words: keys };
  const named = compareNames(before, after);
  const certificate = otherCertificate(before.certificate, after.certificate);
  if (certificate === undefined || named.strength === 'strong-changed') return named;
  return { strength: 'strong-changed', kind: 'certificate-changed', words: certificate };
}

function about(strength: IdentityComparison['strength'], words: string): IdentityComparison {
  return { strength, kind: 'service-changed', words };
}

function compareNames(before: ServiceIdentity, after: ServiceIdentity): IdentityComparison {
  const silent = [before, after].find((side) => saysNothing(side));
  if (silent !== undefined) return about('none', whyNothing(silent));
  const change = otherTunnel(before, after) ?? contradiction(normaliseIdentity(before), normaliseIdentity(after));
  if (change === undefined) return about('same', 'same identity');
  const sure = before.confidence >= SURE_CONFIDENCE && after.confidence >= SURE_CONFIDENCE;
  return about(change.named && sure ? 'strong-changed' : 'weak-changed', change.words);
}

/** TLS came or went: `http` with TLS is not the same service as `http` without. */
function otherTunnel(before: ServiceIdentity, after: ServiceIdentity): { named: boolean; words: string } | undefined {
  if (before.tunnel === after.tunnel) return undefined;
  const words = after.tunnel === undefined ? `no ${tunnelWord(before)} any more` : `${tunnelWord(after)} now`;
  return { named: true, words: `${after.name}: ${words}` };
}

function tunnelWord({ tunnel }: ServiceIdentity): string {
  return tunnel === 'ssl' ? 'TLS' : (tunnel ?? 'tunnel');
}

/** True unless the two reads contradict each other. */
export function sameIdentity(before: ServiceIdentity | undefined, after: ServiceIdentity | undefined): boolean {
  const { strength } = compareIdentity(before, after);
  return strength === 'same' || strength === 'none';
}

function saysNothing(identity: ServiceIdentity): boolean {
  return identity.method === 'table' || identity.name === 'tcpwrapped' || identity.name === 'unknown';
}

function whyNothing(identity: ServiceIdentity): string {
  return identity.method === 'table'
    ? 'identity guessed from the port number'
    : 'identity unknown: the connection ended before anything was said';
}

function contradiction(before: NormalIdentity, after: NormalIdentity): { named: boolean; words: string } | undefined {
  if (before.product === '' || after.product === '') return contradictionOfNames(before, after);
  if (before.product !== after.product) {
    return { named: true, words: `${before.product} became ${after.product}` };
  }
  if (before.version === after.version || before.version === '') return undefined;
  if (after.version === '') return { named: false, words: `${after.product}: its version was not read this time` };
  if (isLessExact(before.version, after.version)) return undefined;
  const named = !isVague(before.version) && !isVague(after.version);
  return { named, words: `${after.product} ${before.version} became ${after.version}` };
}

function contradictionOfNames(
  before: NormalIdentity,
  after: NormalIdentity,
): { named: boolean; words: string } | undefined {
  if (before.family !== after.family) return { named: false, words: `${before.family} became ${after.family}` };
  if (before.product !== '' && after.product === '') {
    return { named: false, words: `${before.product} was not recognised this time` };
  }
  return undefined;
}

/** `8.9p1` against `8.9p1 ubuntu 3`: the same, only less exact. */
function isLessExact(a: string, b: string): boolean {
  return a.startsWith(`${b} `) || b.startsWith(`${a} `);
}

/** `3.x - 4.x`, `2.2 or later`: a range, not a version. */
function isVague(version: string): boolean {
  return / - | or (?:later|earlier)|\bx\b/.test(version);
}

function squeeze(text: string): string {
  return text.toLowerCase().trim().replace(/\s+/g, ' ');
}
