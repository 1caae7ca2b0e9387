import type { ServiceIdentity } from '../../src/core/model/observation.ts';
import { fromJson, sharedJson } from './rows.ts';

/** Each row of the largest table has one, so its keys are short, and the most common values are left out. */
type Packed = {
  n: string;
  p?: string;
  v?: string;
  e?: string;
  t?: string;
  m?: ServiceIdentity['method'];
  c?: number;
  k?: ServiceIdentity['certificate'];
  h?: ServiceIdentity['hostKeys'];
};

const USUAL = { method: 'probed', confidence: 10 } as const;

export function packIdentity(identity: ServiceIdentity): string {
  const { name, product, version, extrainfo, tunnel, method, confidence, certificate, hostKeys } = identity;
  const usual = {
    m: method === USUAL.method ? undefined : method,
    c: confidence === USUAL.confidence ? undefined : confidence,
  };
  const rest = { p: product, v: version, e: extrainfo, t: tunnel, ...usual, k: certificate, h: hostKeys };
  return JSON.stringify({ n: name, ...rest });
}

export const unpackIdentity = (text: string): ServiceIdentity => unpack(fromJson(text));

const unpacked = new WeakMap<object, ServiceIdentity>();

/** Returns the same value for the same text. It must not be modified. */
export function sharedIdentity(text: string): ServiceIdentity {
  const stored = sharedJson<Packed | ServiceIdentity>(text);
  const known = unpacked.get(stored);
  if (known !== undefined) return known;
  const identity = Object.freeze(unpack(stored));
  unpacked.set(stored, identity);
  return identity;
}

/** Earlier versions stored it unpacked. */
function unpack(stored: Packed | ServiceIdentity): ServiceIdentity {
  if (!('n' in stored)) return stored;
  const { n, p, v, e, t, m = USUAL.method, c = USUAL.confidence, k, h } = stored;
  return {
    name: n,
    ...(p === undefined ? {} : { product: p }),
    ...(v === undefined ? {} : { version: v }),
    ...(e === undefined ? {} : { extrainfo: e }),
    ...(t === undefined ? {} : { tunnel: t }),
    method: m,
    confidence: c,
    ...(k === undefined ? {} : { certificate: k }),
    ...(h === undefined ? {} : { hostKeys: h }),
  };
}
