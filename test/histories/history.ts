import type { Delta } from '../../src/core/model/alert.ts';
import { type DeltaKind, KINDS } from '../../src/core/model/delta-kinds.ts';
import { allDeltas } from '../../src/usecases/answers/all-deltas.ts';
import { openBot } from './bot.ts';
import { type Believed, createModel, keyOf } from './model.ts';
import { cardFaults } from './scan-cards.ts';
import { ADDRESSES, ALL, expectation, hoursOf, MUTES, PORTS, type Step } from './steps.ts';

export type HistoryRun = Awaited<ReturnType<typeof openHistory>>;

const MINUTE = 60_000;
/** Scans after which any presence or absence must be believed. */
const SETTLED = 8;

/** A group of three hosts, one of which is not there yet, scanned once; then random steps, compared with a model. */
export async function openHistory(profile: string) {
  const bot = await openBot();
  const model = createModel();
  const { network, clock } = bot;
  for (const [index, address] of ADDRESSES.entries()) {
    network.set(address, { up: index < 2, open: new Map(index === 2 ? [] : [[1, 1]]) });
  }
  await bot.run(`group add lab 10.0.0.1-3 ports:1-3 profile:${profile} min-grade:red channel:console:main`);
  const groupId = (await bot.store().groups.byName('lab'))?.id ?? 0;
  let versions = 1;
  await bot.run('scan now lab');
  const baseline = async () => model.baseline(await believed());
  await bot.work(baseline);
  for (let due = bot.nextDue(); due !== undefined; due = bot.nextDue()) {
    clock.at = due;
    await bot.work(baseline);
  }

  async function believed(): Promise<Believed> {
    const { hosts } = await bot.store().states.load(groupId);
    return new Map(
      [...hosts.values()].flatMap((host) => [
        [host.address, host.present] as const,
        ...host.services.map((service) => [keyOf(host.address, service.port), service.present] as const),
      ]),
    );
  }

  const judged = async () => model.judged(await believed(), clock.at);

  async function askAgain(): Promise<void> {
    for (let due = bot.nextDue(); due !== undefined; due = bot.nextDue()) {
      await pass(Math.max(0, due - clock.at));
      await bot.work(judged);
    }
  }

  async function pass(ms: number): Promise<void> {
    clock.at += ms;
    await endHolds();
  }

  /** The bot polls every few seconds. */
  async function endHolds(): Promise<void> {
    for (const name of model.holdsOver(clock.at)) model.release(name, clock.at);
    await bot.endHolds();
  }

  async function scan(step: Extract<Step, { do: 'scan' }>): Promise<void> {
    await pass(10 * MINUTE);
    await bot.run('scan now lab');
    if (step.stopped) {
      await bot.workUnjudged();
      await bot.restart();
      await judged();
    }
    await bot.work(judged);
    if (step.askAgain) await askAgain();
  }

  const list = async (words: string): Promise<Listed[]> => listed((await bot.run(`delta list lab ${words}`)).data);

  async function deltas(ids: readonly number[]): Promise<Delta[]> {
    return ids.length === 0 ? [] : await allDeltas(bot.store(), { ids });
  }

  /** The ports that a new host appeared with are listed with it. */
  async function openDeltas(): Promise<Delta[]> {
    const items = await list('');
    return (await deltas(items.flatMap(({ id, contents = [] }) => [id, ...contents.map((port) => port.id)]))).filter(
      (delta) => isModelled(delta.kind),
    );
  }

  /** Answers, or undoes answers; returns what changed. */
  async function changedBy(command: string): Promise<Delta[]> {
    clock.at += 1000;
    const { changed } = (await bot.run(command)).data as { changed: { id: number }[] };
    return (await deltas(changed.map(({ id }) => id))).filter(({ kind }) => isModelled(kind));
  }

  async function answer({ how, which }: Extract<Step, { do: 'answer' }>): Promise<void> {
    const open = await list('');
    const item = open[which % Math.max(1, open.length)];
    if (item === undefined) return;
    for (const delta of await changedBy(`delta ${how} ${item.id}`)) {
      model.answer(delta.id, subjectOf(delta), how === 'ack' ? 'acknowledged' : how);
    }
    model.corrected(await believed());
  }

  async function undo({ which }: Extract<Step, { do: 'undo' }>): Promise<void> {
    const all = await allDeltas(bot.store(), { groupId, states: ['confirmed'] });
    const answered = all.filter(({ acknowledgement, kind }) => isModelled(kind) && acknowledgement.type !== 'open');
    const delta = answered[which % Math.max(1, answered.length)];
    if (delta === undefined) return;
    for (const { id, ...undone } of await changedBy(`delta undo ${delta.id}`)) {
      const key = keyOf(undone.address, undone.port);
      const later = all.some((other) => other.id > id && isModelled(other.kind) && subjectOf(other) === key);
      model.undo(id, key, !later);
    }
    model.corrected(await believed());
  }

  async function mute({ what, hours }: Extract<Step, { do: 'mute' }>): Promise<void> {
    const { words, covers } = MUTES[what] ?? ALL;
    await bot.run(`mute add ${words} for:${hours}h`);
    const id = Math.max(...(await bot.store().holds.mutes()).map((one) => one.id));
    model.hold({ name: `mute ${id}`, until: clock.at + hoursOf(hours), covers });
  }

  async function window({ hours }: Extract<Step, { do: 'window' }>): Promise<void> {
    await bot.run(`window add lab now for:${hours}h`);
    const id = Math.max(...(await bot.store().holds.windows(groupId)).map((one) => one.id));
    model.hold({ name: `window ${id}`, until: clock.at + hoursOf(hours), covers: () => true });
  }

  async function unhold({ which }: Extract<Step, { do: 'unhold' }>): Promise<void> {
    const holds = model.holds();
    const hold = holds[which % Math.max(1, holds.length)];
    if (hold === undefined) return;
    const [noun, id] = hold.name.split(' ');
    await bot.run(`${noun} remove ${id}`);
    model.release(hold.name, clock.at);
  }

  async function announce({ host, port, lasts }: Extract<Step, { do: 'expect' }>): Promise<void> {
    const { words, covers } = expectation(ADDRESSES[host] ?? ADDRESSES[0], port);
    await bot.run(`expect add lab ${words} until:8h lasts:${lasts}`);
    model.expect({ until: clock.at + hoursOf(8), once: lasts === 'once', covers });
  }

  function change(step: Extract<Step, { do: 'port' | 'version' | 'host' }>): void {
    const host = network.get(ADDRESSES[step.host] ?? '');
    if (host === undefined) return;
    if (step.do === 'host') host.up = !host.up;
    else {
      const port = PORTS[step.port] ?? PORTS[0];
      const open = host.open.has(port);
      versions += 1;
      if (step.do === 'port' && open) host.open.delete(port);
      else if (step.do === 'port' || open) host.open.set(port, step.do === 'port' ? 1 : versions);
    }
  }

  return {
    async take(step: Step): Promise<void> {
      switch (step.do) {
        case 'port':
        case 'version':
        case 'host':
          return change(step);
        case 'scan':
          return scan(step);
        case 'mute':
          return mute(step);
        case 'window':
          return window(step);
        case 'unhold':
          return unhold(step);
        case 'expect':
          return announce(step);
        case 'answer':
          return answer(step);
        case 'undo':
          return undo(step);
        case 'wait':
          await pass(hoursOf(step.hours));
          return bot.work(judged);
        case 'restart':
          await bot.restart();
          return endHolds();
      }
    },
    /** Where the bot's list differs from the model's; empty when all is well. */
    async faults(): Promise<string[]> {
      await bot.deliver();
      const open = await openDeltas();
      const said = open.map(subjectOf).sort();
      const now = await believed();
      // The ports of a new host go with it.
      const isGone = (key: string) => key.includes(':') && now.get(key.slice(0, key.indexOf(':'))) !== true;
      return [
        ...model
          .open()
          .filter((key) => !said.includes(key) && !isGone(key))
          .map((key) => `lost: ${key}`),
        ...said.filter((key, index) => said.indexOf(key) !== index).map((key) => `twice: ${key}`),
        ...said.filter((key) => !model.open().includes(key)).map((key) => `not open: ${key}`),
        ...open
          .filter((delta) => saysThere(delta) !== (now.get(subjectOf(delta)) ?? false))
          .map(({ id, kind }) => `untrue: #${id} ${kind}`),
        ...(await cardFaults(bot, groupId)),
      ];
    },
    /** Nothing changes any more: everything present must be believed, and nothing else. */
    async settle(): Promise<void> {
      for (let count = 0; count < SETTLED; count += 1) await scan({ do: 'scan', askAgain: true, stopped: false });
      const now = await believed();
      for (const [address, { up, open }] of network) {
        if ((now.get(address) ?? false) !== up)
          throw new Error(`${address} is ${up ? 'up' : 'down'}, and not believed so`);
        for (const port of up ? PORTS : []) {
          if ((now.get(keyOf(address, port)) ?? false) !== open.has(port))
            throw new Error(`${address}:${port} is not believed as it is`);
        }
      }
      const faults = await this.faults();
      if (faults.length > 0) throw new Error(`settled: ${faults.join(', ')}`);
    },
    close: () => bot.close(),
  };
}

/** For an outage the hosts are what matters; a changed version is a separate change each time. */
function isModelled(kind: DeltaKind): boolean {
  return (KINDS[kind].family === 'service' || KINDS[kind].family === 'host') && KINDS[kind].undoneBy !== undefined;
}

const subjectOf = ({ address, port }: Delta): string => keyOf(address, port);

function saysThere({ kind, now }: Delta): boolean {
  const last = now?.kind ?? kind;
  return last !== 'service-removed' && last !== 'host-down';
}

type Listed = { id: number; contents?: { id: number }[] };

function listed(data: unknown): Listed[] {
  return (data as { items: Listed[] }).items;
}
