import { SMTPServer } from 'smtp-server';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEmailSink } from '../../../adapters/email/email-sink.ts';
import type { DrawReport } from '../../../src/ports/draw-report.ts';
import type { Sink } from '../../../src/ports/sink.ts';
import { ANSWERED, certificates, drawNothing, later, OPENED, REPORT } from '../sink-samples.ts';

let tls: ReturnType<typeof certificates>;
let server: SMTPServer;
let sink: Sink;
let mails: { to: string[]; raw: string; secure: boolean; user: string | undefined }[];
let refuse: Error | undefined;

beforeAll(() => {
  tls = certificates();
});

async function listen(options: { secure?: boolean; password?: string } = {}): Promise<string> {
  server = new SMTPServer({
    ...{ secure: options.secure ?? false, key: tls.key, cert: tls.cert, authOptional: true },
    onAuth: (auth, _session, done) =>
      auth.password === 'right' ? done(null, { user: auth.username ?? '' }) : done(new Error('wrong password')),
    onRcptTo: (_address, _session, done) => done(refuse),
    onData(stream, session, done) {
      let raw = '';
      stream.setEncoding('utf8');
      stream.on('data', (part: string) => {
        raw += part;
      });
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map((one) => one.address);
        mails.push({ to, raw, secure: session.secure, user: session.user });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.server.address();
  return `localhost:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

beforeEach(() => {
  mails = [];
  refuse = undefined;
});
afterEach(async () => {
  await sink.close();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

const header = (raw: string, name: string) =>
  new RegExp(`^${name}:[ ]?((?:.*(?:\\r\\n[ \\t])?)*)`, 'im')
    .exec(raw)?.[1]
    ?.replace(/\r\n\s+/g, ' ')
    .trim();

const connect = (url: string) =>
  createEmailSink({ url, from: 'NetDelta <netdelta@example.com>', ca: tls.ca }, drawNothing);

describe('the email sink, with a real SMTP server', () => {
  it('logs in by TLS, and makes one thread of an alert and its answer', async () => {
    sink = connect(`smtp://bot:right@${await listen()}`);
    expect(await sink.check()).toEqual([]);
    await sink.send(OPENED, 'noc@example.com', later);
    await sink.send(ANSWERED, 'noc@example.com', later);
    const [opened, answered] = mails;
    expect(mails.map(({ to, secure, user }) => [to, secure, user])).toEqual([
      [['noc@example.com'], true, 'bot'],
      [['noc@example.com'], true, 'bot'],
    ]);
    const root = '<alert-bot1-12@example.com>';
    expect(header(opened?.raw ?? '', 'Message-ID')).toBe(root);
    expect(header(opened?.raw ?? '', 'Subject')).toBe('[NetDelta] lab: 2 services added');
    expect(header(answered?.raw ?? '', 'Message-ID')).toBe('<bot1-101@example.com>');
    expect(header(answered?.raw ?? '', 'References')).toBe(root);
    expect(header(answered?.raw ?? '', 'In-Reply-To')).toBe(root);
    expect(header(answered?.raw ?? '', 'Subject')).toBe('Re: [NetDelta] lab: 2 services added');
    expect(header(opened?.raw ?? '', 'List-Unsubscribe')).toContain('mailto:netdelta@example.com');
  });

  it('shows a hostile banner as text, adds no header because of it, and has no link', async () => {
    sink = connect(`smtps://${await listen({ secure: true })}`);
    await sink.send(OPENED, 'noc@example.com', later);
    await sink.send(ANSWERED, 'noc@example.com', later);
    for (const { raw } of mails) {
      const text = raw.replace(/=\r\n/g, '').replaceAll('=3D', '=');
      expect(text).toContain('&lt;script&gt;');
      const page = text.slice(text.indexOf('<!doctype'));
      expect(page).not.toContain('<script');
      expect(page).not.toMatch(/href|src=|http/);
      expect(header(raw, 'FORGED')).toBeUndefined();
      expect(raw.slice(0, raw.indexOf('\r\n\r\n'))).not.toMatch(/^FORGED/m);
      expect(text).not.toMatch(/^FORGED/m);
    }
  });

  it('for a report has its picture inline and attached, or its page attached', async () => {
    const drawn: string[] = [];
    const draw: DrawReport = async (_report, format) => {
      drawn.push(format);
      return Buffer.from(`a ${format}`);
    };
    sink = createEmailSink({ url: `smtp://${await listen()}`, from: 'netdelta@example.com', ca: tls.ca }, draw);
    await sink.send(REPORT, 'noc@example.com', later);
    await sink.send({ ...REPORT, format: 'html' } as typeof REPORT, 'noc@example.com', later);
    await sink.send({ ...REPORT, format: 'csv' } as typeof REPORT, 'noc@example.com', later);
    expect(drawn).toEqual(['png', 'html']);
    const [picture, page, table] = mails.map(({ raw }) => raw.replace(/=\r\n/g, '').replaceAll('=3D', '='));
    expect(header(picture ?? '', 'Subject')).toBe('[NetDelta] lab: report from 2026-10-25 to 2026-11-24');
    expect(picture).toContain('src="cid:report"');
    expect(picture).toContain('Content-ID: <report>');
    expect(picture).toContain('filename=Report_on_lab-2026-11-24.png');
    expect(mails[0]?.raw).toContain(Buffer.from('a png').toString('base64').slice(0, 7));
    expect(picture).toContain('open changes: 2');
    expect(page).toContain('filename=Report_on_lab-2026-11-24.html');
    expect(page).not.toContain('cid:');
    expect(table).toContain('filename=Report_on_lab-2026-11-24.csv');
  });

  it('with a wrong password is retried, and an unknown recipient is not', async () => {
    const place = await listen();
    sink = connect(`smtp://bot:wrong@${place}`);
    await expect(sink.send(OPENED, 'noc@example.com', later)).rejects.toMatchObject({ retryable: true });
    expect((await sink.check()).join()).not.toContain('wrong');
    await sink.close();
    refuse = Object.assign(new Error('no such user'), { responseCode: 550 });
    sink = connect(`smtp://${place}`);
    await expect(sink.send(OPENED, 'nobody@example.com', later)).rejects.toMatchObject({ retryable: false });
    refuse = Object.assign(new Error('try later'), { responseCode: 451 });
    await expect(sink.send(OPENED, 'noc@example.com', later)).rejects.toMatchObject({ retryable: true });
    expect(mails).toEqual([]);
  });

  it('sends nothing to a server whose certificate can’t be verified', async () => {
    sink = createEmailSink({ url: `smtp://bot:right@${await listen()}`, from: 'netdelta@example.com' }, drawNothing);
    await expect(sink.send(OPENED, 'noc@example.com', later)).rejects.toMatchObject({ retryable: true });
    expect(mails).toEqual([]);
  });
});
