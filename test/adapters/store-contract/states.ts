import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { HOST_CODES, type HostState } from '../../../src/core/model/state.ts';
import type { Store } from '../../../src/ports/store.ts';
import type { Context } from '../store-contract.ts';
import { addGroup, commitOf, host, judgingScan, page, service, T0 } from './samples.ts';

/** Another judged scan, and the belief after it. */
async function believe(store: Store, groupId: number, hosts: readonly HostState[], at = T0): Promise<void> {
  const scan = await judgingScan(store, groupId);
  await store.deltas.commit(commitOf(scan, { hosts, at, finishedAt: at }));
}

const json = fc.dictionary(
  fc.string({ unit: 'binary', maxLength: 8 }).filter((key) => key !== '__proto__'),
  fc.jsonValue({ depthSize: 'small', stringUnit: 'binary' }).filter((value) => !Object.is(value, -0)),
  { maxKeys: 3 },
);
const memory = json.map((value): Record<string, unknown> => JSON.parse(JSON.stringify(value)));
const text = fc.string({ unit: 'binary', maxLength: 12 });
const time = fc.integer({ min: 0, max: 2 ** 42 });
const identity = fc.record(
  {
    name: text,
    product: text,
    version: text,
    certificate: fc.record({ fingerprint: text, subject: text }),
    hostKeys: fc.array(fc.record({ type: text, fingerprint: text }), { maxLength: 2 }),
    method: fc.constantFrom('table', 'probed'),
    confidence: fc.nat(10),
  },
  { requiredKeys: ['name', 'method', 'confidence'] },
);
const services = fc.uniqueArray(
  fc.record(
    {
      protocol: fc.constantFrom('tcp', 'udp', 'sctp'),
      port: fc.integer({ min: 0, max: 65535 }),
      present: fc.boolean(),
      since: time,
      until: time,
      identity,
      memory,
    },
    { requiredKeys: ['protocol', 'port', 'present', 'since', 'memory'] },
  ),
  { selector: ({ protocol, port }) => `${protocol}/${port}`, maxLength: 5 },
);
const hostname = fc.array(text, { maxLength: 2 });
const hosts = fc.uniqueArray(
  fc.record(
    {
      address: fc.oneof(fc.ipV4(), fc.constantFrom('2001:db8::1', 'fe80::2', '::1')),
      code: fc.constantFrom(...HOST_CODES),
      present: fc.boolean(),
      firstSeen: time,
      lastSeen: time,
      hostnames: hostname,
      mac: fc.constantFrom('00:11:22:33:44:55'),
      vendor: fc.string({ maxLength: 12 }).map((value) => value.replaceAll('\0', '')),
      services,
      memory,
    },
    { requiredKeys: ['address', 'code', 'present', 'firstSeen', 'hostnames', 'services', 'memory'] },
  ),
  { selector: ({ address }) => address, maxLength: 4 },
);

