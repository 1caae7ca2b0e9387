import { afterEach, describe, expect, it } from 'vitest';
import { commandText, registration } from '../../../adapters/discord/inbound/registration.ts';
import { commandDescriptions } from '../../../src/commands/grammar/all-commands.ts';
import type { CommandDescription } from '../../../src/commands/grammar/command-description.ts';
import { RISKS } from '../../../src/core/model/scales.ts';
import { commandComplaints } from '../../fakes/discord/command-strictness.ts';
import type { RegisteredOption } from '../../fakes/discord/world.ts';
import { type Bench, openBench } from './harness.ts';
import { SOME_COMMANDS } from './some-commands.ts';

type Node = RegisteredOption;

function nodes(node: Node): Node[] {
  return [node, ...(node.options ?? []).flatMap(nodes)];
}

function find(root: Node, ...path: string[]): Node | undefined {
  return path.reduce<Node | undefined>((node, name) => node?.options?.find((option) => option.name === name), root);
}

describe('the registration of all commands', () => {
  const root: Node = JSON.parse(JSON.stringify(registration(commandDescriptions, 'global')));

  it('keeps to 25 subcommands, 25 options and 7,500 characters', () => {
    for (const node of nodes(root)) expect((node.options ?? []).length).toBeLessThanOrEqual(25);
    expect(commandText(registration(commandDescriptions, 'global'))).toBeLessThanOrEqual(7500);
    expect(commandComplaints(root)).toEqual([]);
  });

  it('has every command of the table', () => {
    for (const { path } of commandDescriptions) expect(find(root, ...path)?.name).toBe(path.at(-1));
  });

  it('leaves descriptions long enough to be read', () => {
    const shortened = nodes(root).filter((node) => node.description.endsWith('…'));
    expect(shortened.length).toBeLessThan(nodes(root).length / 4);
  });

  it('is visible to people who manage the server until an admin opens it to others', () => {
    expect(registration(commandDescriptions, 'guild').default_member_permissions).toBe(1 << 5);
  });
});

describe('options', () => {
  const root: Node = JSON.parse(JSON.stringify(registration(SOME_COMMANDS, 'guild')));

  it('have the types that Discord’s client supports', () => {
    expect(find(root, 'group', 'add', 'channel')?.type).toBe(7);
    expect(find(root, 'group', 'add', 'learn')?.type).toBe(4);
    expect(find(root, 'group', 'show', 'verbose')?.type).toBe(5);
    expect(find(root, 'role', 'grant', 'who')?.type).toBe(9);
    expect(find(root, 'role', 'grant', 'role')?.choices).toEqual([
      { name: 'viewer', value: 'viewer' },
      { name: 'admin', value: 'admin' },
    ]);
    expect(find(root, 'group', 'show', 'name')?.autocomplete).toBe(true);
  });

  it('for a place on any platform are text, for a channel only one of Discord’s', () => {
    const all: Node = JSON.parse(JSON.stringify(registration(commandDescriptions, 'guild')));
    expect(find(all, 'alert', 'route', 'to')?.type).toBe(3);
    expect(find(all, 'group', 'add', 'channel')?.type).toBe(7);
    expect(find(all, 'group', 'notify', 'who')?.type).toBe(9);
    expect(find(all, 'group', 'notify', 'from')?.choices?.map(({ name }) => name)).toEqual(RISKS);
    expect(find(all, 'group', 'targets')?.options?.map(({ name }) => name)).toEqual(['group', 'add', 'remove']);
  });

  it('complete everything that completion knows, and nothing else', () => {
    const all: Node = JSON.parse(JSON.stringify(registration(commandDescriptions, 'guild')));
    const completed = (...path: string[]) => find(all, ...path)?.autocomplete === true;
    for (const path of [
      ['help', 'command'],
      ['why', 'what'],
      ['mute', 'add', 'what'],
      ['group', 'add', 'notify'],
      ['group', 'add', 'remind'],
      ['group', 'add', 'confirm'],
      ['group', 'add', 'site'],
      ['delta', 'ack', 'ids'],
    ])
      expect([path, completed(...path)]).toEqual([path, true]);
    expect(completed('group', 'add', 'description')).toBe(false);
    expect(completed('delta', 'ack', 'note')).toBe(false);
  });

  it('that are required come first', () => {
    expect(find(root, 'scan', 'now')?.options?.map((option) => option.name)).toEqual(['group', 'ports']);
  });

  it('of a command with a form may all be left out', () => {
    expect(find(root, 'group', 'add')?.options?.some((option) => option.required === true)).toBe(false);
  });

  it('lose words rather than exceed the limit', () => {
    const many: CommandDescription[] = Array.from({ length: 24 }, (_, index) => ({
      path: [`noun-${index}`, 'verb'],
      role: 'viewer',
      summary: 'A summary that is about as long as a summary may be, and then some more words of it',
      options: Array.from({ length: 6 }, (__, option) => ({
        name: `option-${option}`,
        type: 'text' as const,
        description: 'A description that goes on and on until it is cut at a word where one ends near',
        positional: false,
        required: false,
      })),
      example: '',
      audience: 'private',
    }));
    const fitted = registration(many, 'guild');
    expect(commandText(fitted)).toBeLessThanOrEqual(7500);
    expect(commandComplaints(JSON.parse(JSON.stringify(fitted)))).toEqual([]);
  });
});

describe('registering', () => {
  let bench: Bench | undefined;
  afterEach(() => bench?.close());

  const puts = () => bench?.fake.requests.filter(({ method, path }) => method === 'PUT' && path.endsWith('/commands'));

  it('happens at the first start, and not again while nothing changed', async () => {
    bench = await openBench();
    await bench.discord.start();
    expect(bench.fake.world.commands.get(bench.fake.guild.id)?.[0]?.name).toBe('netdelta');
    const again = await openBench({ fake: bench.fake });
    await again.discord.start();
    await again.close();
    expect(puts()).toHaveLength(1);
    expect(bench.fake.complaints).toEqual([]);
  });

  it('happens again when the table changed', async () => {
    bench = await openBench();
    await bench.discord.start();
    const again = await openBench({ fake: bench.fake, definitions: SOME_COMMANDS.slice(0, 3) });
    await again.discord.start();
    await again.close();
    expect(puts()).toHaveLength(2);
  });

  it('is global without a server id, and moves to the server when one is set', async () => {
    bench = await openBench({ everywhere: true });
    const { fake } = bench;
    await bench.discord.start();
    expect(fake.world.commands.get('global')).toHaveLength(3);
    const inOne = await openBench({ fake });
    await inOne.discord.start();
    await inOne.close();
    expect(fake.world.commands.get('global')).toEqual([]);
    expect(fake.world.commands.get(fake.guild.id)?.map(({ name }) => name)).toEqual([
      'netdelta',
      'Acknowledge',
      'Why?',
    ]);
  });

  it('that Discord refuses is reported to the admins, and the rest works', async () => {
    bench = await openBench();
    bench.fake.faults.add({ kind: 'error', method: 'PUT', times: 9 });
    await bench.discord.start();
    expect(bench.notices).toEqual([expect.stringContaining('did not take the commands')]);
    expect(bench.fake.gateway.connected()).toBe(true);
  });
});
