import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createXmlReader } from '../../adapters/nmap/xml-reader.ts';
import type { Group } from '../../src/core/model/group.ts';
import { profileSettings } from '../../src/core/model/profile.ts';
import type { HostState } from '../../src/core/model/state.ts';
import { ADMIN, addGroup, type Lab, NOW, newDelta, openLab } from './lab.ts';
import { textOf } from './text.ts';

let lab: Lab;
let group: Group;
beforeEach(async () => {
  lab = await openLab({ reader: createXmlReader() });
  group = await addGroup(lab);
});
afterEach(() => lab.close());

const say = async (line: string): Promise<string> => textOf(await lab.run(line));

const host: HostState = {
  address: '10.0.0.5',
  code: 'unchanged',
  present: true,
  firstSeen: NOW - 86_400_000,
  hostnames: [],
  services: [
    {
      protocol: 'tcp',
      port: 80,
      present: true,
      since: NOW - 86_400_000,
      memory: { since: 1, run: { scans: 1, lost: 0.01 } },
    },
  ],
  memory: { since: 1 },
};

/** A scan of two chunks, the second of which covered 10.0.0.5. */
async function scanned(state: string, reason: string): Promise<void> {
  const settings = profileSettings(group.profile);
  const { scan } = await lab.store.scans.add({
    ...{ groupId: group.id, kind: 'scan', settings, site: 'local', hostsTotal: 16, queuedAt: NOW, notes: [] },
    origin: { type: 'command', by: ADMIN.key, channel: 'console:main' },
    chunks: [
      { ranges: [['10.0.0.0', '10.0.0.3']], family: 4, settings },
      { ranges: [['10.0.0.4', '10.0.0.15']], family: 4, settings },
    ],
  });
  const port = `<port protocol="tcp" portid="80"><state state="${state}" reason="${reason}"/></port>`;
  const xml = `<?xml version="1.0"?><nmaprun scanner="nmap" args="nmap" start="1700000000" version="7.93"><scaninfo type="syn" protocol="tcp" numservices="2" services="22,80"/><host><status state="up" reason="echo-reply"/><address addr="10.0.0.5" addrtype="ipv4"/><ports>${port}</ports></host><runstats><finished time="1700000001" exit="success"/><hosts up="1" down="0" total="1"/></runstats></nmaprun>`;
  await lab.store.scans.stageChunk(scan.id, 0, 1, { xml: Buffer.from('broken'), outcome: 'failed' });
  await lab.store.scans.stageChunk(scan.id, 1, 1, { xml: gzipSync(xml), outcome: 'complete' });
  await lab.store.scans.transition(scan.id, ['queued'], 'done', { startedAt: NOW, finishedAt: NOW });
}

describe('why', () => {
  it('shows what is believed, what each scan saw, how certain it is, and what would change it', async () => {
    await lab.tell(group, [newDelta({ kind: 'service-removed', port: 80, state: 'candidate', grade: 'red' })], [host]);
    await scanned('open', 'syn-ack');
    await scanned('filtered', 'no-response');
    const text = await say('why 10.0.0.5:80');
    for (const part of [
      'Why 10.0.0.5:80/tcp',
      'lab: It is believed open since 2026-11-23 12:00 UTC. It was silent in one scan.',
      'The chance that it is there all the same is',
      'scan #2, 2026-11-24 12:00 UTC: open: syn-ack received',
      'scan #3, 2026-11-24 12:00 UTC: no answer: filtered or the probe was lost',
      'scan #1, 2026-11-24 12:00 UTC: its detail is pruned',
      '#1 HTTP 80/tcp closed on 10.0.0.5 (lab) · high risk, doubtful',
      'Its silence is not sure enough yet',
      'An answer ends the doubt: nothing is reported.',
    ]) {
      expect(text).toContain(part);
    }
    expect(text.indexOf('scan #3')).toBeLessThan(text.indexOf('scan #2'));
  });

  it('names mutes, windows, approved changes and the policy that hold it back', async () => {
    await lab.tell(group, [newDelta({ state: 'suppressed', heldBack: 'mute 1', port: 80 })], [host]);
    await lab.run('mute add lab for:1h reason:move');
    await lab.run('expect add lab 10.0.0.5:80 until:3d ticket:CHG-1');
    await lab.run('group edit lab alert-on:host-down');
    const text = await say('why 10.0.0.5:80 group:lab');
    for (const part of ['held back: mute 1', 'mute 1 lab until', 'CHG-1', 'min-grade amber', 'alert-on leaves out']) {
      expect(text).toContain(part);
    }
  });

  it('shows a waiting confirmation that concerns it, and no others', async () => {
    await lab.tell(group, [newDelta()], [host]);
    const settings = { ...profileSettings(group.profile), ports: 'T:80' };
    await lab.store.scans.add({
      ...{ groupId: group.id, kind: 'confirmation', parentId: 1, site: 'local', hostsTotal: 1, notes: [], settings },
      origin: { type: 'recheck', by: ADMIN.key },
      chunks: [{ ranges: [['10.0.0.5', '10.0.0.5']], family: 4, settings }],
      queuedAt: NOW + 300_000,
    });
    for (const where of ['10.0.0.5', '10.0.0.5:80'])
      expect(await say(`why ${where}`)).toContain('Confirmation #2 asks again at 2026-11-24 12:05 UTC.');
    for (const where of ['10.0.0.5:22', '10.0.0.6']) expect(await say(`why ${where}`)).not.toContain('Confirmation');
    lab.clock.now = NOW + 600_000;
    expect(await say('why 10.0.0.5:80'), 'its time has come').toContain('Confirmation #2 is asking again.');
  });

  it('leaves out what is about other ports', async () => {
    await lab.tell(group, [newDelta({ port: 23 }), newDelta({ port: 80 })], [host]);
    const text = await say('why 10.0.0.5:80');
    expect(text).toContain('#2 HTTP 80/tcp opened on 10.0.0.5 (lab)');
    expect(text).not.toContain('23/tcp');
    expect(await say('why 10.0.0.5')).toContain('23/tcp');
  });

  it('refuses an invalid address, and one that nobody watches', async () => {
    expect(await say('why nas.lab.example')).toContain('“nas.lab.example” is not an address.');
    expect(await say('why 10.0.0.5:99999')).toContain('is not an address');
    expect(await say('why 10.9.0.1:80')).toContain('No group watches 10.9.0.1.');
    expect(await say('why 10.0.0.9')).toContain('it has never answered');
  });
});
