import { z } from 'zod';
import { PROTOCOLS, type ServiceIdentity } from '../../core/model/observation.ts';

/** A moment as ISO 8601 in UTC, to the millisecond. */
export const MOMENT = z.iso.datetime().describe('ISO 8601, UTC');

export const moment = (at: number): string => new Date(at).toISOString();

export const PROTOCOL = z.enum(PROTOCOLS);

export const SERVICE = z.object({
  name: z.string(),
  product: z.string().optional(),
  version: z.string().optional(),
  extra: z.string().optional(),
  tunnel: z.string().optional(),
  fingerprint: z.string().optional().describe('TLS or SSH identity, where the profile collects it'),
  guessed: z.boolean().describe('true: only its port number says so'),
});

/** What offers a service, as nmap told it. */
export function serviceData(identity: ServiceIdentity): z.infer<typeof SERVICE> {
  const { name, product, version, extrainfo, tunnel, fingerprint, method } = identity;
  return {
    name,
    guessed: method === 'table',
    ...(product === undefined ? {} : { product }),
    ...(version === undefined ? {} : { version }),
    ...(extrainfo === undefined ? {} : { extra: extrainfo }),
    ...(tunnel === undefined ? {} : { tunnel }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
  };
}
