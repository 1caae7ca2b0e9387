import { createSocket } from 'node:dgram';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { defined } from '../../src/core/defined.ts';
import { DeliveryError } from '../../src/ports/chat.ts';
import { octetCounted } from './rfc5424.ts';

/** Without a response within this time the server counts as away. */
const TIMEOUT_MS = 15_000;

export type SyslogAddress = { protocol: 'udp' | 'tcp' | 'tls'; host: string; port: number /** PEM */; ca?: string };

/** Sends all messages, or throws DeliveryError. UDP guarantees nothing. */
export async function transmit(
  address: SyslogAddress,
  messages: readonly Buffer[],
  deadline: AbortSignal,
): Promise<void> {
  if (address.protocol === 'udp') await sendDatagrams(address, messages, deadline);
  else await sendStream(address, Buffer.concat(messages.map(octetCounted)), deadline);
}

async function sendDatagrams({ host, port }: SyslogAddress, messages: readonly Buffer[], deadline: AbortSignal) {
  const socket = createSocket(isIP(host) === 6 ? 'udp6' : 'udp4');
  try {
    for (const message of messages) {
      if (deadline.aborted) throw asDeliveryError(new Error('deadline'));
      await new Promise<void>((resolve, reject) => {
        socket.send(message, port, host, (error) => (error === null ? resolve() : reject(asDeliveryError(error))));
      });
    }
  } finally {
    socket.close();
  }
}

/**
 * Syslog over a stream has no acknowledgement. So each event is one connection, which we close first: the server closes
 * its side when it has read everything, and a connection that breaks before that is retried.
 */
function sendStream(address: SyslogAddress, data: Buffer, deadline: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = open(address);
    const fail = (error: unknown) => {
      socket.destroy();
      reject(asDeliveryError(error));
    };
    const late = () => fail(new Error('deadline'));
    if (deadline.aborted) late();
    deadline.addEventListener('abort', late, { once: true });
    socket.on('close', () => deadline.removeEventListener('abort', late));
    socket.setTimeout(TIMEOUT_MS, () => fail(new Error('timeout')));
    socket.on('error', fail);
    socket.on('data', () => undefined);
    socket.on('end', () => resolve());
    socket.on('close', () => fail(new Error('closed')));
    socket.end(data);
  });
}

function open({ protocol, host, port, ca }: SyslogAddress): Socket {
  if (protocol === 'tcp') return connectTcp({ host, port });
  return connectTls({
    ...{ host, port, rejectUnauthorized: true, minVersion: 'TLSv1.2' },
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...defined({ ca }),
  });
}

function asDeliveryError(error: unknown): DeliveryError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : (error as Error).message;
  return new DeliveryError(`syslog_${code}`, { retryable: true, uncertain: true, cause: error });
}
