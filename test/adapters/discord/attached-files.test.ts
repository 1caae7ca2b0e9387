import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Form } from '../../../src/cards/form.ts';
import { settled } from '../../fakes/discord/interaction.ts';
import type { Attached } from '../../fakes/discord/world.ts';
import { type Conversation, openConversation } from './conversation.ts';
import { cardSaying, privately } from './some-commands.ts';

let talk: Conversation;
afterEach(() => talk.close());

const FORM: Form = {
  target: { type: 'command', path: ['import'] },
  title: 'Import',
  submit: 'Import',
  fields: [
    { name: 'group', label: 'Group', kind: 'text', required: true },
    { name: 'file', label: 'Scans', kind: 'files', required: true },
  ],
};
const scan = (name = 'a.xml'): Attached => ({ name, contentType: 'text/xml', data: Buffer.from('<nmaprun/>') });

async function start(): Promise<void> {
  talk = await openConversation({
    command: ({ fromForm, files = [] }) =>
      fromForm === true || files.length > 0 ? privately(cardSaying('done')) : { type: 'form', form: FORM },
  });
}

describe('files that are attached', () => {
  it('to the command itself reach it by name and size, without a form', async () => {
    await start();
    await settled(await talk.fake.slash('import', { group: 'lab', file: scan() }, talk.by));
    const [call] = talk.calls.commands;
    expect(call).toMatchObject({ canShowForm: true, input: { options: { group: 'lab' } } });
    expect(call?.files).toMatchObject([{ name: 'a.xml', size: 10 }]);
    expect(String(await call?.files?.[0]?.read(10))).toBe('<nmaprun/>');
    await expect(call?.files?.[0]?.read(9)).rejects.toThrow('a.xml is too large');
  });

  it('several can be attached to its form at once', async () => {
    await start();
    const opened = await talk.fake.slash('import', { group: 'lab' }, talk.by);
    expect(opened.modal?.components[1]).toMatchObject({ component: { type: 19, min_values: 1, max_values: 10 } });
    await settled(await talk.fake.submitModal(opened, { group: 'lab', file: [scan(), scan('b.xml.gz')] }, talk.by));
    const call = talk.calls.commands[1];
    expect(call).toMatchObject({ fromForm: true, input: { options: { group: 'lab' } } });
    expect(call?.files?.map(({ name }) => name)).toEqual(['a.xml', 'b.xml.gz']);
    expect(String(await call?.files?.[1]?.read(100))).toBe('<nmaprun/>');
  });

  it('are only fetched from Discord', async () => {
    await start();
    const asked: unknown[] = [];
    const stranger = createServer((request, response) => {
      asked.push(request.url);
      response.end('<nmaprun/>');
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const { port } = stranger.address() as AddressInfo;
    const places = [
      `http://127.0.0.1:${port}/x`,
      'https://cdn.discordapp.com.evil.example/x',
      'http://cdn.discordapp.com/x',
    ];
    for (const elsewhere of places) {
      await settled(await talk.fake.slash('import', { group: 'lab', file: { ...scan(), elsewhere } }, talk.by));
      const file = talk.calls.commands.at(-1)?.files?.[0];
      await expect(file?.read(100), elsewhere).rejects.toThrow('is not stored on Discord');
    }
    await new Promise((resolve) => stranger.close(resolve));
    expect(asked).toEqual([]);
  });
});
