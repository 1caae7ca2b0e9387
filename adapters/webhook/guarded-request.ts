import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { defined } from '../../src/core/defined.ts';
import { isGlobalAddress } from '../../src/core/network/addresses.ts';
import { DeliveryError } from '../../src/ports/chat.ts';

const TIMEOUT_MS = 15_000;
/** How much of a response is read at most: only its status counts. */
const MAX_ANSWER_BYTES = 64 * 1024;

export type Request = {
  headers: Readonly<Record<string, string>>;
  body: string;
  allowPrivate: boolean;
  deadline: AbortSignal;
};

export type Answer = { status: number; retryAfter?: string };

/**
 * One POST, without following redirects. The address is checked when the connection is made, so that no name can point
 * elsewhere between the check and the call. Throws DeliveryError when there is no response.
 */
export function guardedPost(url: URL, { headers, body, allowPrivate, deadline }: Request): Promise<Answer> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!allowPrivate && isIP(host) !== 0 && !isGlobalAddress(host)) throw refusedPrivate();
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const options = {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      agent: false,
    };
    const request = send(url, {
      ...options,
      ...(allowPrivate ? {} : { lookup: globalLookup }),
      signal: AbortSignal.any([deadline, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    request.on('error', (error) => reject(asDeliveryError(error)));
    request.on('response', (response) => {
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_ANSWER_BYTES) response.destroy();
      });
      const { statusCode = 0, headers: answered } = response;
      const retryAfter = answered['retry-after'];
      response.on('error', () => undefined);
      response.on('close', () => resolve({ status: statusCode, ...defined({ retryAfter }) }));
    });
    request.end(body);
  });
}

/** Resolves like the system, without addresses that the public internet doesn't route. */
const globalLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    const addresses: LookupAddress[] = error === null ? found.filter(({ address }) => isGlobalAddress(address)) : [];
    const [first] = addresses;
    if (error !== null) callback(error, []);
    else if (first === undefined) callback(refusedPrivate(), []);
    else if (options.all === true) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

function refusedPrivate(): DeliveryError {
  return new DeliveryError('private_address', { retryable: true });
}

function asDeliveryError(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no_answer';
  return new DeliveryError(`webhook_${code}`, { retryable: true, uncertain: true, cause: error });
}