export function stateFacts(given: () => Context): void {
  describe('states', () => {
    test('a belief is read back equal by value, however often it changes', async () => {
      const { store } = given();
      let n = 0;
      const property = fc.asyncProperty(
        fc.array(hosts, { minLength: 1, maxLength: 3 }),
        memory,
        async (rounds, group) => {
          const { id } = await addGroup(store, `group ${n++}`);
          const expected = new Map<string, HostState>();
          for (const round of rounds) {
            const scan = await judgingScan(store, id);
            await store.deltas.commit(commitOf(scan, { hosts: round, group }));
            for (const state of round) expected.set(state.address, state);
          }
          const loaded = await store.states.load(id);
          expect(loaded.group).toEqual(group);
          expect([...loaded.hosts.keys()].sort()).toEqual([...expected.keys()].sort());
          for (const [address, state] of expected) {
            expect(loaded.hosts.get(address)).toEqual(state);
            expect(await store.states.host(id, address)).toEqual(state);
          }
        },
      );
      await fc.assert(property, { numRuns: 15 });
    });

    test('the record of a steady host lasts until its state is written again, for any reason', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const known = [host('10.0.0.1', { code: 'new' }), host('10.0.0.2', { code: 'unchanged' }), host('2001:db8::1')];
      const steady = new Map([
        ['10.0.0.1', 'first'],
        ['10.0.0.2', 'second'],
      ]);
      const outline = async () => Object.fromEntries((await store.states.outline(id)).hosts);
      await store.deltas.commit({ ...commitOf(await judgingScan(store, id), { hosts: known }), steady });
      expect(await outline()).toEqual({
        '10.0.0.1': { steady: 'first', unchanged: false },
        '10.0.0.2': { steady: 'second', unchanged: true },
        '2001:db8::1': { steady: '', unchanged: known[2]?.code === 'unchanged' },
      });
      expect(await store.states.hosts(id, ['10.0.0.2', '10.9.9.9'])).toEqual([known[1]]);
      await store.deltas.commit({ ...commitOf(await judgingScan(store, id)), settled: ['10.0.0.1'] });
      expect((await outline())['10.0.0.1']).toEqual({ steady: 'first', unchanged: true });
      expect((await store.states.host(id, '10.0.0.1'))?.code).toBe('unchanged');
      expect((await store.states.timeline(id, '10.0.0.1')).map(({ text }) => text)).toEqual(['new']);
      const { version } = await store.states.outline(id);
      const why = 'marked as a false alarm';
      await store.states.correct(id, { group: {}, hosts: [host('10.0.0.1')], at: T0, why, basis: version });
      await store.deltas.commit(
        commitOf(await judgingScan(store, id), { hosts: [{ ...host('10.0.0.2'), services: [service(22)] }] }),
      );
      expect(Object.values(await outline()).map((one) => one.steady)).toEqual(['', '', '']);
    });

    test('the reads of identities are kept by host, each port in its latest one, until the group is removed', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const other = await addGroup(store, 'other');
      const read = async (groupId: number, at: number, hosts: readonly { address: string; tcp: string }[]) => {
        const scan = await judgingScan(store, groupId);
        await store.deltas.commit(commitOf(scan, { at, identified: { askedAt: at - 5, site: 'local', hosts } }));
      };
      await read(id, T0, [
        { address: '10.0.0.1', tcp: '22,80' },
        { address: '10.0.0.2', tcp: '443' },
      ]);
      await read(id, T0 + 9, [{ address: '10.0.0.1', tcp: '80' }]);
      await read(other.id, T0, [{ address: '10.0.0.1', tcp: '53' }]);
      await believe(store, id, [host('10.0.0.1')], T0 + 10);
      const first = [
        { tcp: '80', askedAt: T0 + 4, at: T0 + 9, site: 'local' },
        { tcp: '22', askedAt: T0 - 5, at: T0, site: 'local' },
      ];
      const second = [{ tcp: '443', askedAt: T0 - 5, at: T0, site: 'local' }];
      expect([...(await store.states.identityReads(id))]).toEqual([
        ['10.0.0.1', first],
        ['10.0.0.2', second],
      ]);
      expect([...(await store.states.identityReads(id, '10.0.0.2'))]).toEqual([['10.0.0.2', second]]);
      expect((await store.states.identityReads(id, '10.0.0.3')).size).toBe(0);
      await store.groups.remove(id);
      expect((await store.states.identityReads(id)).size).toBe(0);
      expect((await store.states.identityReads(other.id)).size).toBe(1);
    });

    test('the reads of thousands of hosts are read completely', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const hosts = Array.from({ length: 12_000 }, (_, n) => ({ address: `10.1.${n >> 8}.${n & 255}`, tcp: '22' }));
      const scan = await judgingScan(store, id);
      await store.deltas.commit(commitOf(scan, { identified: { askedAt: T0, site: 'local', hosts } }));
      expect((await store.states.identityReads(id)).size).toBe(12_000);
    });

    test('a first scan records no event for each service that it finds, and the timeline shows them all the same', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const identity = { name: 'ssh', product: 'OpenSSH', version: '9.2', method: 'probed', confidence: 10 } as const;
      const found = host('10.0.0.1', { services: [service(22, { identity }), service(80)] });
      await believe(store, id, [found], T0);
      await believe(
        store,
        id,
        [{ ...found, services: [...found.services, service(443, { since: T0 + 10 })] }],
        T0 + 10,
      );
      expect(await store.states.timeline(id, '10.0.0.1')).toEqual([
        { at: T0, text: 'new' },
        { at: T0, text: '22/tcp open: OpenSSH 9.2' },
        { at: T0, text: expect.stringMatching(/^80\/tcp open/) },
        { at: T0 + 10, text: expect.stringMatching(/^443\/tcp open/) },
      ]);
    });

    test('a service whose version contains text that no database accepts is stored, and its change recorded', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const ssh = { name: 'ssh', version: '9\0', method: 'probed', confidence: 10 } as const;
      await believe(store, id, [host('10.0.0.1', { services: [service(22)] })], T0);
      await believe(
        store,
        id,
        [host('10.0.0.1', { services: [service(22), service(80, { identity: ssh, since: T0 + 1 })] })],
        T0 + 1,
      );
      const [, second] = (await store.states.host(id, '10.0.0.1'))?.services ?? [];
      expect(second?.identity).toEqual(ssh);
      const texts = (await store.states.timeline(id, '10.0.0.1')).map(({ text }) => text);
      expect(texts).toContain('80/tcp open: ssh 9\uFFFD');
    });

    test('an interval that ended stays in the timeline when the service opens again', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const ssh = { name: 'ssh', product: 'OpenSSH', version: '9.2', method: 'probed', confidence: 10 } as const;
      const open = service(22, { identity: ssh });
      const closed = service(22, { identity: ssh, present: false, until: T0 + 10 });
      const again = service(22, { identity: { ...ssh, version: '9.7' }, since: T0 + 20 });
      await believe(store, id, [host('10.0.0.1', { services: [open] })], T0);
      await believe(store, id, [host('10.0.0.1', { services: [closed], code: 'services-removed' })], T0 + 10);
      await believe(store, id, [host('10.0.0.1', { services: [again], code: 'services-added' })], T0 + 20);
      expect((await store.states.host(id, '10.0.0.1'))?.services).toEqual([again]);
      expect(await store.states.timeline(id, '10.0.0.1')).toEqual([
        { at: T0, text: 'new' },
        { at: T0, text: '22/tcp open: OpenSSH 9.2' },
        { at: T0 + 10, text: 'services-removed' },
        { at: T0 + 10, text: '22/tcp gone' },
        { at: T0 + 20, text: 'services-added' },
        { at: T0 + 20, text: '22/tcp open: OpenSSH 9.7' },
      ]);
      const port = { protocol: 'tcp', port: 22 } as const;
      expect(await store.states.history(id, '10.0.0.1')).toEqual({
        codes: [
          { at: T0, code: 'new' },
          { at: T0 + 10, code: 'services-removed' },
          { at: T0 + 20, code: 'services-added' },
        ],
        services: [
          { ...port, since: T0, until: T0 + 10, identity: ssh },
          { ...port, since: T0 + 20, identity: { ...ssh, version: '9.7' } },
        ],
      });
    });

    test('the history stays as recorded when a version changes and when a false alarm is undone', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const ssh = { name: 'ssh', product: 'OpenSSH', version: '9.2', method: 'probed', confidence: 10 } as const;
      const open = service(22, { identity: ssh });
      const newer = service(22, { identity: { ...ssh, version: '9.7' } });
      const gone = { ...newer, present: false, until: T0 + 20 };
      await believe(store, id, [host('10.0.0.1', { services: [open] })], T0);
      await believe(store, id, [host('10.0.0.1', { services: [newer] })], T0 + 10);
      await believe(store, id, [host('10.0.0.1', { services: [gone] })], T0 + 20);
      const hosts = [host('10.0.0.1', { services: [newer] })];
      await store.states.correct(id, { group: {}, hosts, at: T0 + 30, why: 'a false alarm' });
      const services = (await store.states.timeline(id, '10.0.0.1')).filter(({ text }) => text.startsWith('22/tcp'));
      expect(services).toEqual([
        { at: T0, text: '22/tcp open: OpenSSH 9.2' },
        { at: T0 + 10, text: '22/tcp was OpenSSH 9.2, is OpenSSH 9.7' },
        { at: T0 + 20, text: '22/tcp gone' },
        { at: T0 + 30, text: '22/tcp open: OpenSSH 9.7 (a false alarm)' },
      ]);
    });

    test('hosts are listed by number, by code and by page, and counted by code', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const addresses = ['10.0.0.10', '10.0.0.9', 'fe80::1', '9.0.0.1', '10.0.0.100'];
      await believe(
        store,
        id,
        addresses.map((address) => host(address, { code: address === '10.0.0.9' ? 'down' : 'new' })),
      );
      const list = async (filter: { code?: HostState['code'] }, limit: number, offset: number) => {
        const { items, total } = await store.states.listHosts(id, filter, { limit, offset });
        return [total, ...items.map(({ address }) => address)];
      };
      expect(await list({}, 3, 0)).toEqual([5, '9.0.0.1', '10.0.0.9', '10.0.0.10']);
      expect(await list({}, 3, 3)).toEqual([5, '10.0.0.100', 'fe80::1']);
      expect(await list({ code: 'down' }, 3, 0)).toEqual([1, '10.0.0.9']);
      expect(await store.states.countByCode(id)).toEqual({ new: 4, down: 1 });
      expect(await store.states.countByCode(id + 1)).toEqual({});
    });

    test('an address is found in all groups and completed once, literally', async () => {
      const { store } = given();
      const one = await addGroup(store);
      const two = await addGroup(store, 'two');
      for (const { id } of [one, two]) {
        await believe(store, id, [host('10.0.0.12', { services: [service(80)] }), host('10.0.0.2'), host('10.0.0.1')]);
      }
      const found = await store.states.hostsByAddress('10.0.0.12');
      expect(found.map(({ groupId, state }) => [groupId, state.services.length])).toEqual([
        [one.id, 1],
        [two.id, 1],
      ]);
      expect(await store.states.completeAddress('10.0.0.1', 10)).toEqual(['10.0.0.1', '10.0.0.12']);
      expect(await store.states.completeAddress('', 2)).toEqual(['10.0.0.1', '10.0.0.2']);
      for (const odd of ['%', '10_0', "'", '!', '10.0.0.1\0']) {
        expect(await store.states.completeAddress(odd, 5)).toEqual([]);
      }
    });

    test('services are found over all groups while they and their hosts are present', async () => {
      const { store } = given();
      const one = await addGroup(store);
      const two = await addGroup(store, 'two');
      const web = { name: 'http', product: 'nginx_100%', method: 'probed', confidence: 10 } as const;
      const gone = service(81, { identity: web, present: false, until: T0 + 1 });
      const both = [service(80, { identity: web }), gone];
      await believe(store, one.id, [
        host('10.0.0.10', { services: both }),
        host('10.0.0.9', { services: [service(80)] }),
      ]);
      await believe(store, two.id, [host('10.0.0.1', { services: both, present: false, code: 'down' })]);
      await believe(store, two.id, [host('10.0.0.10', { services: [service(80), service(443)] })]);
      const find = async (filter: Parameters<typeof store.states.findServices>[0]) => {
        const { items, total } = await store.states.findServices(filter, page);
        return [total, ...items.map(({ groupId, address, port }) => `${groupId} ${address}:${port}`)];
      };
      const first = `${one.id} 10.0.0.10:80`;
      expect(await find({ port: 80 })).toEqual([3, `${one.id} 10.0.0.9:80`, first, `${two.id} 10.0.0.10:80`]);
      expect(await find({ name: 'HTTP' })).toEqual([1, first]);
      expect(await find({ product: 'NGINX_100%' })).toEqual([1, first]);
      expect(await find({ product: 'nginx.100' })).toEqual([0]);
      expect(await find({ groupId: two.id, port: 443 })).toEqual([1, `${two.id} 10.0.0.10:443`]);
      const [match] = (await store.states.findServices({ name: 'http' }, page)).items;
      const expected = { groupId: one.id, address: '10.0.0.10', protocol: 'tcp', port: 80, identity: web, since: T0 };
      expect(match).toEqual(expected);
    });

    test('the addresses that are believed up are returned, however many', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const many = Array.from({ length: 5100 }, (_, n) =>
        host(`10.0.${n >> 8}.${n & 255}`, { present: n % 100 !== 0 }),
      );
      await believe(store, id, many);
      const up = await store.states.upAddresses(id);
      expect(up.sort()).toEqual(many.flatMap(({ address, present }) => (present ? [address] : [])).sort());
      expect(await store.states.upAddresses(id + 1)).toEqual([]);
    });

    test('a belief is corrected outside a scan, completely or not at all', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      await believe(store, id, [host('10.0.0.1', { services: [service(22)] }), host('10.0.0.2')]);
      const taught = host('10.0.0.1', { services: [service(22, { memory: { falseAlarms: 1 } })] });
      const correction = { group: { pooled: 1 }, hosts: [taught], at: T0 + 1, why: 'a false alarm' };
      await store.states.correct(id, correction);
      const { group, hosts: believed } = await store.states.load(id);
      expect(group).toEqual({ pooled: 1 });
      expect([...believed.values()]).toEqual([taught, host('10.0.0.2')]);
      await expect(store.states.correct(id + 1, correction)).rejects.toThrow(UserError);
      expect((await store.states.load(id + 1)).hosts.size).toBe(0);
    });

    test('thousands of hosts are stored and read completely', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const many = Array.from({ length: 4100 }, (_, n) =>
        host(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`, {
          services: [service(22), service(80, { memory: { refuted: n } })],
        }),
      );
      await believe(store, id, many);
      const { hosts: loaded } = await store.states.load(id);
      expect(
        many.filter((state) => JSON.stringify(loaded.get(state.address)?.services) === JSON.stringify(state.services)),
      ).toHaveLength(4100);
    });
  });
}
