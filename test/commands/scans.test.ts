import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createXmlReader } from '../../adapters/nmap/xml-reader.ts';
import type { Group } from '../../src/core/model/group.ts';
import { addGroup, cardOf, type Lab, openLab } from './lab.ts';
import { textOf } from './text.ts';

const reader = createXmlReader();
let lab: Lab;
let group: Group;
beforeEach(async () => {
  lab = await openLab({ reader });
  group = await addGroup(lab);
});
afterEach(() => lab.close());

const say = async (line: string): Promise<string> => textOf(await lab.run(line));

function xml(address: string, ports: readonly number[], end = true): Buffer {
  const open = ports
    .map(
      (port) =>
        `<port protocol="tcp" portid="${port}"><state state="open" reason="syn-ack"/><service name="ssh" product="OpenSSH" method="probed" conf="10"/></port>`,
    )
    .join('');
  const host = `<host><status state="up" reason="syn-ack"/><address addr="${address}" addrtype="ipv4"/><hostnames/><ports>${open}</ports></host>`;
  const tail = end
    ? '<runstats><finished time="1700000001" exit="success"/><hosts up="1" down="0" total="1"/></runstats></nmaprun>'
    : '';
  return gzipSync(
    `<?xml version="1.0"?><nmaprun scanner="nmap" args="nmap" start="1700000000" version="7.93"><scaninfo type="syn" protocol="tcp" numservices="2" services="22,80"/>${host}${tail}`,
  );
}

async function scanned(...documents: Buffer[]): Promise<number> {
  await lab.run('scan now lab');
  const { items } = await lab.store.scans.list({ groupId: group.id }, { limit: 1, offset: 0 });
  const id = items[0]?.id ?? 0;
  for (const [chunk, document] of documents.entries()) {
    await lab.store.scans.stageChunk(id, chunk, 1, { xml: document, outcome: 'complete' });
  }
  await lab.store.scans.transition(id, ['queued'], 'done', { startedAt: 1, finishedAt: 2 });
  return id;
}

describe('scan now', () => {
  it('requests one with the given options, and shows its number', async () => {
    const result = await lab.run('scan now lab profile:quick ports:22,80');
    expect(result).toMatchObject({ type: 'card', scanId: 1, audience: 'private' });
    expect(lab.calls).toEqual(['scan lab quick 22,80']);
  });

  it('while one is queued answers with that one', async () => {
    await lab.run('scan now lab');
    const again = await lab.run('scan now lab');
    expect(again).toMatchObject({ scanId: 1 });
    expect(textOf(again)).toContain('was not queued twice');
  });

  it('while one runs says that it waits for it to end', async () => {
    expect(await say('scan now lab')).not.toContain('It waits');
    await lab.store.scans.transition(1, ['queued'], 'running', { startedAt: 1 });
    expect(await say('scan now lab')).toContain('It waits for the end of scan #1 of this group');
  });

  it('with wrong ports requests nothing', async () => {
    expect(await say('scan now lab ports:0-70000')).toContain('outside of the ports there are');
    expect(lab.calls).toEqual([]);
  });
});

describe('scan show', () => {
  it('shows what its XML contains, and attaches the XML as nmap wrote it', async () => {
    const document = xml('10.0.0.5', [22, 80]);
    await scanned(document);
    const result = await lab.run('scan show 1');
    expect(textOf(result)).toContain('1 host up, 2 open ports');
    expect(textOf(result)).toContain('10.0.0.5: 22/tcp ssh, OpenSSH · 80/tcp ssh, OpenSSH');
    expect(cardOf(result).attachment).toMatchObject({ name: 'scan-1.xml.gz', when: 'always' });
    expect(Buffer.from(cardOf(result).attachment?.content ?? '')).toEqual(document);
  });

  it('joins the XML of several chunks into one document, including broken ones', async () => {
    await scanned(xml('10.0.0.5', [22]), xml('10.0.0.6', [80]), xml('10.0.0.7', [22], false));
    const content = cardOf(await lab.run('scan show 1')).attachment?.content ?? '';
    const whole = gunzipSync(Buffer.from(content));
    const hosts: string[] = [];
    const end = await reader.read(
      { data: gzipSync(whole) },
      { onHeader: () => undefined, onHosts: (found) => void hosts.push(...found.map((host) => host.address)) },
    );
    expect(hosts).toEqual(['10.0.0.5', '10.0.0.6', '10.0.0.7']);
    expect(end.complete).toBe(true);
  });

  it('of a scan whose detail is pruned says so', async () => {
    await scanned();
    expect(await say('scan show 1')).toContain('Its detail is pruned');
  });

  it('against another compares the older with the newer, within one group only', async () => {
    await scanned(xml('10.0.0.5', [22]));
    await scanned(xml('10.0.0.5', [22, 80]));
    expect(await say('scan show 2 against:1')).toContain('scan #1 against #2, 1 difference');
    expect(lab.calls).toContain('compare 1 2');
    expect(await say('scan show 2 against:2')).toContain('cannot differ from itself');
    await addGroup(lab, 'other', '10.0.9.0/30');
    await lab.run('scan now other');
    expect(await say('scan show 1 against:3')).toContain('is of another group');
    expect(await say('scan show 99')).toContain('There is no scan 99.');
  });
});

describe('scan status, list and cancel', () => {
  it('follow a scan from its queue to its end', async () => {
    await lab.run('scan now lab');
    const status = await lab.run('scan status');
    expect(textOf(status)).toContain('lab: scan #1 queued');
    expect(cardOf(status).controls).toMatchObject([{ label: 'Cancel #1', action: { type: 'cancel-scan', scan: 1 } }]);
    expect(await say('scan status 1')).toContain('waits for its turn at site local');
    expect(await say('scan cancel 1')).toContain('Cancelled. What is complete is kept and judged.');
    expect(await say('scan cancel 1')).toContain('It had ended already.');
    expect(textOf(await lab.click('nd1;cancel-scan;1'))).toContain('It had ended already.');
    expect(await say('scan status')).toContain('No scan is under way.');
    expect(await say('scan list lab')).toContain('1 lab: cancelled');
  });

  it('a click cancels silently: the scan’s message shows it', async () => {
    await lab.run('scan now lab');
    expect(await lab.click('nd1;cancel-scan;1')).toEqual({ type: 'silent' });
    expect(lab.calls).toContain('cancel 1 slack:UADMIN');
  });
});

describe('status', () => {
  it('names a site without workers', async () => {
    await lab.run('group add far 10.0.3.0/30 site:dmz');
    const card = cardOf(await lab.run('status'));
    expect(card.tone).toBe('medium');
    expect(textOf(await lab.run('status'))).toContain('dmz: no worker! Start one: netdelta worker --site dmz');
  });

  it('shows next runs in order, and open deltas by group', async () => {
    await lab.run('schedule add lab daily 13:00');
    await lab.run('schedule add lab every 30m');
    const text = await say('status');
    expect(text).toMatch(/Next runs:[\s\S]*12:30 UTC[\s\S]*13:00 UTC/);
    expect(text).toContain('local: 1 worker, 0 active, 0 waiting');
  });
});
