import { reportCsv, reportFile } from '../../src/cards/report.ts';
import type { SinkEvent } from '../../src/core/model/event.ts';
import { cleanText } from '../../src/core/text.ts';
import type { DrawReport } from '../../src/ports/draw-report.ts';
import { asHtml, asText, PICTURE_ID } from './lay-out.ts';
import { letterOf } from './letter.ts';

type MailOptions = { from: string; to: string; drawReport: DrawReport };
type ReportEvent = Extract<SinkEvent, { type: 'report' }>;
type MailFile = { filename: string; contentType: string; content: Buffer; cid?: string };

/** The input of nodemailer, which encodes headers and folds lines. */
export type Mail = {
  from: string;
  to: string;
  subject: string;
  messageId: string;
  inReplyTo?: string;
  references?: string;
  text: string;
  html: string;
  attachments?: MailFile[];
  headers: Readonly<Record<string, string>>;
};

const MAX_SUBJECT = 150;

/**
 * The event as a mail. All mails of one alert are one thread: the first has the alert's own id, the others refer to it
 * and have its subject, by which some programs sort. A mail that is sent again has the same id.
 */
export async function mailOf(event: SinkEvent, { from, to, drawReport }: MailOptions): Promise<Mail> {
  const letter = letterOf(event);
  const domain = domainOf(from);
  const root = threadRoot(event, domain);
  const isRoot = event.type === 'alert-opened';
  const own = isRoot && root !== undefined ? root : `<${event.id}@${domain}>`;
  const subject = 'subject' in event ? event.subject : letter.title;
  return {
    ...{ from, to, messageId: own, text: asText(letter), html: asHtml(letter) },
    subject: `${isRoot || root === undefined ? '' : 'Re: '}[NetDelta] ${cleanText(subject, MAX_SUBJECT)}`,
    ...(root === undefined || isRoot ? {} : { inReplyTo: root, references: root }),
    ...(event.type === 'report' ? { attachments: [await reportAttachment(event, drawReport)] } : {}),
    headers: {
      'List-Id': `<group-${event.group.id}.netdelta.${domain}>`,
      'List-Unsubscribe': `<mailto:${addressOf(from)}?subject=unsubscribe%20group%20${event.group.id}>`,
      // No vacation replies: https://www.rfc-editor.org/rfc/rfc3834#section-5
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'X-NetDelta-Event': event.id,
    },
  };
}

/** The picture is also shown in the mail itself, by this id. */
async function reportAttachment({ report, format }: ReportEvent, drawReport: DrawReport): Promise<MailFile> {
  const { name, mimeType } = reportFile(report, format);
  const content = format === 'csv' ? reportCsv(report) : await drawReport(Promise.resolve(report), format, 'light');
  return {
    ...{ filename: name, contentType: mimeType, content: Buffer.from(content) },
    ...(format === 'png' ? { cid: PICTURE_ID } : {}),
  };
}

function threadRoot(event: SinkEvent, domain: string): string | undefined {
  const alert = 'alert' in event ? event.alert : undefined;
  return alert === undefined ? undefined : `<alert-${event.instance}-${alert.id}@${domain}>`;
}

/** `NetDelta <bot@example.com>` or the address alone. */
export function addressOf(from: string): string {
  return /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim();
}

function domainOf(from: string): string {
  return addressOf(from).split('@')[1] ?? 'localhost';
}
