import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Imported } from '../../src/core/model/imported.ts';
import type { OfferedFile } from '../../src/ports/offered-file.ts';
import { scan as SCAN } from '../gallery/samples.ts';
import { addGroup, type Lab, openLab, person } from './lab.ts';
import { textOf } from './text.ts';

let lab: Lab;
let imported: Imported[];
let granted: number[];

beforeEach(async () => {
  imported = [];
  granted = [];
  lab = await openLab({
    importScans: async ({ group, files }) => {
      lab.calls.push(`import ${group.name}: ${files.map(({ name, data }) => `${name} ${data.length}`).join(', ')}`);
      return imported;
    },
  });
  await addGroup(lab, 'lab');
});
afterEach(() => lab.close());

function file(name: string, size: number): OfferedFile {
  return {
    ...{ name, size },
    async read(most) {
      granted.push(most);
      return Buffer.alloc(size);
    },
  };
}

const newest = async () => (await lab.store.audit.list({}, { limit: 1, offset: 0 })).items[0];

describe('import', () => {
  it('takes the attached files, up to 64 MB in total', async () => {
    await lab.run('import lab', { files: [file('a.xml', 1024), file('b.xml.gz', 5)] });
    expect(lab.calls).toContain('import lab: a.xml 1024, b.xml.gz 5');
    const all = 64 * 1024 * 1024;
    expect(granted).toEqual([all, all - 1024]);
  });

  it('fetches nothing for users who may not import', async () => {
    const eve = person('UEVE', 'eve');
    const result = await lab.run('import lab', { files: [file('a.xml', 5)], principal: eve });
    expect(result).toMatchObject({ type: 'card', outcome: 'refused' });
    expect(granted).toEqual([]);
    expect(lab.calls).toEqual([]);
    expect(await newest()).toMatchObject({ outcome: 'refused', who: eve.key });
  });

  it('asks for the files in a form, with the given group', async () => {
    const result = await lab.run('import lab', { canShowForm: true });
    expect(result).toMatchObject({
      type: 'form',
      form: {
        ...{ title: 'Import', submit: 'Import' },
        fields: [
          { name: 'group', kind: 'select', initial: 'lab' },
          { name: 'file', kind: 'files', required: true },
        ],
      },
    });
    expect(await lab.run('import lab', { canShowForm: true, files: [file('a.xml', 1)] })).toMatchObject({
      type: 'card',
    });
  });

  it('without a file says how to attach one', async () => {
    expect(textOf(await lab.run('import lab'))).toContain('netdelta import lab scan.xml');
    expect(textOf(await lab.run('import lab file:a.xml'))).toContain('attached, not typed');
  });

  it('names each scan by the id that people see', async () => {
    const group = await lab.store.groups.byName('lab');
    const scan = { ...SCAN, id: 17, number: 3, groupId: group?.id ?? 0 };
    imported = [{ at: 0, file: 'a.xml', scan, counts: { addresses: 256n, up: 2, open: 1 }, remarks: [] }];
    const text = textOf(await lab.run('import lab', { files: [file('a.xml', 7)] }));
    expect(text).toContain('scan #17 done (2 hosts up');
    expect(text).not.toContain('#3');
  });

  it('reports what was used, left out and counted, and the audit keeps it', async () => {
    const run = { at: 0, counts: { addresses: 256n, up: 2, open: 1 }, remarks: ['it ends early'] };
    imported = [
      { ...run, file: 'a.xml', unused: 'known' },
      { ...run, file: 'b.xml', unused: 'empty', remarks: [] },
    ];
    const text = textOf(await lab.run('import lab', { files: [file('a.xml', 7)] }));
    expect(text).toContain('lab: 0 scans imported, 2 left out');
    expect(text).toContain('imported before, nothing changed (2 hosts up, 1 open port, 256 addresses covered)');
    expect(text).toContain('a.xml: it ends early');
    expect(text).toContain('not used, because it covers no address');
    expect(await newest()).toMatchObject({
      request: 'import lab file:"a.xml" (7 bytes)',
      outcome: 'ok',
      change: JSON.stringify({
        before: null,
        after: [
          { file: 'a.xml', up: 2, open: 1, unused: 'known' },
          { file: 'b.xml', up: 2, open: 1, unused: 'empty' },
        ],
      }),
    });
  });
});
