import { subjectWords } from '../../src/cards/words.ts';
import { onOneLine, withoutInvisible } from '../../src/core/invisible.ts';
import type { Risk } from '../../src/core/model/scales.ts';
import type { SyslogRecord } from './records.ts';

/** 0 to 10, on ArcSight's scale. */
const SEVERITY: Readonly<Record<Risk, number>> = { info: 1, low: 3, medium: 5, high: 8, critical: 10 };
const MAX_VALUE = 1_000;

/** The record in ArcSight's Common Event Format, version 0. */
export function cefLine(record: SyslogRecord): string {
  const signature = record.delta === undefined ? record.type : `${record.type}:${record.delta.kind}`;
  const head = ['CEF:0', 'NetDelta', 'NetDelta', '1', signature, record.message, String(SEVERITY[record.risk])];
  const fields = Object.entries(extension(record)).filter(([, value]) => value !== undefined);
  const tail = fields.map(([key, value]) => `${key}=${inValue(String(value))}`).join(' ');
  return `${head.map(inHeader).join('|')}|${tail}`;
}

function extension({ event, delta, id, at, message }: SyslogRecord): Record<string, string | number | undefined> {
  const answer = event.type === 'delta-answered' && event.answer.type !== 'open' ? event.answer : undefined;
  return {
    rt: at,
    externalId: id,
    ...(delta === undefined ? {} : subject(delta)),
    cs1Label: 'group',
    cs1: event.group.name,
    cs2Label: 'evidence',
    cs2: delta?.evidence.join('; '),
    cs3Label: 'grade',
    cs3: delta?.grade,
    ...idOfScan(event, delta),
    suser: answer?.byName,
    reason: answer?.note,
    act: event.type === 'delta-answered' ? event.answer.type : undefined,
    msg: message,
  };
}

/** The id that people see as `#7`. */
function idOfScan(event: SyslogRecord['event'], delta: SyslogRecord['delta']): Record<string, string | number> {
  const id = 'scan' in event ? event.scan.id : delta?.scanId;
  return id === undefined ? {} : { cs5Label: 'scan', cs5: id };
}

function subject(delta: NonNullable<SyslogRecord['delta']>): Record<string, string | number | undefined> {
  const isIpv6 = delta.address.includes(':');
  const isSubnet = delta.address.includes('/');
  return {
    ...(isSubnet ? { cs4Label: 'subnet', cs4: delta.address } : {}),
    ...(isIpv6 && !isSubnet ? { c6a3Label: 'Destination IPv6 Address', c6a3: delta.address } : {}),
    ...(isIpv6 || isSubnet ? {} : { dst: delta.address }),
    dhost: subjectWords(delta),
    dpt: delta.port,
    proto: delta.protocol?.toUpperCase(),
  };
}

function inHeader(text: string): string {
  return oneLine(text).replace(/[\\|]/g, (special) => `\\${special}`);
}

function inValue(text: string): string {
  return oneLine(text)
    .slice(0, MAX_VALUE)
    .replace(/[\\=]/g, (special) => `\\${special}`);
}

/** Also what only some readers of a log take for the end of a line, and what a terminal would obey. */
function oneLine(text: string): string {
  return withoutInvisible(onOneLine(text.replaceAll('\r\n', '\n')));
}
