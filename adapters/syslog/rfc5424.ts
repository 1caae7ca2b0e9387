import { onOneLine, withoutInvisible } from '../../src/core/invisible.ts';
import type { Risk } from '../../src/core/model/scales.ts';

/** https://www.rfc-editor.org/rfc/rfc5424#section-6.2.1; local0, the usual choice for one's own programs. */
const FACILITY = 16;
const SEVERITY: Readonly<Record<Risk, number>> = { critical: 2, high: 3, medium: 4, low: 5, info: 6 };

export type SyslogLine = {
  at: number;
  risk: Risk /** At most 32 printable ASCII characters. */;
  id: string;
  text: string;
};

/** One message of RFC 5424 without structured data: the content is in the text, as JSON or CEF. */
export function rfc5424({ at, risk, id, text }: SyslogLine, host: string): Buffer {
  const priority = FACILITY * 8 + SEVERITY[risk];
  const head = `<${priority}>1 ${new Date(at).toISOString()} ${printable(host, 255)} netdelta - ${printable(id, 32)} -`;
  return Buffer.from(`${head} ${withoutInvisible(onOneLine(text))}`, 'utf8');
}

/** https://www.rfc-editor.org/rfc/rfc6587#section-3.4.1: the length in bytes, a blank, the message. */
export function octetCounted(message: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${message.length} `, 'ascii'), message]);
}

function printable(text: string, max: number): string {
  return text.replace(/[^\x21-\x7e]/g, '').slice(0, max) || '-';
}
