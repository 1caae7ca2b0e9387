import { lookUp } from '../look-up.ts';
import type { Certificate, HostKey, ServiceIdentity } from '../model/observation.ts';
import { attribute, children, textOf, type XmlNode } from './fragment.ts';

/** Scripts whose result identifies the service. */
export const IDENTITY_SCRIPT = /\sid\s*=\s*["'](?:ssl-cert|ssh-hostkey)["']/;

/** More types of keys than OpenSSH has; the rest would be an attack on memory. */
const MAX_KEYS = 16;
const MAX_NAME = 500;

/** Certificate and host keys from the scripts' structured results. */
export function identitiesOf(scripts: readonly XmlNode[]): Pick<ServiceIdentity, 'certificate' | 'hostKeys'> {
  const certificate = scripts.filter((script) => attribute(script, 'id') === 'ssl-cert').map(certificateOf);
  const hostKeys = scripts.filter((script) => attribute(script, 'id') === 'ssh-hostkey').flatMap(hostKeysOf);
  const [first] = certificate.filter((one) => one !== undefined);
  return {
    ...(first === undefined ? {} : { certificate: first }),
    ...(hostKeys.length === 0 ? {} : { hostKeys: hostKeys.slice(0, MAX_KEYS) }),
  };
}

function certificateOf(script: XmlNode): Certificate | undefined {
  const fingerprint = elem(script, 'sha256') ?? elem(script, 'sha1') ?? elem(script, 'md5');
  if (fingerprint === undefined) return undefined;
  const certificate: Certificate = { fingerprint: fingerprint.replace(/[\s:]/g, '').toLowerCase() };
  const subject = nameOf(table(script, 'subject'));
  const issuer = nameOf(table(script, 'issuer'));
  const key = [elem(table(script, 'pubkey'), 'type'), elem(table(script, 'pubkey'), 'bits')].filter(Boolean).join(' ');
  const expiresAt = momentOf(elem(table(script, 'validity'), 'notAfter'));
  if (subject !== '') certificate.subject = subject;
  if (issuer !== '') certificate.issuer = issuer;
  if (key !== '') certificate.key = key;
  if (expiresAt !== undefined) certificate.expiresAt = expiresAt;
  return certificate;
}

/** `CN=www.example.org, O=Example`: the common name first, the others in their order. */
function nameOf(node: XmlNode): string {
  const parts = children(node, 'elem').map((part) => [attribute(part, 'key') ?? '', textOf(part)] as const);
  const common = parts.filter(([key]) => key === 'commonName');
  const others = parts.filter(([key]) => key !== 'commonName');
  return [...common, ...others]
    .map(([key, value]) => `${lookUp(SHORT, key) ?? key}=${value}`)
    .join(', ')
    .slice(0, MAX_NAME);
}

const SHORT: Readonly<Record<string, string>> = {
  commonName: 'CN',
  organizationName: 'O',
  organizationalUnitName: 'OU',
  countryName: 'C',
  localityName: 'L',
  stateOrProvinceName: 'ST',
};

function hostKeysOf(script: XmlNode): HostKey[] {
  return children(script, 'table').flatMap((key) => {
    const fingerprint = elem(key, 'fingerprint');
    const type = elem(key, 'type');
    return fingerprint === undefined ? [] : [{ fingerprint, ...(type === undefined ? {} : { type }) }];
  });
}

function table(node: XmlNode, key: string): XmlNode {
  return children(node, 'table').find((candidate) => attribute(candidate, 'key') === key) ?? {};
}

function elem(node: XmlNode, key: string): string | undefined {
  const found = children(node, 'elem').find((candidate) => attribute(candidate, 'key') === key);
  const text = found === undefined ? '' : textOf(found).trim();
  return text === '' ? undefined : text.slice(0, MAX_NAME);
}

/** nmap writes UTC without a zone: `2027-01-31T23:59:59`. */
function momentOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)) return undefined;
  const moment = Date.parse(`${text}Z`);
  return Number.isNaN(moment) ? undefined : moment;
}
