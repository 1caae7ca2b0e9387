import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { markedTitle, plainText } from '../../../src/cards/card.ts';
import type { Expectation } from '../../../src/core/model/hold.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/policy.ts';
import type { HostState } from '../../../src/core/model/state.ts';
import { scopeDeltas } from '../../../src/usecases/answers/all-deltas.ts';
import { answerDeltas } from '../../../src/usecases/answers/answer-deltas.ts';
import { messageCard } from '../../../src/usecases/delivery/message-card.ts';
import { endHolds } from '../../../src/usecases/holds/end-holds.ts';
import { rememberNames } from '../../../src/usecases/scanning/name-changes.ts';
import { judgeAll, many, repeat, scanOf } from '../../core/judge/scans.ts';
import { hostDelta, openWorkshop, saying, serviceDelta, type Workshop } from '../workshop.ts';

let workshop: Workshop;
beforeEach(async () => {
  workshop = await openWorkshop();
});
afterEach(() => workshop.close());

/** The changes that somebody still has to look at. */
const openItems = async () =>
  (
    await workshop.store.deltas.list({ states: ['confirmed'], acknowledgement: 'open' }, { limit: 10, offset: 0 })
  ).items.map(({ kind }) => kind);
const titles = () => workshop.board.posted.map((one) => one.card.title);
const answer = { type: 'acknowledged', by: 'console:local', byName: 'ann', at: 1 } as const;

