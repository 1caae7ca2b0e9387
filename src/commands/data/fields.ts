import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { type Certificate, PROTOCOLS, type ServiceIdentity } from '../../core/model/observation.ts';

/** A point in time as ISO 8601 in UTC, to the millisecond. */
export const MOMENT = z.iso.datetime().describe('ISO 8601, UTC');

export const moment = (at: number): string => new Date(at).toISOString();

export const PROTOCOL = z.enum(PROTOCOLS);

export const SERVICE = z.object({
  name: z.string(),
  product: z.string().optional(),
  version: z.string().optional(),
  extra: z.string().optional(),
  tunnel: z.string().optional(),
  certificate: z
    .object({
      fingerprint: z.string(),
      subject: z.string().optional(),
      issuer: z.string().optional(),
      key: z.string().optional(),
      expires: MOMENT.optional(),
    })
    .optional(),
  hostKeys: z.array(z.object({ type: z.string().optional(), fingerprint: z.string() })).optional(),
  guessed: z.boolean().describe('true: only its port number says so'),
});

/** The program that offers a service, as nmap identified it. */
export function serviceData(identity: ServiceIdentity): z.infer<typeof SERVICE> {
  const { name, product, version, extrainfo, tunnel, certificate, hostKeys, method } = identity;
  return {
    name,
    guessed: method === 'table',
    ...defined({ product, version, extra: extrainfo, tunnel }),
    ...(certificate === undefined ? {} : { certificate: certificateData(certificate) }),
    ...(hostKeys === undefined ? {} : { hostKeys: [...hostKeys] }),
  };
}

function certificateData({ expiresAt, ...certificate }: Certificate) {
  return { ...certificate, ...(expiresAt === undefined ? {} : { expires: moment(expiresAt) }) };
}
