import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Form } from '../../../src/cards/form.ts';
import type { OfferedFile } from '../../../src/ports/offered-file.ts';
import type { Attached } from '../../fakes/slack/modal.ts';
import { eventually } from './eventually.ts';
import { type Lab, openLab } from './harness.ts';
import { cardResult, recorded } from './recorded.ts';

let lab: Lab;
afterEach(() => lab.close());

const FORM: Form = {
  target: { type: 'command', path: ['import'] },
  title: 'Import',
  submit: 'Import',
  fields: [
    { name: 'group', label: 'Group', kind: 'text', required: true },
    { name: 'file', label: 'Scans', kind: 'files', required: true },
  ],
};

/** What the command receives about the attachments. */
async function attach(...files: Attached[]): Promise<readonly OfferedFile[]> {
  const asked = recorded((call) =>
    'input' in call && call.fromForm === true ? cardResult('done') : { type: 'form', form: FORM },
  );
  lab = await openLab({ dispatcher: asked.dispatcher });
  await lab.slack.start();
  await lab.fake.command('/netdelta import');
  await eventually(() => lab.fake.modals.open()?.title).toBe('Import');
  await lab.fake.modals.submit({ Group: 'lab' }, { files });
  return asked.commands.at(-1)?.files ?? [];
}

const scan = (name = 'a.xml') => ({ name, content: Buffer.from('<nmaprun/>') });
const downloads = () => lab.fake.calls.filter(({ method }) => method === 'download').length;

describe('files that are attached to a form', () => {
  it('reach the command by name and size, and are fetched from Slack on demand', async () => {
    const files = await attach(scan(), scan('b <x>.xml.gz'));
    expect(files.map(({ name, size }) => [name, size])).toEqual([
      ['a.xml', 10],
      ['b <x>.xml.gz', 10],
    ]);
    expect(downloads()).toBe(0);
    expect(String(await files[1]?.read(100))).toBe('<nmaprun/>');
  });

  it('that are larger than allowed are not fetched', async () => {
    const [file] = await attach(scan());
    await expect(file?.read(9)).rejects.toThrow('a.xml is too large');
    expect(downloads()).toBe(0);
  });

  it('are only fetched from Slack, so that nobody else sees the token', async () => {
    const asked: unknown[] = [];
    const stranger = createServer((request, response) => {
      asked.push(request.headers.authorization);
      response.end('<nmaprun/>');
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const { port } = stranger.address() as AddressInfo;
    for (const elsewhere of [
      `http://127.0.0.1:${port}/x`,
      'http://169.254.169.254/latest',
      'file:///etc/passwd',
      'x',
    ]) {
      const [file] = await attach({ ...scan(), elsewhere });
      await expect(file?.read(100), elsewhere).rejects.toThrow('is not stored on Slack');
      await lab.close();
    }
    await new Promise((resolve) => stranger.close(resolve));
    expect(asked).toEqual([]);
  });

  it('without the scope to read them are refused, with the scope', async () => {
    const [file] = await attach(scan());
    lab.fake.setScopes(['commands', 'chat:write']);
    await expect(file?.read(100)).rejects.toThrow('files:read');
  });

  it('are not fetched from where a redirect leads', async () => {
    const [file] = await attach(scan());
    const [stored] = lab.fake.workspace.files.values();
    if (stored !== undefined) stored.elsewhere = new URL('/files-pri/F0GONE/download/a.xml', lab.fake.apiUrl).href;
    await expect(file?.read(100)).rejects.toThrow('Slack did not give it');
  });
});
