import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLog } from '../../src/app/log.ts';
import { createApp } from '../../src/app.ts';
import { type FakeSlack, startFakeSlack } from '../fakes/slack/fake-slack.ts';

/**
 * `npx tsx test/bench/slack-ack.ts [PREFIX]`: how soon commands are acknowledged while all of NetDelta scans
 * 127.1.0.0/PREFIX (default /16: 65,536 hosts, all up), reads nmap's XML and judges it, in the same process.
 */
const prefix = Number(process.argv[2] ?? 16);
const EVERY_MS = 100;
const READS = ['status', 'delta list', 'group list', 'help', 'scan list big', 'host show 127.1.0.5'];
/** Acknowledged when it is committed, so it waits for the writes of the scan. */
const CHANGE = 'note add 127.1.0.5 seen';
const COMMANDS = [...READS, CHANGE];

const dataDir = await mkdtemp(join(tmpdir(), 'netdelta-bench-'));
const fake = await startFakeSlack();
const app = await createApp(
  {
    slack: { botToken: fake.tokens.bot, appToken: fake.tokens.app, apiUrl: fake.apiUrl },
    defaultChannel: 'slack:C0ALERTS',
    admins: ['slack:U0ALICE'],
    allowedTargets: ['127.0.0.0/8'],
    dataDir,
    databaseUrl: `sqlite:${join(dataDir, 'netdelta.sqlite')}`,
    logLevel: 'error',
    confirmDelaysMs: [1_000],
    noColor: true,
  },
  { log: createLog('error') },
);

try {
  await fake.command(`/netdelta group add big 127.1.0.0/${prefix} ports:9`);
  await until(() => said(fake, /big/));
  for (const round of [1, 2]) {
    await fake.command('/netdelta scan now big');
    report(`scan ${round}`, await measure(round));
  }
} finally {
  await app.stop();
  await fake.close();
  await rm(dataDir, { recursive: true, force: true });
}

/** Times until the acknowledgement, ms. */
type Measured = { reads: number[]; changes: number[]; answers: number; seconds: number };

/** Types a command at intervals until the scan has ended. */
async function measure(round: number): Promise<Measured> {
  const [reads, changes]: [number[], number[]] = [[], []];
  const failed: string[] = [];
  const before = fake.ephemeralsOf('U0ALICE').length;
  const started = performance.now();
  const pending: Promise<void>[] = [];
  for (let turn = 0; !said(fake, new RegExp(`big: scan #${round} (done|failed)`)); turn += 1) {
    const command = COMMANDS[turn % COMMANDS.length];
    const times = command === CHANGE ? changes : reads;
    pending.push(
      fake.command(`/netdelta ${command}`).then(
        ({ ms }) => void times.push(ms),
        (error: unknown) => void failed.push(String(error)),
      ),
    );
    await sleep(EVERY_MS);
  }
  await Promise.all(pending);
  if (failed.length > 0) console.log(`${failed.length} commands failed: ${failed[0]}`);
  const answers = fake.ephemeralsOf('U0ALICE').length - before;
  return { reads, changes, answers, seconds: (performance.now() - started) / 1000 };
}

function report(what: string, { reads, changes, answers, seconds }: Measured): void {
  console.log(
    `${what} of ${2 ** (32 - prefix)} hosts, ${seconds.toFixed(0)} s: ${reads.length + changes.length} commands acknowledged, ` +
      `${answers} answered; that only read: ${spread(reads)}; that change something: ${spread(changes)}`,
  );
}

function spread(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(0);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, at most ${at(1)} ms`;
}

function said(slack: FakeSlack, words: RegExp): boolean {
  return [...slack.messagesIn('C0ALERTS'), ...slack.ephemeralsOf('U0ALICE')].some((one) =>
    words.test(slack.textOf(one)),
  );
}

async function until(look: () => boolean): Promise<void> {
  while (!look()) await sleep(50);
}
