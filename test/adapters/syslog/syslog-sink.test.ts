import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSyslogSink, type SyslogConfig } from '../../../adapters/syslog/syslog-sink.ts';
import { freePort } from '../../free-ports.ts';
import { ANSWERED, certificates, delta, later, OPENED, RELEASED, SCAN_DONE } from '../sink-samples.ts';

let directory: string;
let rsyslog: ChildProcess;
let ports: { tcp: number; tls: number };
let tls: ReturnType<typeof certificates>;

/** Lines as the real rsyslog wrote them, the message parsed again by its own reader of RFC 5424. */
function written(): { severity: string; app: string; id: string; text: string }[] {
  const path = join(directory, 'out.jsonl');
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line));
}

async function until(fact: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await fact())) await new Promise((resolve) => setTimeout(resolve, 50));
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(() => resolve(true)));
    socket.on('error', () => resolve(false));
  });
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'netdelta-rsyslog-'));
  tls = certificates();
  ports = { tcp: await freePort(), tls: await freePort() };
  const template = ['syslogseverity-text', 'app-name', 'msgid', 'msg']
    .map(
      (name, index) => `property(name="${name}" outname="${['severity', 'app', 'id', 'text'][index]}" format="jsonf")`,
    )
    .join(' constant(value=", ") ');
  writeFileSync(
    join(directory, 'rsyslog.conf'),
    `global(workDirectory="${directory}" defaultNetstreamDriverCAFile="${tls.paths.ca}"
      defaultNetstreamDriverCertFile="${tls.paths.cert}" defaultNetstreamDriverKeyFile="${tls.paths.key}")
    module(load="imptcp") module(load="imudp")
    module(load="imtcp" StreamDriver.Name="gtls" StreamDriver.Mode="1" StreamDriver.AuthMode="anon")
    template(name="json" type="list") { constant(value="{") ${template} constant(value="}\\n") }
    ruleset(name="out") { action(type="omfile" file="${directory}/out.jsonl" template="json") }
    input(type="imptcp" address="127.0.0.1" port="${ports.tcp}" ruleset="out")
    input(type="imudp" address="127.0.0.1" port="${ports.tcp}" ruleset="out")
    input(type="imtcp" port="${ports.tls}" ruleset="out")\n`,
  );
  const args = ['-n', '-f', join(directory, 'rsyslog.conf'), '-i', join(directory, 'pid')];
  rsyslog = spawn('rsyslogd', args, { stdio: 'ignore' });
  await until(async () => (await answers(ports.tcp)) && (await answers(ports.tls)));
});
afterAll(() => {
  rsyslog.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

function sink(address: Partial<SyslogConfig['address']>, format: SyslogConfig['format'] = 'json') {
  return createSyslogSink({ address: { protocol: 'tcp', host: '127.0.0.1', port: ports.tcp, ...address }, format });
}

describe('the syslog sink, with a real rsyslog', () => {
  it('writes one line per delta, per answer and per scan, as JSON in ECS fields', async () => {
    const before = written().length;
    for (const event of [OPENED, ANSWERED, SCAN_DONE, RELEASED]) await sink({}).send(event, 'main', later);
    await until(() => written().length >= before + 5);
    const lines = written().slice(before);
    expect(lines.map(({ severity, app, id }) => [severity, app, id])).toEqual([
      ['err', 'netdelta', 'alert-opened'],
      ['notice', 'netdelta', 'alert-opened'],
      ['info', 'netdelta', 'delta-answered'],
      ['info', 'netdelta', 'scan-done'],
      ['err', 'netdelta', 'delta-released'],
    ]);
    const [opened, v6, answered, , released] = lines.map(({ text }) => JSON.parse(text));
    expect(opened).toMatchObject({
      '@timestamp': '2026-11-24T12:00:00.000Z',
      event: { id: 'bot1-100-41', kind: 'alert', action: 'alert-opened' },
      destination: { ip: '10.0.0.5', port: 23 },
      network: { transport: 'tcp' },
      netdelta: { group: 'lab', risk: 'high', kind: 'service-added', scan: 3, scan_id: 7 },
    });
    expect(opened.netdelta.after.identity.product).toContain('\r\nFORGED');
    expect(released).toMatchObject({ event: { kind: 'alert' }, netdelta: { reason: 'mute 3 (lab) has ended' } });
    expect(v6.destination.ip).toBe('2001:db8::5');
    expect(answered).toMatchObject({ user: { id: 'slack:U1' }, netdelta: { answer: 'acknowledged', scan_id: 7 } });
  });

  it('sends the same by UDP and by verified TLS', async () => {
    const before = written().length;
    await sink({ protocol: 'udp' }).send(SCAN_DONE, 'main', later);
    await until(() => written().length > before);
    await sink({ protocol: 'tls', host: 'localhost', port: ports.tls, ca: tls.ca }).send(SCAN_DONE, 'main', later);
    await until(() => written().length > before + 1);
    const [udp, stream] = written().slice(before);
    expect(stream).toEqual(udp);
  });

  it('refuses a server whose certificate can’t be verified, or belongs to another', async () => {
    const before = written().length;
    const unknown = sink({ protocol: 'tls', host: 'localhost', port: ports.tls });
    await expect(unknown.send(SCAN_DONE, 'main', later)).rejects.toMatchObject({ retryable: true });
    const other = sink({ protocol: 'tls', port: ports.tls, ca: tls.ca });
    await expect(other.send(SCAN_DONE, 'main', later)).rejects.toMatchObject({
      code: 'syslog_ERR_TLS_CERT_ALTNAME_INVALID',
    });
    expect(written()).toHaveLength(before);
    expect((await other.check()).join()).toContain('SYSLOG_URL');
  });

  it('as CEF is read back field by field, whatever a banner or a note contains', async () => {
    const before = written().length;
    await sink({}, 'cef').send(ANSWERED, 'main', later);
    await until(() => written().length > before);
    const { header, fields } = parseCef(written().at(-1)?.text ?? '');
    expect(header.slice(0, 5)).toEqual(['CEF:0', 'NetDelta', 'NetDelta', '1', 'delta-answered:service-added']);
    expect(fields).toMatchObject({ dst: '10.0.0.5', dpt: '23', proto: 'TCP', cs1: 'lab', act: 'acknowledged' });
    expect(fields).toMatchObject({ cs5Label: 'scan', cs5: '7' });
    expect(fields['reason']).toBe('</td><script>alert(1)</script> | x=1 \\ "q" FORGED <!channel> @everyone');
  });

  it('writes a delta with thousands of members as one whole line of JSON that says what it leaves out', async () => {
    const before = written().length;
    const members = Array.from({ length: 5000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
    await sink({}).send({ ...OPENED, deltas: [delta({ kind: 'outage', members })] } as typeof OPENED, 'main', later);
    await until(() => written().length > before);
    expect(JSON.parse(written().at(-1)?.text ?? '').netdelta).toMatchObject({ truncated: true, kind: 'outage' });
  });

  it('retries a server that is away', async () => {
    const away = sink({ port: await freePort() });
    await expect(away.send(SCAN_DONE, 'main', later)).rejects.toMatchObject({
      retryable: true,
      code: 'syslog_ECONNREFUSED',
    });
  });
});

/** ArcSight's Common Event Format, read according to its specification. */
function parseCef(line: string): { header: string[]; fields: Record<string, string> } {
  const parts = line.trim().split(/(?<!\\)\|/);
  const fields: Record<string, string> = {};
  const extension = parts.slice(7).join('|');
  for (const [, key = '', value = ''] of extension.matchAll(/(\w+)=((?:\\.|[^=\\])*)(?=\s\w+=|$)/g)) {
    fields[key] = value.replace(/\\([\\=])/g, '$1');
  }
  return { header: parts.slice(0, 7).map((part) => part.replace(/\\([\\|])/g, '$1')), fields };
}
