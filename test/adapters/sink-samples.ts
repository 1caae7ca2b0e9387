import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Delta } from '../../src/core/model/alert.ts';
import type { SinkEvent } from '../../src/core/model/event.ts';
import { reportOf } from '../../src/core/report/report.ts';
import type { DrawReport } from '../../src/ports/draw-report.ts';

/** A deadline that never comes. */
export const later = new AbortController().signal;

export const drawNothing: DrawReport = async () => new Uint8Array();

const AT = Date.UTC(2026, 10, 24, 12);
/** Text that an attacker may put into a banner or a note. */
export const HOSTILE = '</td><script>alert(1)</script> | x=1 \\ "q"\r\nFORGED <!channel> @everyone';

export function delta(change: Partial<Delta> = {}): Delta {
  return {
    ...{ id: 41, groupId: 1, scanId: 7, at: AT, kind: 'service-added', address: '10.0.0.5', protocol: 'tcp', port: 23 },
    ...{ state: 'confirmed', grade: 'green', probability: 0.004, risk: 'high', repeats: 0, alertId: 12 },
    before: { present: false },
    after: { present: true, identity: { name: 'telnet', product: HOSTILE, method: 'probed', confidence: 10 } },
    evidence: ['open: syn-ack received', 'was closed before'],
    riskHint: 'log-in and password cross the network in clear text',
    acknowledgement: { type: 'open' },
    ...change,
  };
}

const head = { version: 1 as const, instance: 'bot1', at: AT, group: { id: 1, name: 'lab', site: 'local' } };
const scan = {
  ...{ id: 7, number: 3, kind: 'scan' as const, status: 'done' as const, site: 'local', hostsTotal: 256, hostsUp: 9 },
  notes: [],
};
const alert = { id: 12, groupId: 1, scanId: 7, thread: 'hosts' as const, createdAt: AT };
const subject = 'lab: 2 services added';

export const OPENED: SinkEvent = {
  ...{ ...head, id: 'bot1-100', type: 'alert-opened', alert, subject, scan },
  deltas: [delta(), delta({ id: 42, address: '2001:db8::5', port: 80, risk: 'low' })],
};

export const ANSWERED: SinkEvent = {
  ...{ ...head, id: 'bot1-101', type: 'delta-answered', alert, subject, deltas: [delta()] },
  answer: { type: 'acknowledged', by: 'slack:U1', byName: 'Ann <ann@x>', at: AT, note: HOSTILE },
};

export const RELEASED: SinkEvent = {
  ...{ ...head, id: 'bot1-103', type: 'delta-released', subject: 'lab: 1 service added', deltas: [delta()] },
  reason: 'mute 3 (lab) has ended',
};

export const SCAN_DONE: SinkEvent = { ...head, id: 'bot1-102', type: 'scan-done', scan };

const NO_COUNTS = {
  ...{ changes: [], waits: [60_000], codes: [{ groupId: 1, code: 'unchanged' as const, count: 9 }], services: [] },
  answers: [{ groupId: 1, answer: 'open', grade: 'green' as const, count: 2 }],
  ...{ noisiest: [{ groupId: 1, address: HOSTILE, count: 3 }], unstable: [] },
  scans: [{ groupId: 1, done: 5, failed: 1, lastDone: AT - 3_600_000 }],
  unseenSince: [{ groupId: 1, since: AT - 90_000_000 }],
  unseen: [{ groupId: 1, address: '10.0.0.7', since: AT - 90_000_000, what: 'host' as const }],
};
export const REPORT: SinkEvent = {
  ...{ ...head, id: 'bot1-104', type: 'report', format: 'png' },
  report: reportOf(NO_COUNTS, {
    ...{ title: 'Report on lab', from: AT - 30 * 86_400_000, to: AT, groups: [{ id: 1, name: 'lab' }] },
  }),
};

/** A private certificate authority, and a certificate that it issued for `localhost`. */
export function certificates(): {
  ca: string;
  key: string;
  cert: string;
  paths: Record<'ca' | 'key' | 'cert', string>;
} {
  const directory = mkdtempSync(join(tmpdir(), 'netdelta-tls-'));
  const path = (name: string) => join(directory, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' });
  const fresh = ['-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  openssl('req', '-x509', ...fresh, '-subj', '/CN=test ca', '-keyout', 'ca.key', '-out', 'ca.pem');
  openssl(
    'req',
    ...fresh.slice(0, 3),
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost',
    '-keyout',
    'key.pem',
    '-out',
    'csr.pem',
  );
  openssl(
    ...'x509 -req -in csr.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -copy_extensions copy -out cert.pem'.split(
      ' ',
    ),
  );
  const read = (name: string) => readFileSync(path(name), 'utf8');
  const paths = { ca: path('ca.pem'), key: path('key.pem'), cert: path('cert.pem') };
  return { ca: read('ca.pem'), key: read('key.pem'), cert: read('cert.pem'), paths };
}
