import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession, type Session } from '../e2e/console-session.ts';
import { createLab, type Lab, labObstacle } from '../lab/lab.ts';
import { DEVICE, type LabState } from '../lab/rules.ts';

/**
 * `npm run bench:versions` (root): the same network, scanned by a group that reads all versions in every scan and by one
 * with `version-every:7d`, in turns, after a first scan of each that reads everything. Medians of the seconds on the
 * clock and of the packets that leave the scanner, and their ratio in the same run.
 */
const NETWORK = '10.71.0.0/27';
const [HOSTS, ROUNDS] = [16, 3];
/** Web servers, which nmap recognises soonest: a service that stays silent costs version detection minutes. */
const SERVICES = { 80: 'http', 81: 'http-new', 3000: 'http', 8000: 'http', 8081: 'http', 8888: 'http-new' } as const;
const NEW_PORT = 8080;
const GROUPS = { each: '', due: 'version-every:7d' } as const;

type Name = keyof typeof GROUPS;
type Cost = { seconds: number; packets: number };

const address = (index: number): string => `10.71.0.${index + 1}`;

/** Six services on each host; `opened`: hosts with one more. */
function state(opened: number): LabState {
  return Object.fromEntries(
    Array.from({ length: HOSTS }, (_, index) => {
      const fresh = index < opened ? { [NEW_PORT]: 'http' as const } : {};
      return [address(index), { up: true, open: { ...SERVICES, ...fresh } }];
    }),
  );
}

async function packetsOf(lab: Lab): Promise<number> {
  const { stdout } = await lab.scannerExec(['cat', `/sys/class/net/${DEVICE}/statistics/tx_packets`]);
  return Number(stdout);
}

async function scan(lab: Lab, bot: Session, name: Name): Promise<Cost> {
  const [before, from, start] = [await packetsOf(lab), bot.events.length, performance.now()];
  await bot.ask(`scan now ${name} async:true`);
  const isEnd = ({ card }: { card: { title: string } }) =>
    new RegExp(`^${name}: (baseline recorded|scan #\\d+ done)`).test(card.title);
  await bot.waitFor(isEnd, `the end of the scan of ${name}`, from);
  return { seconds: (performance.now() - start) / 1000, packets: (await packetsOf(lab)) - before };
}

/** The medians of several scans by each group, in turns. */
async function inTurns(lab: Lab, bot: Session): Promise<Record<Name, Cost>> {
  const costs: Record<Name, Cost[]> = { each: [], due: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of ['each', 'due'] as const) costs[name].push(await scan(lab, bot, name));
  }
  return { each: medians(costs.each), due: medians(costs.due) };
}

function medians(costs: readonly Cost[]): Cost {
  const median = (of: (cost: Cost) => number) => costs.map(of).sort((a, b) => a - b)[costs.length >> 1] ?? 0;
  return { seconds: median(({ seconds }) => seconds), packets: median(({ packets }) => packets) };
}

function row(what: string, { each, due }: Record<Name, Cost>): string {
  const seconds = `${each.seconds.toFixed(1)} s | ${due.seconds.toFixed(1)} s | ${(due.seconds / each.seconds).toFixed(2)}`;
  const packets = `${each.packets} | ${due.packets} | ${(due.packets / each.packets).toFixed(2)}`;
  return `| ${what} | ${seconds} | ${packets} |\n`;
}

const obstacle = labObstacle();
if (obstacle !== undefined) throw new Error(obstacle);
const directory = await mkdtemp(join(tmpdir(), 'netdelta-versions-'));
const lab = await createLab({ network: NETWORK, state: state(0) });
const { command, args } = lab.scannerCommand([]);
const env = { NETDELTA_CONFIRM_DELAYS: '1h' };
const bot = openSession({ dataDir: join(directory, 'data'), wrap: [command, ...args], env });
try {
  for (const [name, option] of Object.entries(GROUPS)) {
    await bot.ask(`group add ${name} ${NETWORK} profile:standard learn:1 confirm:off ${option}`);
  }
  process.stdout.write(
    '| scan of 16 hosts | each scan reads all | `version-every:` | ratio | packets | with it | ratio |\n',
  );
  process.stdout.write('| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n');
  const first = { each: await scan(lab, bot, 'each'), due: await scan(lab, bot, 'due') };
  process.stdout.write(row('first', first));
  process.stdout.write(row('nothing is new', await inTurns(lab, bot)));
  await lab.set(state(HOSTS / 8));
  const fresh = { each: await scan(lab, bot, 'each'), due: await scan(lab, bot, 'due') };
  process.stdout.write(row('a new port on two hosts', fresh));
} finally {
  await bot.kill('SIGTERM');
  await lab.close();
  await rm(directory, { recursive: true, force: true });
}
