import { reportFigures } from '../../src/cards/report.ts';
import { defined } from '../../src/core/defined.ts';
import type { EventType } from '../../src/core/model/event.ts';
import { RISKS } from '../../src/core/model/scales.ts';
import type { Report } from '../../src/core/report/report.ts';
import type { SyslogRecord } from './records.ts';

/** https://www.elastic.co/docs/reference/ecs; fields that it does not define are under `netdelta`. */
const ECS_VERSION = '8.17.0';
/**
 * rsyslog's own default, beyond which it truncates:
 * https://www.rsyslog.com/doc/configuration/input_directives/rsconf1_maxmessagesize.html
 */
const MAX_BYTES = 7_800;
/** What is left out first, in this order, when a record is longer. */
const DISPENSABLE = ['members', 'evidence', 'before', 'after', 'note', 'error'] as const;

/** Events that need attention. */
const ALERTS: readonly EventType[] = ['alert-opened', 'alert-changed', 'delta-released'];

/** The record as one line of JSON in ECS fields, never longer than a log server accepts. */
export function ecsLine(record: SyslogRecord): string {
  const document = ecsDocument(record);
  let line = JSON.stringify(document);
  for (const key of DISPENSABLE) {
    if (Buffer.byteLength(line) <= MAX_BYTES) return line;
    if (document.netdelta[key] === undefined) continue;
    delete document.netdelta[key];
    document.netdelta['truncated'] = true;
    line = JSON.stringify(document);
  }
  return line;
}

function ecsDocument(record: SyslogRecord) {
  const { event, delta } = record;
  const { group } = event;
  const answer = event.type === 'delta-answered' ? event.answer : undefined;
  return {
    '@timestamp': new Date(record.at).toISOString(),
    ecs: { version: ECS_VERSION },
    message: record.message,
    event: {
      id: record.id,
      kind: ALERTS.includes(event.type) ? 'alert' : 'event',
      category: ['network'],
      type: [delta === undefined ? 'info' : 'change'],
      action: record.type,
      dataset: 'netdelta.event',
      severity: RISKS.indexOf(record.risk),
      outcome: event.type === 'scan-failed' ? 'failure' : 'success',
    },
    observer: { vendor: 'NetDelta', product: 'NetDelta', type: 'network-scanner', name: group.site },
    ...(delta === undefined ? {} : subjectFields(delta)),
    ...(answer === undefined || answer.type === 'open' ? {} : { user: { id: answer.by, name: answer.byName } }),
    netdelta: netdeltaFields(record),
  };
}

function reportSummary(report: Report): Record<string, string> {
  const figures = reportFigures(report).flatMap(({ label, value, more }) => [
    { label, value },
    ...(more === undefined ? [] : [{ label: `${label} ${more.label}`, value: more.value }]),
  ]);
  return Object.fromEntries(figures.map(({ label, value }) => [label.replaceAll(' ', '_'), value]));
}

function subjectFields(delta: NonNullable<SyslogRecord['delta']>): object {
  const isAddress = !delta.address.includes('/');
  return {
    rule: { name: delta.kind, category: delta.risk },
    ...(isAddress ? { related: { ip: [delta.address] } } : {}),
    destination: {
      address: delta.address,
      ...(isAddress ? { ip: delta.address } : {}),
      ...defined({ port: delta.port }),
    },
    ...(delta.protocol === undefined ? {} : { network: { transport: delta.protocol } }),
  };
}

function netdeltaFields({ event, delta, risk }: SyslogRecord): Record<string, unknown> {
  const scan = 'scan' in event ? event.scan : undefined;
  const answer = event.type === 'delta-answered' ? event.answer : undefined;
  return {
    group: event.group.name,
    site: event.group.site,
    risk,
    event: event.id,
    alert: 'alert' in event ? event.alert?.id : undefined,
    scan: scan?.number,
    // `scan` counts the scans of its group; this is the id that people see as `#7`.
    scan_id: scan?.id ?? delta?.scanId,
    scan_status: scan?.status,
    hosts_up: scan?.hostsUp,
    error: scan?.error,
    delta: delta?.id,
    kind: delta?.kind,
    grade: delta?.grade,
    probability: delta?.probability,
    risk_hint: delta?.riskHint,
    before: delta?.before,
    after: delta?.after,
    evidence: delta?.evidence,
    members: delta?.members,
    answer: answer?.type,
    note: answer === undefined || answer.type === 'open' ? undefined : answer.note,
    reason: event.type === 'delta-released' ? event.reason : undefined,
    lost: event.type === 'events-lost' ? event.lost : undefined,
    report: event.type === 'report' ? reportSummary(event.report) : undefined,
  };
}
