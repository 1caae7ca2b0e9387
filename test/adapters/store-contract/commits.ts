import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Delta } from '../../../src/core/model/alert.ts';
import type { MessageSubject } from '../../../src/ports/message.ts';
import { BeliefChanged } from '../../../src/ports/store.ts';
import type { Context } from '../store-contract.ts';
import {
  ADMIN,
  addGroup,
  alertOf,
  commitOf,
  fresh,
  host,
  judgingScan,
  newDelta,
  newScan,
  page,
  service,
  T0,
  tell,
} from './samples.ts';

async function* inTurn<T>(items: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* items;
}

export function commitFacts(given: () => Context): void {
  describe('commits', () => {
    test('everything that a judged scan changes is stored together', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const expectation = await store.holds.addExpectation({
        groupId: id,
        what: { hosts: '10.0.0.1', ports: { protocol: 'tcp', first: 23, last: 23 } },
        lasts: 'once',
        until: T0 + 1000,
        createdBy: ADMIN,
        byName: 'me',
        createdAt: T0,
        status: 'waiting',
      });
      const scan = await judgingScan(store, id);
      const newDeltas = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((address) => newDelta(scan, address));
      const done = await store.deltas.commit(
        commitOf(scan, {
          hosts: [host('10.0.0.1', { services: [service(23)] })],
          group: { pooled: [1, 2] },
          firstDetermined: [{ address: '10.0.0.9', protocol: 'udp', port: 53 }, { address: '10.0.0.9' }],
          newDeltas: fresh(newDeltas),
          alert: alertOf(scan, ['new:0', 'new:2']),
          expectationsMet: [{ expectationId: expectation.id, delta: 'new:0', met: true }],
        }),
      );
      const [first, second, third] = done.deltaIds;
      const deltas = (await store.deltas.list({ groupId: id }, page)).items.reverse();
      const stored = { alertId: done.alertId, repeats: 0, acknowledgement: { type: 'open' } };
      expect(deltas.map((delta) => delta.id)).toEqual([first, second, third]);
      expect(deltas[0]).toEqual({ ...newDeltas[0], ...stored, id: first });
      expect(deltas[1]?.alertId).toBeUndefined();
      expect(await store.deltas.alertOfScan(scan.id)).toEqual(await store.deltas.alert(done.alertId ?? 0));
      expect(await store.deltas.alert(done.alertId ?? 0)).toMatchObject({
        groupId: id,
        scanId: scan.id,
        thread: 'hosts',
        createdAt: T0 + 5,
      });
      expect(await store.scans.byId(scan.id)).toMatchObject({ status: 'done', finishedAt: T0 + 5 });
      expect(await store.scans.coverage(scan.id)).toEqual(commitOf(scan).coverage);
      expect((await store.states.load(id)).group).toEqual({ pooled: [1, 2] });
      const at = { scanId: scan.id, at: T0 + 5 };
      const determined = [
        { address: '10.0.0.9', protocol: 'udp', port: 53, ...at },
        { address: '10.0.0.9', ...at },
      ];
      expect(await store.states.firstDetermined(id)).toEqual(determined);
      const came = { ...expectation, status: 'came', deltaId: first };
      expect(await store.holds.expectations({ groupId: id })).toEqual([came]);
    });

    test('hosts that come in slices are stored with the others, and what they show first is listed first', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const scan = await judgingScan(store, id);
      const seen = ['10.0.0.1', '10.0.0.2'].map((address) => ({ address, hostnames: [], timedOut: false, ports: [] }));
      const text = JSON.stringify(seen);
      const one = (address: string) => ({ hosts: [host(address, { services: [service(22)] })], steady: new Map() });
      await store.deltas.commit(
        commitOf(scan, {
          hosts: [host('10.0.0.3')],
          slices: inTurn([one('10.0.0.1'), { ...one('10.0.0.2'), steady: new Map([['10.0.0.2', 'as it is']]) }]),
          seen: { hostsUp: 2, openPorts: 0 },
          packedSeen: {
            count: 2,
            json: Buffer.concat([text.slice(0, 9), text.slice(9)].map((part) => gzipSync(part))),
          },
          firstDetermined: [{ address: '10.0.0.3' }],
          packedFirst: [
            { count: 2, json: gzipSync(JSON.stringify([{ address: '10.0.0.1' }, { address: '10.0.0.2' }])) },
          ],
        }),
      );
      const hosts = (await store.states.listHosts(id, {}, page)).items;
      expect(hosts.map(({ address, services }) => [address, services.length])).toEqual([
        ['10.0.0.1', 1],
        ['10.0.0.2', 1],
        ['10.0.0.3', 0],
      ]);
      expect((await store.states.outline(id)).hosts.get('10.0.0.2')?.steady).toBe('as it is');
      const found = await store.states.firstDetermined(id);
      expect(found.map(({ address }) => address)).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
      expect(await store.states.countFirstDetermined(scan.id)).toBe(3);
      expect(await store.scans.seen(scan.id)).toEqual({ hostsUp: 2, openPorts: 0, hosts: seen });
    });

    test('a slice that fails leaves nothing of the commit, which can be made again', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const scan = await judgingScan(store, id);
      async function* broken() {
        yield { hosts: [host('10.0.0.1', { services: [service(22)] })], steady: new Map<string, string>() };
        throw new Error('the second slice is damaged');
      }
      const commit = commitOf(scan, { newDeltas: fresh([newDelta(scan, '10.0.0.1')]) });
      await expect(store.deltas.commit({ ...commit, slices: broken() })).rejects.toThrow('damaged');
      expect((await store.states.load(id)).hosts.size).toBe(0);
      expect((await store.deltas.list({ groupId: id }, page)).total).toBe(0);
      expect((await store.deltas.commit(commit)).committed).toBe(true);
    });

    test('a scan is judged once, even by two at once', async () => {
      const { store, reopen } = given();
      const { id } = await addGroup(store);
      const scan = await judgingScan(store, id);
      const commit = commitOf(scan, { newDeltas: fresh([newDelta(scan, '10.0.0.1')]) });
      const second = await reopen();
      const results = await Promise.all([store, second, store].map((each) => each.deltas.commit(commit)));
      expect(results.filter(({ committed }) => committed)).toHaveLength(1);
      expect((await store.deltas.list({}, page)).total).toBe(1);
    });

    test('a judgement based on a belief that another bot has changed since is refused completely', async () => {
      const { store, reopen } = given();
      const { id } = await addGroup(store);
      const { version } = await store.states.load(id);
      const other = await reopen();
      const [first, second] = [await judgingScan(store, id), await judgingScan(store, id)];
      await other.deltas.commit({ ...commitOf(first, { hosts: [host('10.0.0.1')] }), basis: version });
      const late = { ...commitOf(second, { hosts: [host('10.0.0.2')] }), basis: version };
      await expect(store.deltas.commit(late)).rejects.toThrow(BeliefChanged);
      await expect(
        store.states.correct(id, { group: {}, hosts: [], at: T0, why: 'a false alarm', basis: version }),
      ).rejects.toThrow(BeliefChanged);
      expect((await store.scans.byId(second.id))?.status).toBe('judging');
      const now = await store.states.load(id);
      expect([...now.hosts.keys()]).toEqual(['10.0.0.1']);
      expect((await store.deltas.commit({ ...late, basis: now.version })).committed).toBe(true);
    });

    test('a scan that is not being judged, or is another group’s, commits nothing', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const { scan } = await store.scans.add(newScan(id));
      const commit = commitOf(scan, { hosts: [host('10.0.0.1')] });
      expect(await store.deltas.commit(commit)).toEqual({ committed: false, deltaIds: [] });
      await store.scans.transition(scan.id, ['queued'], 'judging');
      expect((await store.deltas.commit({ ...commit, groupId: id + 1 })).committed).toBe(false);
      expect((await store.states.load(id)).hosts.size).toBe(0);
    });

    test('a commit that fails half-way leaves nothing behind, and can be repeated', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const scan = await judgingScan(store, id);
      const whole = commitOf(scan, {
        hosts: [host('10.0.0.1', { services: [service(22)] })],
        group: { some: 'memory' },
        newDeltas: fresh([newDelta(scan, '10.0.0.1')]),
        alert: alertOf(scan, ['new:0']),
        announce: [{ about: { type: 'alert' }, channel: 'console:main' }],
      });
      await expect(
        store.deltas.commit({
          ...whole,
          announce: [...whole.announce, { alertId: 999, about: { type: 'alert' }, channel: 'console:main' }],
        }),
      ).rejects.toThrow();
      expect(await store.scans.byId(scan.id)).toMatchObject({ status: 'judging' });
      expect(await store.states.load(id)).toEqual({ group: {}, hosts: new Map(), version: 0 });
      expect((await store.deltas.list({}, page)).total).toBe(0);
      expect(await store.deltas.alertOfScan(scan.id)).toBeUndefined();
      expect(await store.messages.countPending(T0)).toBe(0);
      expect((await store.deltas.commit(whole)).committed).toBe(true);
      expect(await store.messages.countPending(T0)).toBe(1);
    });

    test('later confirmations join their scan’s alert, or open it', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const scan = await judgingScan(store, id);
      const candidate = newDelta(scan, '10.0.0.1', { state: 'candidate' });
      const { deltaIds } = await store.deltas.commit(commitOf(scan, { newDeltas: fresh([candidate]) }));
      const [deltaId = 0] = deltaIds;
      const alert = alertOf(scan, [deltaId]);
      const confirm = async (change: object) => {
        const confirmation = await judgingScan(store, id, { kind: 'confirmation', parentId: scan.id });
        return store.deltas.commit(commitOf(confirmation, change));
      };
      const proof = { state: 'confirmed', evidence: ['confirmed by 2 probes'], probability: 0.001 } as const;
      const opened = await confirm({ changedDeltas: [{ id: deltaId, ...proof }], alert });
      expect(await store.deltas.alertOfScan(scan.id)).toMatchObject({ id: opened.alertId });
      expect(await store.deltas.byId(deltaId)).toMatchObject({
        ...proof,
        alertId: opened.alertId,
        address: '10.0.0.1',
      });
      const late = [newDelta(scan, '10.0.0.2')];
      const joined = await confirm({ newDeltas: fresh(late), alert: alertOf(scan, ['new:0']) });
      expect(joined.alertId).toBe(opened.alertId);
      expect((await store.deltas.list({ alertId: joined.alertId ?? 0 }, page)).total).toBe(2);
    });

    test('an alert without deltas is not created, and one may follow another', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const scan = await judgingScan(store, id);
      const empty = alertOf(scan, []);
      expect((await store.deltas.commit(commitOf(scan, { alert: empty }))).alertId).toBeUndefined();
      const { alertId: previousId } = await tell(store, id, ['10.0.0.1']);
      const next = await judgingScan(store, id);
      const alert = { ...alertOf(next, ['new:0']), previousId };
      const { alertId } = await store.deltas.commit(
        commitOf(next, { newDeltas: fresh([newDelta(next, '10.0.0.1')]), alert }),
      );
      expect((await store.deltas.alert(alertId ?? 0))?.previousId).toBe(previousId);
    });

    test('a recurrence is counted where it was reported, in that alert', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const told = await tell(store, id, ['10.0.0.1']);
      const [deltaId = 0] = told.deltaIds;
      for (let n = 0; n < 2; n++) {
        const scan = await judgingScan(store, id);
        const newDeltas = [newDelta(scan, '10.0.0.1', { kind: 'service-removed' })];
        await store.deltas.commit(commitOf(scan, { newDeltas: fresh(newDeltas), repeats: [{ deltaId, by: 'new:0' }] }));
      }
      expect((await store.deltas.byId(deltaId))?.repeats).toBe(2);
      expect((await store.deltas.list({ alertId: told.alertId, parts: 'with' }, page)).total).toBe(3);
      expect((await store.deltas.list({ alertId: told.alertId }, page)).total).toBe(1);
    });

    test('a turn is remembered, a delta that ended is no longer open, and one that turned back is open again', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const { deltaIds } = await tell(store, id, ['10.0.0.1']);
      const [deltaId = 0] = deltaIds;
      const turn = async (change: Pick<Delta, 'now' | 'resolvedAt'>) => {
        const scan = await judgingScan(store, id);
        await store.deltas.commit(commitOf(scan, { changedDeltas: [{ id: deltaId, ...change }] }));
      };
      await turn({ now: { kind: 'service-removed', at: 5 }, resolvedAt: 5 });
      expect(await store.deltas.byId(deltaId)).toMatchObject({
        now: { kind: 'service-removed', at: 5 },
        resolvedAt: 5,
      });
      expect(await store.deltas.countOpen()).toEqual(new Map());
      await turn({ now: { kind: 'service-added', at: 6 } });
      expect((await store.deltas.byId(deltaId))?.resolvedAt).toBeUndefined();
      expect(await store.deltas.countOpen()).toEqual(new Map([[id, 1]]));
    });

    test('the messages that announce it commit with it: replies are in the thread of their own channel', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const scan = await judgingScan(store, id);
      const progress: MessageSubject = { type: 'scan', scan: scan.id };
      const shown = await store.messages.want({ subject: progress, channel: 'console:main', at: T0 });
      await store.messages.delivered(shown, 1, { id: 'm1' });
      const parts = [
        { type: 'alert' },
        { type: 'alert-host', host: '10.0.0.1' },
        { type: 'alert-kind', kind: 'outage' },
      ] as const;
      const announce = ['console:main', 'slack:C1'].flatMap((channel) => parts.map((about) => ({ about, channel })));
      const alert = alertOf(scan, ['new:0']);
      const newDeltas = [newDelta(scan, '10.0.0.1')];
      const { alertId = 0 } = await store.deltas.commit(
        commitOf(scan, { newDeltas: fresh(newDeltas), alert, announce, touch: [progress] }),
      );
      const parents = await store.messages.bySubject({ type: 'alert', alert: alertId });
      expect(parents.map(({ channel }) => channel)).toEqual(['console:main', 'slack:C1']);
      expect(await store.messages.threadParts(alertId)).toEqual(new Set(['10.0.0.1', 'outage']));
      expect(await store.messages.threadParts(alertId + 1)).toEqual(new Set());
      for (const subject of [
        { type: 'alert-host', alert: alertId, host: '10.0.0.1' },
        { type: 'alert-kind', alert: alertId, kind: 'outage' },
      ] as const) {
        const replies = await store.messages.bySubject(subject);
        expect(replies.map(({ parentId }) => parentId)).toEqual(parents.map((parent) => parent.id));
      }
      expect((await store.messages.byId(shown))?.wanted).toBe(2);

      const later = await judgingScan(store, id);
      const again = [{ alertId, about: parts[1], channel: 'slack:C1' }];
      await store.deltas.commit(commitOf(later, { announce: again }));
      const hostMessages = await store.messages.bySubject({ type: 'alert-host', alert: alertId, host: '10.0.0.1' });
      expect(hostMessages.map(({ wanted }) => wanted)).toEqual([1, 2]);
    });

    test('what was first determined is listed once', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const found = { address: '10.0.0.1', protocol: 'tcp', port: 80 } as const;
      for (let n = 0; n < 2; n++) {
        const scan = await judgingScan(store, id);
        await store.deltas.commit(commitOf(scan, { firstDetermined: [found] }));
      }
      expect(await store.states.firstDetermined(id)).toHaveLength(1);
    });

    test('the results of a large first scan are all listed, in order, and counted without reading them', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const identity = { name: 'http', product: 'nginx', method: 'probed', confidence: 10 } as const;
      const found = Array.from({ length: 10_001 }, (_, n) => {
        return { address: `10.0.${n >> 8}.${n & 255}`, protocol: 'tcp', port: 1 + (n % 9), identity } as const;
      });
      const scan = await judgingScan(store, id);
      await store.deltas.commit(commitOf(scan, { firstDetermined: found }));
      expect(await store.states.countFirstDetermined(scan.id)).toBe(10_001);
      const listed = await store.states.firstDetermined(id);
      expect(listed.map(({ scanId, at, ...rest }) => rest)).toEqual(found);
      expect(await store.states.countFirstDetermined(scan.id + 1)).toBe(0);
    });
  });
}
