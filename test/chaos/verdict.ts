import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Delta } from '../../src/core/model/alert.ts';
import { processes } from '../e2e/processes.ts';
import { isAcknowledged } from './people.ts';
import type { Scene } from './scene.ts';
import { alertsInDiscord, alertsInSlack } from './told.ts';
import { withStore } from './waiting.ts';

/** More than this in the log of one round is a flood, bytes. */
const LOG_BYTES = 100_000;
/** A close is bounded; the measurement includes the end of the process. */
const END_WITHIN_MS = 13_000;

const PAGE = { limit: 50, offset: 0 };

/** What is wrong once everything has calmed down. */
export async function lookedAt(scene: Scene): Promise<string[]> {
  return [...told(scene), ...(await stored(scene))];
}

function told({ slack, discord, first, second }: Scene): string[] {
  const wrong: string[] = [];
  for (const [place, count] of [
    ['Slack', (port: number) => alertsInSlack(slack, port).length],
    ['Discord', (port: number) => alertsInDiscord(discord, port).length],
  ] as const) {
    if (count(second.port) !== 1) wrong.push(`told ${count(second.port)} times in ${place}`);
    if (count(first.port) > 1) wrong.push(`the alert before it told ${count(first.port)} times in ${place}`);
  }
  for (const alert of [...alertsInSlack(slack, first.port), ...alertsInSlack(slack, second.port)])
    if (!isAcknowledged(slack.textOf(alert))) wrong.push('Slack does not show an acknowledgement');
  for (const alert of [...alertsInDiscord(discord, first.port), ...alertsInDiscord(discord, second.port)])
    if (!isAcknowledged(discord.see(alert).text)) wrong.push('Discord does not show an acknowledgement');
  for (const text of twice(slack.messagesIn('C0ALERTS').map(slack.textOf))) wrong.push(`twice in Slack: ${text}`);
  for (const text of twice(discord.channel.messages.map((one) => discord.see(one).text)))
    wrong.push(`twice in Discord: ${text}`);
  return [...wrong, ...discord.complaints];
}

const twice = (texts: readonly string[]) =>
  texts.filter((text, index) => texts.indexOf(text) !== index).map((text) => text.slice(0, 200));

async function stored({ databaseUrl, first, second }: Scene): Promise<string[]> {
  return withStore(databaseUrl, async (store) => {
    const wrong: string[] = [];
    const { items: deltas } = await store.deltas.list({}, PAGE);
    for (const { port } of [first, second]) wrong.push(...ofPort(port, deltas));
    if (deltas.length > 2) wrong.push(`${deltas.length} changes instead of two`);
    const { items: scans } = await store.scans.list({ kind: 'scan' }, PAGE);
    for (const { id, status, error } of scans)
      if (status === 'failed' || status === 'cancelled') wrong.push(`scan ${id} ${status}: ${error ?? ''}`);
    const due = scans.flatMap(({ origin }) => (origin.type === 'schedule' ? [String(origin.dueAt)] : []));
    if (twice(due).length > 0) wrong.push('a scheduled run came twice');
    const failed = await store.messages.listFailed(PAGE);
    for (const { subject, failure } of failed.items)
      if (failure !== 'message_not_found') wrong.push(`a message (${subject.type}) failed: ${failure}`);
    return wrong;
  });
}

function ofPort(port: number, deltas: readonly Delta[]): string[] {
  const own = deltas.filter((delta) => delta.state === 'confirmed' && 'port' in delta && delta.port === port);
  if (own.length !== 1) return [`${own.length} changes of port ${port} instead of one`];
  return own[0]?.acknowledgement.type === 'acknowledged' ? [] : [`an acknowledgement is gone`];
}

/** Ends all programs and checks what they leave behind. */
export async function endAll(scene: Scene): Promise<string[]> {
  const wrong: string[] = [];
  for (const one of [...scene.bots, ...(scene.worker === undefined ? [] : [scene.worker])]) {
    const { code, ms } = await one.end('SIGTERM');
    if (code !== 0) wrong.push(`SIGTERM ended with ${code}`);
    if (ms > END_WITHIN_MS) wrong.push(`SIGTERM took ${Math.round(ms / 1000)} s`);
    if (one.said().length > LOG_BYTES) wrong.push(`${one.said().length} bytes of log`);
  }
  const left = processes().filter(({ command }) => isOurs(command, scene));
  if (left.length > 0) wrong.push(`left running: ${left.map(({ command }) => command.slice(0, 80)).join('; ')}`);
  const files = [scene.temporary, ...scene.dataDirs.map((directory) => join(directory, 'runs'))].flatMap(filesIn);
  if (files.length > 0) wrong.push(`left behind: ${files.join(', ')}`);
  return wrong;
}

function isOurs(command: string, { room, first, redis }: Scene): boolean {
  if (/^\S*nmap /.test(command)) return command.includes(String(first.port));
  return command.includes(`${room.directory}/`) && redis.server === undefined;
}

function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory).map((name) => join(directory, name));
  } catch {
    return [];
  }
}