describe('a delta of a judged scan', () => {
  it.each([
    ['host-dark', '10.0.0.5', 'The services of 10.0.0.5 answer again after 2 minutes (lab)'],
    ['firewall', '10.0.0.0/24', 'The services of 2 hosts of lab answer again after 2 minutes (10.0.0.0/24)'],
    ['all-ports-open', '10.0.0.5', '10.0.0.5 no longer answers on all ports, after 2 minutes (lab)'],
  ] as const)(
    'is resolved in place, with a reply, when the judge finds that it is over: %s',
    async (kind, address, says) => {
      const group = await workshop.addGroup();
      const members = kind === 'firewall' ? ['10.0.0.5', '10.0.0.6'] : [];
      const delta = { ...hostDelta('host-down', address), kind, members };
      await workshop.judged(group, [delta]);
      await workshop.judged(group, []);
      await workshop.deliver();
      workshop.time.now += 60_000;
      const scan = await workshop.addScan(group);
      await workshop.judge(scan.id, () => ({ ...saying([]), resolved: [{ kind, address }] }));
      await workshop.deliver();
      expect(titles()[1]).toBe(says);
      expect(await openItems()).toEqual([]);
      expect(workshop.board.posted[0]?.card.tone).toBe('resolved');
    },
  );

  it('is an outage whose end says how long it lasted, and what differs behind it', async () => {
    const all = many(20, { open: [22] });
    const after = scanOf(7, { ...all, '10.0.0.3': { open: [] } });
    const { judgements } = judgeAll([...repeat(4, 1, all), ...repeat(2, 5, {}), after]);
    const group = await workshop.addGroup();
    for (const judgement of [judgements[4], judgements[6]]) {
      const scan = await workshop.addScan(group);
      await workshop.judge(scan.id, () => judgement ?? saying([]));
      await workshop.deliver();
      workshop.time.now += 3_600_000;
    }
    const outage = workshop.board.posted[0];
    expect(outage?.card.tone).toBe('resolved');
    const end = workshop.board.posted.find(({ inThreadOf }) => inThreadOf === outage?.ref.id);
    expect(end?.card.title).toMatch(/^20 hosts of lab answer again after 1 hour/);
    const [note, list] = end?.card.sections ?? [];
    expect(note?.type === 'text' && plainText(note.text)).toMatch(/all 20 hosts answer again, one change behind it$/);
    expect(list?.type === 'list' ? list.items.map(plainText) : []).toEqual([
      expect.stringMatching(/^SSH 22\/tcp closed on 10\.0\.0\.3 · \w+ risk, \w+/),
    ]);
  });

  it('gets reminders in its thread while it is open, and is resolved as a whole: a certificate that expires', async () => {
    const group = await workshop.addGroup();
    const expiring = { ...serviceDelta('service-added', '10.0.0.5', 443), kind: 'certificate-expiring' as const };
    for (const left of [30, 14]) {
      await workshop.judged(group, [{ ...expiring, evidence: [`its certificate expires in ${left} days`] }]);
      await workshop.deliver();
    }
    const [first, second, ...rest] = workshop.board.posted;
    expect(first?.card.title).toBe('Certificate of HTTPS expires soon on 10.0.0.5 (lab)');
    expect(second?.inThreadOf).toBe(first?.ref.id);
    expect(rest).toEqual([]);
    const scan = await workshop.addScan(group);
    const subject = { kind: 'certificate-expiring', address: '10.0.0.5', protocol: 'tcp', port: 443 } as const;
    await workshop.judge(scan.id, () => ({ ...saying([]), resolved: [subject] }));
    await workshop.deliver();
    expect(titles().at(-1)).toBe('The certificate of 443/tcp on 10.0.0.5 is renewed (lab)');
    expect(await openItems()).toEqual([]);
  });

  it('is one alert, its hosts in the thread, each posted once', async () => {
    const group = await workshop.addGroup();
    await workshop.judged(group, [
      serviceDelta('service-added', '10.0.0.5', 22),
      serviceDelta('service-removed', '10.0.0.7', 80),
    ]);
    await workshop.deliver();
    const [parent, host, other, ...rest] = workshop.board.posted;
    expect(rest).toEqual([]);
    expect(parent?.inThreadOf).toBeUndefined();
    expect(host?.inThreadOf).toBe(parent?.ref.id);
    expect([host?.card.title, other?.card.title]).toEqual([
      'HTTP closed on 10.0.0.7 (lab)',
      'SSH opened on 10.0.0.5 (lab)',
    ]);
  });

  it('has its thread by risk, then by address', async () => {
    const group = await workshop.addGroup();
    const opened = (last: number, port: number) => serviceDelta('service-added', `10.0.0.${last}`, port);
    await workshop.judged(group, [opened(5, 22), opened(7, 23), opened(10, 23), opened(8, 22)]);
    await workshop.deliver();
    expect(titles().slice(1)).toEqual([
      'Telnet opened on 10.0.0.7 (lab)',
      'Telnet opened on 10.0.0.10 (lab)',
      'SSH opened on 10.0.0.5 (lab)',
      'SSH opened on 10.0.0.8 (lab)',
    ]);
  });

  it('has a thread with the same name as its parent', async () => {
    const group = await workshop.addGroup();
    await workshop.judged(
      group,
      [1, 2].map((last) => serviceDelta('service-added', `10.0.0.${last}`, 23)),
    );
    await workshop.deliver();
    const parent = await messageCard(workshop.store, { type: 'alert', alert: 1 }, workshop.time.now);
    expect(parent?.threadName).toBe('🟥 Telnet opened on 2 hosts of lab (10.0.0.1-2)');
    expect(parent === undefined ? '' : markedTitle(parent.card)).toBe(parent?.threadName);
  });

  it('of one host is one message, and gets its thread when another host follows', async () => {
    const group = await workshop.addGroup();
    const doubtful = { ...serviceDelta('service-removed', '10.0.0.7', 80), state: 'candidate' as const };
    const scan = await workshop.judged(group, [serviceDelta('service-added', '10.0.0.5', 22), doubtful]);
    await workshop.deliver();
    expect(titles()).toEqual(['SSH opened on 10.0.0.5 (lab)']);
    await workshop.judged(group, [{ ...doubtful, state: 'confirmed' }], { kind: 'confirmation', parentId: scan.id });
    await workshop.deliver();
    expect(titles()).toEqual([
      '1 service opened, 1 closed on 2 hosts (lab)',
      'SSH opened on 10.0.0.5 (lab)',
      'HTTP closed on 10.0.0.7 (lab)',
    ]);
  });

  it('of five hosts is a parent and five replies, and six short messages once all is acknowledged', async () => {
    const group = await workshop.addGroup();
    await workshop.judged(
      group,
      [1, 2, 3, 4, 5].map((last) => serviceDelta('service-added', `10.0.0.${last}`, 22)),
    );
    await workshop.deliver();
    expect(workshop.board.posted.map((one) => one.inThreadOf !== undefined)).toEqual([false, ...Array(5).fill(true)]);
    const deltas = await scopeDeltas(workshop.store, { alert: 1 });
    await answerDeltas({ store: workshop.store, wake: () => {} }, deltas, answer);
    await workshop.deliver();
    expect(workshop.board.posted).toHaveLength(6);
    for (const { card } of workshop.board.posted) {
      expect(card.tone).toBe('acknowledged');
      expect(card.sections.map((section) => section.type)).toEqual(['text']);
    }
  });

  it('is nothing when nothing changed', async () => {
    const group = await workshop.addGroup();
    await workshop.judged(group, []);
    await workshop.deliver();
    expect(workshop.board.posted).toEqual([]);
  });

  it('is reported once even when the scan is judged again', async () => {
    const group = await workshop.addGroup();
    const scan = await workshop.judged(group, [serviceDelta('service-added', '10.0.0.5', 22)]);
    await workshop.judge(scan.id, () => saying([serviceDelta('service-added', '10.0.0.5', 22)]));
    await workshop.deliver();
    expect(workshop.board.posted).toHaveLength(1);
    expect((await workshop.store.deltas.list({}, { limit: 10, offset: 0 })).total).toBe(1);
  });

  it('that goes and comes back is one line with a count, and a reply each time', async () => {
    const group = await workshop.addGroup();
    const opened = serviceDelta('service-added', '10.0.0.5', 80);
    const closed = serviceDelta('service-removed', '10.0.0.5', 80);
    await workshop.judged(group, [opened]);
    await workshop.judged(group, [closed]);
    await workshop.deliver();
    expect(titles()).toEqual(['HTTP opened on 10.0.0.5 (lab)', 'HTTP closed on 10.0.0.5 (lab)']);
    const [parent, reply] = workshop.board.posted;
    expect(parent?.card.tone).toBe('resolved');
    expect(JSON.stringify(parent?.card.sections)).toContain('Resolved, ');
    expect(reply).toMatchObject({ inThreadOf: parent?.ref.id, card: { tone: 'resolved' } });
    expect(await openItems()).toEqual([]);
    await workshop.judged(group, [opened]);
    await workshop.deliver();
    expect(titles()).toEqual([
      'HTTP opened on 10.0.0.5 (lab)',
      'HTTP closed on 10.0.0.5 (lab)',
      'HTTP opened on 10.0.0.5 (lab)',
    ]);
    expect(workshop.board.posted[0]?.card.tone).toBe('low');
    expect(JSON.stringify(workshop.board.posted[0]?.card.sections)).toMatch(/now: open again since .*3 changes since/);
    expect(await openItems()).toEqual(['service-added']);
  });

  it('that repeats an open one is only counted, where the group hides repeats', async () => {
    const group = await workshop.addGroup({ policy: { ...DEFAULT_POLICY, hideRepeats: true } });
    await workshop.judged(group, [serviceDelta('service-removed', '10.0.0.5', 80)]);
    await workshop.judged(group, [serviceDelta('service-removed', '10.0.0.5', 80)]);
    await workshop.deliver();
    expect(titles()).toEqual(['HTTP closed on 10.0.0.5 (lab)']);
    const [item] = (await workshop.store.deltas.list({ states: ['confirmed'] }, { limit: 10, offset: 0 })).items;
    expect(item?.repeats).toBe(1);
  });

  it('is good news in the thread of what was acknowledged, not an alert that needs acknowledging', async () => {
    const group = await workshop.addGroup({ notify: { who: 'slack:U1', from: 'info' } });
    await workshop.judged(group, [hostDelta('host-down', '10.0.0.5')]);
    await workshop.deliver();
    const [first] = (await workshop.store.deltas.list({}, { limit: 10, offset: 0 })).items;
    await workshop.store.deltas.acknowledge([first?.id ?? 0], answer);
    await workshop.judged(group, [hostDelta('host-recovered', '10.0.0.5')]);
    await workshop.deliver();
    expect(titles()).toEqual(['10.0.0.5 is down (lab)', '10.0.0.5 is up again (lab)']);
    const [parent, reply] = workshop.board.posted;
    expect(parent?.card.tone).toBe('resolved');
    expect(JSON.stringify(parent?.card.sections)).toContain('Acknowledged by');
    expect(reply?.card.mention).toBeUndefined();
    expect(await openItems()).toEqual([]);
  });

  it('opens a new alert that links to the old one, when an answered change happens again', async () => {
    const group = await workshop.addGroup();
    await workshop.judged(group, [serviceDelta('service-removed', '10.0.0.5', 80)]);
    await workshop.deliver();
    const [first] = (await workshop.store.deltas.list({}, { limit: 10, offset: 0 })).items;
    await workshop.store.deltas.acknowledge([first?.id ?? 0], answer);
    await workshop.judged(group, [serviceDelta('service-added', '10.0.0.5', 80)]);
    const scan = await workshop.judged(group, [serviceDelta('service-removed', '10.0.0.5', 80)]);
    await workshop.deliver();
    const alert = await workshop.store.deltas.alertOfScan(scan.id);
    expect(alert?.previousId).toBe(first?.alertId);
    expect(await openItems()).toEqual(['service-removed']);
    const [before] = workshop.board.posted;
    const footer = workshop.board.posted.at(-1)?.card.footer ?? [];
    expect(footer).toContainEqual([
      { type: 'text', text: 'The same was reported before: ' },
      { type: 'link', text: `alert #${first?.alertId}`, url: `https://chat.example/${before?.ref.id}` },
    ]);
  });

  it('is grouped by kind from ten hosts on', async () => {
    const group = await workshop.addGroup();
    const hosts = Array.from({ length: 12 }, (_, index) => `10.0.0.${index + 1}`);
    await workshop.judged(group, [
      ...hosts.map((host) => serviceDelta('service-added', host, 22)),
      hostDelta('host-down', '10.0.0.99'),
    ]);
    await workshop.deliver();
    expect(workshop.board.posted).toHaveLength(3);
    expect(titles().filter((title) => title.includes('10.0.0.1:'))).toEqual([]);
  });

  it('goes to every channel of the group', async () => {
    const group = await workshop.addGroup();
    await workshop.store.groups.setRoute(group.id, { channel: 'console:second' });
    await workshop.judged(group, [serviceDelta('service-added', '10.0.0.5', 22)]);
    await workshop.deliver();
    expect(workshop.board.posted.map((one) => one.ref.channel).sort()).toEqual(['console:main', 'console:second']);
  });

  it('of two groups that overlap is reported once, and names both', async () => {
    const group = await workshop.addGroup();
    const other = await workshop.addGroup({ name: 'office', targets: ['10.0.0.0/28'] });
    await workshop.judged(group, [
      serviceDelta('service-added', '10.0.0.5', 22),
      serviceDelta('service-added', '10.0.0.5', 80),
    ]);
    await workshop.deliver();
    const [alert, ...others] = workshop.board.posted;
    expect(others).toEqual([]);
    // Nobody has scanned it in the other group yet.
    expect(JSON.stringify(alert?.card)).not.toContain('office');
    await workshop.judged(other, [serviceDelta('service-added', '10.0.0.5', 22)]);
    await workshop.deliver();
    expect(workshop.board.posted).toHaveLength(1);
    expect(JSON.stringify(workshop.board.posted[0]?.card)).toContain(
      'Also seen in office (1 of 2); reported here only',
    );
    const { items } = await workshop.store.deltas.list({ groupId: other.id }, { limit: 10, offset: 0 });
    expect(items.map((delta) => delta.heldBack)).toEqual(['reported in group lab']);
  });

  it('of two groups that overlap is reported in both channels where they differ', async () => {
    const group = await workshop.addGroup();
    const other = await workshop.addGroup({ name: 'office', targets: ['10.0.0.0/28'], channel: 'console:office' });
    await workshop.judged(group, [serviceDelta('service-added', '10.0.0.5', 22)]);
    await workshop.judged(other, [serviceDelta('service-added', '10.0.0.5', 22)]);
    await workshop.deliver();
    expect(workshop.board.posted.filter((one) => one.ref.channel === 'console:office')).toHaveLength(1);
  });

  it('is reported again by a group that saw it go and come back since the other group reported it', async () => {
    const group = await workshop.addGroup();
    const other = await workshop.addGroup({ name: 'office', targets: ['10.0.0.0/28'] });
    const [opened, closed] = [
      serviceDelta('service-added', '10.0.0.5', 22),
      serviceDelta('service-removed', '10.0.0.5', 22),
    ];
    await workshop.judged(group, [opened]);
    await workshop.judged(other, [opened]);
    await workshop.judged(other, [closed]);
    await workshop.judged(other, [opened]);
    const { items } = await workshop.store.deltas.list({ groupId: other.id, parts: 'with' }, { limit: 10, offset: 0 });
    expect(items.map((delta) => delta.heldBack)).toEqual([undefined, undefined, 'reported in group lab']);
  });

  it('that a host is back is reported by the group that reported it as down, whichever sees it first', async () => {
    const group = await workshop.addGroup();
    const other = await workshop.addGroup({ name: 'office', targets: ['10.0.0.0/28'] });
    const [down, back] = [hostDelta('host-down', '10.0.0.5'), hostDelta('host-recovered', '10.0.0.5')];
    await workshop.judged(group, [down]);
    await workshop.judged(other, [down]);
    await workshop.judged(other, [back]);
    const heldIn = async () =>
      (await workshop.store.deltas.list({ groupId: other.id, parts: 'with' }, { limit: 10, offset: 0 })).items.map(
        (delta) => delta.heldBack,
      );
    expect(await heldIn()).toEqual([expect.stringContaining('which was held back'), 'reported in group lab']);
    await workshop.judged(group, [back]);
    await workshop.deliver();
    expect(titles()).toEqual(['10.0.0.5 is down (lab)', '10.0.0.5 is up again (lab)']);
    await workshop.judged(other, [down]);
    expect((await heldIn())[0]).toBeUndefined();
  });

  it('is reported by a group that is younger than another group’s report', async () => {
    const group = await workshop.addGroup();
    const opened = serviceDelta('service-added', '10.0.0.5', 22);
    await workshop.judged(group, [opened]);
    workshop.time.now += 60_000;
    const other = await workshop.addGroup({ name: 'office', targets: ['10.0.0.0/28'] });
    await workshop.judged(other, [opened]);
    const { items } = await workshop.store.deltas.list({ groupId: other.id }, { limit: 10, offset: 0 });
    expect(items.map((delta) => delta.heldBack)).toEqual([undefined]);
  });

  it('is in the list and behind the buttons of its alert, however many there are', async () => {
    const group = await workshop.addGroup({ targets: ['10.0.0.0/16'] });
    const hosts = Array.from({ length: 6_000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
    await workshop.judged(
      group,
      hosts.map((host) => hostDelta('host-appeared', host)),
    );
    await workshop.deliver();
    const card = workshop.board.posted[0]?.card;
    expect(card?.title).toContain('6,000');
    expect(String(card?.attachment?.content).split('\r\n')).toHaveLength(6_002);
    expect(await scopeDeltas(workshop.store, { alert: 1 })).toHaveLength(6_000);
  });

  it('is left out if the group does not alert on its kind', async () => {
    const policy = { ...DEFAULT_POLICY, silentKinds: ['service-added'] as const };
    const group = await workshop.addGroup({ policy });
    await workshop.judged(group, [serviceDelta('service-added', '10.0.0.5', 22)]);
    await workshop.deliver();
    expect(workshop.board.posted).toEqual([]);
    const { items } = await workshop.store.deltas.list({ states: ['suppressed'] }, { limit: 10, offset: 0 });
    expect(items).toHaveLength(1);
  });
});

describe('the last sighting of something that is gone', () => {
  it('is the scan before, and unknown after a run of misses', async () => {
    const { store } = workshop;
    const five = many(5, { open: [22, 80] });
    const { belief } = judgeAll([
      ...repeat(3, 1, five),
      scanOf(4, { ...five, '10.0.0.2': { open: [22], silent: [80] } }),
    ]);
    const group = await workshop.addGroup();
    const scan = await workshop.addScan(group);
    await workshop.judge(scan.id, () => ({ ...saying([]), group: belief.group, hosts: [...belief.hosts.values()] }));
    await workshop.judged(group, [
      serviceDelta('service-removed', '10.0.0.1', 80),
      serviceDelta('service-removed', '10.0.0.2', 80),
      serviceDelta('service-added', '10.0.0.1', 90),
    ]);
    const { items } = await store.deltas.list({}, { limit: 10, offset: 0 });
    expect(items.reverse().map((delta) => delta.lastSeen)).toEqual([4 * 86_400_000, undefined, workshop.time.now]);
  });
});

describe('the message of a scan that was not judged', () => {
  it('does not mention hosts, however many the group has', async () => {
    const { store } = workshop;
    const group = await workshop.addGroup();
    const hosts: HostState[] = [
      { address: '10.0.0.5', code: 'new', present: true, firstSeen: 1, hostnames: [], services: [], memory: {} },
    ];
    const good = await workshop.addScan(group);
    await workshop.judge(good.id, () => ({ ...saying([]), hosts }));
    // Its XML is empty: the belief after it is not what it saw.
    expect(await scanText(good.id)).toContain('No host answered');
    const failed = await workshop.addScan(group);
    await store.scans.transition(failed.id, ['running'], 'failed', { error: 'nmap is gone', finishedAt: 1 });
    expect(await scanText(failed.id)).toMatch(/^(?!.*(No change|host up)).*nmap is gone/);
    const stopped = await workshop.addScan(group);
    await store.scans.transition(stopped.id, ['running'], 'cancelled', { finishedAt: 1 });
    expect(await scanText(stopped.id)).toMatch(/^(?!.*(No change|host up)).*No host was complete/);
  });

  const scanText = async (scan: number) =>
    JSON.stringify((await messageCard(workshop.store, { type: 'scan', scan }, workshop.time.now))?.card);
});

describe('a candidate', () => {
  const doubtful = { ...serviceDelta('service-removed', '10.0.0.5', 80), state: 'candidate' as const };

  it('is recorded, not announced, and becomes part of its scan’s alert when a confirmation says so', async () => {
    const group = await workshop.addGroup();
    const scan = await workshop.judged(group, [doubtful, serviceDelta('service-added', '10.0.0.7', 22)]);
    await workshop.deliver();
    expect(workshop.board.posted).toHaveLength(1);
    await workshop.judged(group, [{ ...doubtful, state: 'confirmed' }], { kind: 'confirmation', parentId: scan.id });
    await workshop.deliver();
    expect(workshop.board.posted).toHaveLength(3);
    expect(workshop.board.posted[2]?.inThreadOf).toBe(workshop.board.posted[0]?.ref.id);
    expect(workshop.board.posted[0]?.edits).toBe(1);
    expect((await workshop.store.deltas.list({}, { limit: 10, offset: 0 })).total).toBe(2);
  });

  it('that is refuted is never announced', async () => {
    const group = await workshop.addGroup();
    await workshop.judged(group, [doubtful]);
    await workshop.judged(group, [{ ...doubtful, state: 'refuted' }]);
    await workshop.deliver();
    expect(workshop.board.posted).toEqual([]);
    const { items } = await workshop.store.deltas.list({}, { limit: 10, offset: 0 });
    expect(items.map((delta) => delta.state)).toEqual(['refuted']);
  });

  it('is not settled by a confirmation that a newer scan has overtaken', async () => {
    const group = await workshop.addGroup();
    const scan = await workshop.judged(group, [doubtful]);
    const late = await workshop.addScan(group, { kind: 'confirmation', parentId: scan.id });
    await workshop.judged(group, []);
    await workshop.judge(late.id, () => saying([{ ...doubtful, state: 'confirmed' }]));
    await workshop.deliver();
    expect(workshop.board.posted).toEqual([]);
    const ended = await workshop.store.scans.byId(late.id);
    expect(ended).toMatchObject({ status: 'superseded' });
    expect(ended?.error).toBeUndefined();
    const card = await messageCard(workshop.store, { type: 'scan', scan: late.id }, workshop.time.now);
    expect(card?.card).toMatchObject({ title: `lab: confirmation #${late.id} was superseded`, tone: 'neutral' });
  });
});

describe('a process that dies right after the commit', () => {
  /** Commits, then is gone; judged again by the next process. */
  async function judgedWithCrash(scanId: number, deltas: Parameters<typeof saying>[0]): Promise<void> {
    const { store } = workshop;
    const { commit } = store.deltas;
    store.deltas.commit = async (wanted) => {
      await commit(wanted);
      throw new Error('killed');
    };
    await expect(workshop.judge(scanId, () => ({ ...saying(deltas), firstDetermined: FIRST }))).rejects.toThrow(
      'killed',
    );
    store.deltas.commit = commit;
    await workshop.judge(scanId, () => saying(deltas));
  }

  const FIRST = [{ address: '10.0.0.9' }];

  it('has reported a name’s new address once and for all, and kept nothing of the scan’s names', async () => {
    const { store, time } = workshop;
    const group = await workshop.addGroup({ targets: ['www.example'] });
    const named = async (addresses: string[]) => {
      time.now += 60_000;
      const scan = await workshop.addScan(group);
      await rememberNames(store, scan.id, { 'www.example': addresses });
      return scan.id;
    };
    await workshop.judge(await named(['10.0.0.1']), () => saying([]));
    const second = await named(['10.0.0.1', '10.0.0.2']);
    await judgedWithCrash(second, []);
    await workshop.judge(await named(['10.0.0.1', '10.0.0.2']), () => saying([]));
    const { items } = await store.deltas.list({}, { limit: 10, offset: 0 });
    expect(items.map((delta) => `${delta.kind} ${delta.address}`)).toEqual(['target-added 10.0.0.2']);
    expect(await store.settings.get(`names-of-scan:${second}`)).toBeUndefined();
  });

  it('has answered what was expected, and listed what was first determined', async () => {
    const { store, time } = workshop;
    const group = await workshop.addGroup();
    const until = time.now + 3_600_000;
    await store.holds.addExpectation({
      ...{ groupId: group.id, what: port(22), lasts: 'once', until, ticket: 'CHG-7' },
      ...{ createdBy: 'console:local', byName: 'ann', createdAt: time.now, status: 'waiting' },
    });
    const opened = serviceDelta('service-added', '10.0.0.5', 22);
    await workshop.judged(group, [{ ...opened, state: 'candidate' }]);
    await judgedWithCrash((await workshop.addScan(group)).id, [opened]);
    time.now = until + 1;
    await endHolds({ ...workshop, wake: () => {} });
    await workshop.deliver();
    const [delta] = (await store.deltas.list({}, { limit: 10, offset: 0 })).items;
    expect(delta?.acknowledgement).toMatchObject({ type: 'expected', note: 'CHG-7' });
    expect(titles().join()).not.toContain('has not come');
    expect(await store.messages.bySubject({ type: 'first-determined', group: group.id })).toHaveLength(1);
  });
});

const port = (number: number): Expectation['what'] => ({
  hosts: '10.0.0.5',
  ports: { protocol: 'tcp', first: number, last: number },
});

describe('mutes, windows and expectations', () => {
  const holds = () => ({ ...workshop, wake: () => {} });
  const owner = { createdBy: 'console:local', byName: 'ann' } as const;

  it('a muted delta is recorded with its reason; when the mute ends it is open if it still holds', async () => {
    const group = await workshop.addGroup();
    const until = workshop.time.now + 3_600_000;
    const mute = await workshop.store.holds.addMute({
      ...{ what: '10.0.0.5', match: { address: '10.0.0.5' }, from: workshop.time.now, until, ...owner },
    });
    const [ssh, web] = [serviceDelta('service-added', '10.0.0.5', 22), serviceDelta('service-added', '10.0.0.5', 80)];
    const scan = await workshop.addScan(group);
    const service = { protocol: 'tcp' as const, port: 22, present: true, since: 1, memory: {} };
    const host = { address: '10.0.0.5', code: 'new' as const, present: true, firstSeen: 1, hostnames: [], memory: {} };
    await workshop.judge(scan.id, () => ({ ...saying([ssh, web]), hosts: [{ ...host, services: [service] }] }));
    await workshop.judged(group, [serviceDelta('service-removed', '10.0.0.5', 80)]);
    await workshop.deliver();
    expect(workshop.board.posted).toEqual([]);
    const { items } = await workshop.store.deltas.list({ states: ['suppressed'] }, { limit: 10, offset: 0 });
    expect(items.map((delta) => delta.heldBack)).toEqual(items.map(() => `mute ${mute.id}`));
    workshop.time.now = until;
    await endHolds(holds());
    await endHolds(holds());
    await workshop.deliver();
    expect(titles()).toEqual([`lab: mute ${mute.id} (10.0.0.5) has ended`]);
    expect(
      workshop.board.posted[0]?.card.sections.map((section) =>
        section.type === 'text' ? plainText(section.text) : '',
      ),
    ).toEqual([
      '3 changes happened meanwhile: 2 services added, 1 service removed. Open now, because it still holds:',
      expect.stringContaining('SSH 22/tcp opened on 10.0.0.5 (lab)'),
    ]);
    const open = await workshop.store.deltas.list(
      { states: ['confirmed'], acknowledgement: 'open' },
      { limit: 10, offset: 0 },
    );
    expect(open.items.map(({ port }) => port)).toEqual([22]);
    const answer = { type: 'acknowledged', by: 'console:local', byName: 'ann', at: until } as const;
    expect(await workshop.store.deltas.acknowledge([open.items[0]?.id ?? 0], answer)).toHaveLength(1);
  });

  it('what a mute releases joins the alert of its scan, if there is one', async () => {
    const group = await workshop.addGroup();
    const until = workshop.time.now + 3_600_000;
    await workshop.store.holds.addMute({
      ...{ what: '10.0.0.5', match: { address: '10.0.0.5' }, from: workshop.time.now, until, ...owner },
    });
    const scan = await workshop.addScan(group);
    const service = { protocol: 'tcp' as const, port: 22, present: true, since: 1, memory: {} };
    const host = { address: '10.0.0.5', code: 'new' as const, present: true, firstSeen: 1, hostnames: [], memory: {} };
    const both = ['10.0.0.5', '10.0.0.6'].map((address) => serviceDelta('service-added', address, 22));
    await workshop.judge(scan.id, () => ({ ...saying(both), hosts: [{ ...host, services: [service] }] }));
    await workshop.deliver();
    expect(titles()).toEqual(['SSH opened on 10.0.0.6 (lab)']);
    workshop.time.now = until;
    await endHolds(holds());
    await workshop.deliver();
    const [alert, end, ...more] = workshop.board.posted;
    expect(alert?.card.title).toBe('SSH opened on 2 hosts of lab (10.0.0.5-6)');
    expect(end?.card.title).toContain('has ended');
    expect(more).toEqual([]);
  });

  it('a maintenance window holds back while it is open, and not after', async () => {
    const group = await workshop.addGroup();
    const at = workshop.time.now;
    await workshop.store.holds.addWindow({
      ...{
        groupId: group.id,
        phrase: 'once',
        when: { type: 'once', at },
        zone: 'UTC',
        durationMs: 600_000,
        createdAt: at,
        ...owner,
      },
    });
    await workshop.judged(group, [serviceDelta('service-added', '10.0.0.5', 22)]);
    workshop.time.now = at + 600_000;
    await endHolds(holds());
    await workshop.judged(group, [serviceDelta('service-added', '10.0.0.6', 22)]);
    await workshop.deliver();
    expect(titles()[0]).toContain('has closed');
    expect(titles()[1]).toBe('SSH opened on 10.0.0.6 (lab)');
    expect(workshop.board.posted).toHaveLength(2);
  });

  it('a window during which the bot was off reports all its openings', async () => {
    const group = await workshop.addGroup();
    const at = workshop.time.now;
    await workshop.store.holds.addWindow({
      ...{ groupId: group.id, phrase: 'daily 12:00', zone: 'UTC', durationMs: 3_600_000, createdAt: at - 1, ...owner },
      when: { type: 'cron', expression: '0 12 * * *', zone: 'UTC' },
    });
    await workshop.judged(group, [serviceDelta('service-added', '10.0.0.5', 22)]);
    // The bot is away until the next opening.
    workshop.time.now = at + 24 * 3_600_000 + 60_000;
    await endHolds(holds());
    workshop.time.now = at + 25 * 3_600_000;
    await endHolds(holds());
    await workshop.deliver();
    expect(JSON.stringify(workshop.board.posted.map((one) => one.card))).toContain(
      '1 change happened meanwhile: 1 service added',
    );
  });

  it('an expected change is reported as expected, with the person who announced it', async () => {
    const group = await workshop.addGroup();
    const until = workshop.time.now + 3_600_000;
    await workshop.store.holds.addExpectation({
      ...{ groupId: group.id, what: port(22), lasts: 'once', until, ticket: 'CHG-7', ...owner },
      ...{ createdAt: workshop.time.now, status: 'waiting' },
    });
    await workshop.judged(group, [serviceDelta('service-added', '10.0.0.5', 22)]);
    await workshop.deliver();
    const [delta] = (await workshop.store.deltas.list({}, { limit: 10, offset: 0 })).items;
    expect(delta?.acknowledgement).toMatchObject({ type: 'expected', byName: 'ann', note: 'CHG-7' });
    expect(JSON.stringify(workshop.board.posted.map((one) => one.card))).toContain('CHG-7');
    workshop.time.now = until + 1;
    await endHolds(holds());
    await workshop.deliver();
    expect(titles().join()).not.toContain('has not come');
  });

  it('an expected change is reported in spite of a mute and a window, and pings nobody', async () => {
    const { store, time } = workshop;
    const group = await workshop.addGroup({ notify: { who: 'slack:U1', from: 'info' } });
    const until = time.now + 3_600_000;
    await store.holds.addExpectation({
      ...{ groupId: group.id, what: port(23), lasts: 'once', until, ticket: 'CHG-7', ...owner },
      ...{ createdAt: time.now, status: 'waiting' },
    });
    await store.holds.addMute({ what: 'lab', match: { groupId: group.id }, from: time.now, until, ...owner });
    await store.holds.addWindow({
      ...{ groupId: group.id, phrase: 'now', when: { type: 'once', at: time.now }, zone: 'UTC', durationMs: 3_600_000 },
      ...{ createdAt: time.now, ...owner },
    });
    await workshop.judged(group, [
      serviceDelta('service-added', '10.0.0.5', 23),
      serviceDelta('service-added', '10.0.0.6', 23),
    ]);
    await workshop.deliver();
    expect(titles()).toEqual(['Telnet opened on 10.0.0.5 (lab)']);
    expect(workshop.board.posted.flatMap((one) => one.card.mention ?? [])).toEqual([]);
    expect(JSON.stringify(workshop.board.posted[0]?.card)).toContain('CHG-7');
  });

  it('an expectation until a time covers every change until then, including a new host with its ports', async () => {
    const { store, time } = workshop;
    const group = await workshop.addGroup();
    const until = time.now + 3_600_000;
    const waiting = { groupId: group.id, until, createdAt: time.now, status: 'waiting', ...owner } as const;
    const hosts = '10.0.0.0/29';
    await store.holds.addExpectation({ ...waiting, what: { hosts }, lasts: 'until', ticket: 'CHG-8' });
    const ports = { protocol: 'tcp', first: 8000, last: 8100 } as const;
    await store.holds.addExpectation({ ...waiting, what: { hosts: '10.0.0.9', ports }, lasts: 'until' });
    const late = await store.holds.addExpectation({ ...waiting, what: { hosts: '10.0.0.7' }, lasts: 'once' });
    const came = hostDelta('host-appeared', '10.0.0.2');
    await workshop.judged(group, [came, serviceDelta('service-added', '10.0.0.2', 22)]);
    await workshop.judged(group, [hostDelta('host-down', '10.0.0.3'), serviceDelta('service-added', '10.0.0.3', 80)]);
    for (const number of [8000, 8100, 8101])
      await workshop.judged(group, [serviceDelta('service-added', '10.0.0.9', number)]);
    const { items } = await store.deltas.list({}, { limit: 10, offset: 0 });
    expect(items.map((one) => `${one.address} ${one.port ?? one.kind} ${one.acknowledgement.type}`).reverse()).toEqual([
      '10.0.0.2 host-appeared expected',
      '10.0.0.2 22 expected',
      '10.0.0.3 host-down expected',
      '10.0.0.3 80 open',
      '10.0.0.9 8000 expected',
      '10.0.0.9 8100 expected',
      '10.0.0.9 8101 open',
    ]);
    expect(items.at(-1)?.acknowledgement).toMatchObject({ note: 'CHG-8' });
    time.now = until;
    await endHolds(holds());
    await workshop.deliver();
    expect(titles().filter((title) => title.includes('has not come'))).toHaveLength(1);
    expect((await store.holds.expectations({ status: 'missing' })).map(({ id }) => id)).toEqual([late.id]);
  });

  it('an expected change that does not happen is reported once', async () => {
    const group = await workshop.addGroup();
    const until = workshop.time.now + 3_600_000;
    await workshop.store.holds.addExpectation({
      ...{ groupId: group.id, what: port(22), lasts: 'once', until, ...owner },
      ...{ createdAt: workshop.time.now, status: 'waiting' },
    });
    workshop.time.now = until;
    await endHolds(holds());
    await endHolds(holds());
    await workshop.deliver();
    expect(titles()).toEqual(['lab: an expected change has not come']);
  });
});
