import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HostState } from '../../src/core/model/state.ts';
import { ADMIN, cardOf, type Lab, NOW, newDelta, openLab } from './lab.ts';
import { cardText } from './text.ts';

let lab: Lab;
let file = '';
beforeEach(async () => {
  lab = await openLab({ readBatch: async () => [{ name: 'groups.yaml', data: Buffer.from(file) }] });
});
afterEach(() => lab.close());

/** The text of the answer with its file. A missing answer is an unexpected error. */
async function said(line: string): Promise<string> {
  const result = await lab.run(line);
  const card = cardOf(result);
  const text = `${cardText(card)}\n${String(card.attachment?.content ?? '')}\n${JSON.stringify(result)}`;
  expect(text, line).not.toMatch(/native code|\[object |\[Function/);
  expect(lab.logged, line).toEqual([]);
  return text;
}

function host(name: string): HostState {
  const identity = { name, product: name, version: name, method: 'probed', confidence: 10 } as const;
  return {
    ...{ address: '10.0.0.5', code: 'services-added', present: true, firstSeen: NOW, hostnames: [name], memory: {} },
    services: [{ protocol: 'tcp', port: 8080, present: true, since: NOW, identity, memory: {} }],
  };
}

describe.each(['constructor', '__proto__', 'hasOwnProperty'])('a name that every object inherits: %s', (name) => {
  // Names chosen by people begin with a letter or a digit; names from the network need not.
  const typed = name.startsWith('_') ? 'lab' : name;

  it('is an ordinary group, site, tag, owner, service and person', async () => {
    const identity = { name, product: name, method: 'probed', confidence: 10 } as const;
    await said(`group add ${typed} 10.0.0.0/28 channel:console:main site:${typed} owner:${typed} tags:${typed}`);
    const group = await lab.store.groups.byName(typed);
    if (group === undefined) throw new Error('the group was not added');
    const after = { present: true, identity };
    await lab.tell(group, [newDelta({ port: 8080, after }), newDelta({ kind: 'os-changed' })], [host(name)]);
    await said(`note add 10.0.0.5 ${name} owner:${typed} tags:${typed}`);
    await said(`role grant @${name} viewer`);
    await said(`schedule add ${typed} daily 02:00`);
    await said(`mute add ${typed} for:1h reason:${name}`);
    await said(`window add ${typed} daily 02:00 for:1h reason:${name}`);
    await said(`expect add ${typed} 10.0.0.5:443 until:3d ticket:${name}`);
    for (const line of [
      ...['status', `group show ${typed}`, 'group list', 'scan list', `scan now ${typed}`, 'scan show 1'],
      ...[`delta list ${typed}`, `delta list text:${name}`, `delta list owner:${typed} tag:${typed}`, 'delta show 1'],
      ...[`service find name:${name}`, `service find product:${name}`, `host list ${typed}`, 'host show 10.0.0.5'],
      ...[`why 10.0.0.5:8080 group:${typed}`, 'mute list', 'window list', 'expect list', 'note list', 'schedule list'],
      ...[`delta ack 1 note:${name}`, `alert list ${typed}`, 'role list', `audit list who:${name}`, 'audit verify'],
      ...['csv', 'html', 'png'].map((format) => `report show ${typed} format:${format}`),
      ...['json', 'csv', 'xml'].map((format) => `export ${typed} format:${format}`),
    ]) {
      await said(line);
    }
    expect(await said(`service find name:${name}`)).toContain('8080/tcp');
    const alerts = await lab.deliver();
    expect(alerts.map(({ text }) => text).join('\n')).toContain(name);
  });

  it('is no command, option, kind, role, format or help', async () => {
    await said(`group add lab 10.0.0.0/28`);
    for (const line of [
      ...[name, `group ${name}`, `help ${name}`, `group add other 10.0.0.1 ${name}:1`, `delta list kind:${name}`],
      ...[`role grant @ann ${name}`, `export lab format:${name}`, `report show lab theme:${name}`],
      ...[`group edit lab profile:${name}`, `group edit lab alert-on:${name}`, `schedule add lab ${name}`],
      ...[`mute add ${name} for:1h`, `alert route lab to:${name}:x`, `scan now lab profile:${name}`],
    ]) {
      await said(line);
      expect(cardOf(await lab.run(line)).tone, line).not.toBe('good');
    }
    for (const id of [name, `${name}:1`, `run:${name}`, `ack:${name}`]) await lab.click(id);
    await lab.click('add-group', { principal: ADMIN, fields: { [name]: 'x', name: 'other', targets: '10.0.0.1' } });
    expect(lab.logged).toEqual([]);
  });

  it('is unchanged in the file of all groups', async () => {
    await said(`group add ${typed} 10.0.0.0/28 channel:console:main tags:${typed} owner:${typed}`);
    file = String(cardOf(await lab.run('export config:on')).attachment?.content);
    expect(await said('apply batch:x')).toContain('Nothing to do');
    file = `version: 1\ngroups:\n  other:\n    targets: [10.0.0.1]\n    ${name}: 1\n`;
    expect(await said('apply batch:x')).toContain(name);
    expect(await lab.store.groups.byName('other')).toBeUndefined();
    file = `version: 1\ngroups:\n  ${name}:\n    targets: [10.0.0.1]\n    ports: nothing\n`;
    expect(await said('apply batch:x')).toContain('That did not work');
    file = `version: 1\n${name}:\n  targets: [10.0.0.1]\n`;
    await said('apply batch:x');
    expect((await lab.store.groups.list()).map((group) => group.name)).toEqual([typed]);
  });
});
