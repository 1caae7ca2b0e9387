import { describe, expect, it } from 'vitest';
import { plainText } from '../../src/cards/card.ts';
import { digestCard } from '../../src/cards/digest.ts';
import type { Delta } from '../../src/core/model/alert.ts';
import { EVENT_VERSION, type SinkEvent } from '../../src/core/model/event.ts';
import { addresses, alert, answered, dc, delta, NOW, opened, scan } from '../gallery/samples.ts';

const common = { version: EVENT_VERSION, id: 'e', instance: 'i', at: NOW, group: { ...dc, tags: [] } } as const;
const openedWith = (deltas: readonly Delta[]): SinkEvent => {
  return { ...common, type: 'alert-opened', alert, subject: '', scan, deltas };
};

function linesOf(...events: SinkEvent[]): string[] {
  const [list] = digestCard(dc, { events, since: NOW, at: NOW }).sections;
  return list?.type === 'list' ? list.items.map((item) => plainText(item).replace('2026-11-24 12:00 UTC ', '')) : [];
}

describe('a digest of events', () => {
  it('shows the same change of many hosts in one line', () => {
    const many = addresses(40).map((address) => delta({ address }));
    expect(linesOf(openedWith(many))).toEqual([
      'RDP 3389/tcp opened on 40 hosts: 10.2.0.1-40 · high risk, certain · 40 deltas',
    ]);
  });

  it('has the sentence of an alert above its changes, worst first', () => {
    const [low, high] = [opened('10.2.0.1', 22, 'ssh'), opened('10.2.0.2', 3389, 'ms-wbt-server')];
    expect(linesOf(openedWith([low, high]))).toEqual([
      '2 services opened on 2 hosts (dc)',
      `– RDP 3389/tcp opened on 10.2.0.2 · high risk, certain · delta #${high.id}`,
      `– SSH 22/tcp opened on 10.2.0.1 · low risk, certain · delta #${low.id}`,
    ]);
  });

  it('shows who answered what, and scans by their usual number', () => {
    const acknowledgement = answered('acknowledged');
    const done = delta({ acknowledgement });
    const answer: SinkEvent = {
      ...common,
      type: 'delta-answered',
      subject: '',
      deltas: [done],
      answer: acknowledgement,
    };
    const [head, line] = linesOf(answer);
    expect(head).toBe('dc: 1 change acknowledged by ann');
    expect(line).toContain(`– Acknowledged: RDP 3389/tcp opened on 10.0.4.7 · by @ann`);
    expect(linesOf({ ...common, type: 'scan-done', scan })).toEqual(['dc: scan #12 done, 30 hosts up']);
  });
});
