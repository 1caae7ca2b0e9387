import { hostname } from 'node:os';
import { DeliveryError } from '../../src/ports/chat.ts';
import type { Sink } from '../../src/ports/sink.ts';
import { cefLine } from './cef.ts';
import { ecsLine } from './ecs.ts';
import { recordsOf } from './records.ts';
import { rfc5424 } from './rfc5424.ts';
import { type SyslogAddress, transmit } from './transport.ts';

const CHECK_MS = 20_000;

export type SyslogConfig = { address: SyslogAddress; format: 'json' | 'cef' };

/** Events as lines of RFC 5424, one per delta, per answer and per scan. */
export function createSyslogSink({ address, format }: SyslogConfig): Sink {
  const line = format === 'cef' ? cefLine : ecsLine;
  return {
    platform: 'syslog',
    async send(event, _place, deadline) {
      const lines = recordsOf(event).map((record) =>
        rfc5424({ at: record.at, risk: record.risk, id: record.type, text: line(record) }, hostname()),
      );
      await transmit(address, lines, deadline);
    },
    async check() {
      const place = `${address.protocol}://${address.host}:${address.port}`;
      try {
        // No message: this only checks whether a connection can be made.
        if (address.protocol !== 'udp') await transmit(address, [], AbortSignal.timeout(CHECK_MS));
        return [];
      } catch (error) {
        const code = error instanceof DeliveryError ? error.code : String(error);
        return [`The log server ${place} doesn’t answer: ${code}. Check SYSLOG_URL, and SYSLOG_CA for a private CA.`];
      }
    },
    async close() {},
  };
}
