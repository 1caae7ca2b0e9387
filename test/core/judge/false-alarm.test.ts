import { describe, expect, it } from 'vitest';
import { correctFalseAlarm, type Told } from '../../../src/core/judge/false-alarm.ts';
import { overwrittenBy, undoFalseAlarm } from '../../../src/core/judge/undo-false-alarm.ts';
import type { Belief } from '../../../src/core/model/judgement.ts';
import type { HostState, ServiceState } from '../../../src/core/model/state.ts';
import { judgeAll, many, repeat, scanOf, toldInAll } from './scans.ts';

const http: ServiceState = { protocol: 'tcp', port: 80, present: true, since: 1, memory: { since: 1 } };
const host: HostState = {
  ...{ address: '10.0.0.5', code: 'unchanged', present: true, firstSeen: 1, hostnames: [] },
  services: [http],
  memory: { since: 1 },
};

function correct(state: HostState, kind: 'host-down' | 'service-removed' | 'service-added' | 'host-appeared') {
  const subject = kind.startsWith('host') ? { kind } : ({ kind, protocol: 'tcp', port: 80 } as const);
  return correctFalseAlarm({ group: {}, hosts: new Map([[state.address, state]]) }, { address: '10.0.0.5', ...subject })
    .hosts;
}

describe('a false alarm', () => {
  it('of a service that was reported as gone brings it back, as one that misses scans', () => {
    const gone = { ...host, services: [{ ...http, present: false, until: 5 }] };
    expect(correct(gone, 'service-removed')).toEqual([
      { ...host, services: [{ ...http, memory: { since: 1, refuted: 3 } }] },
    ]);
  });

  it('of a host that was reported as down makes it present again, undetermined until it answers', () => {
    const [up] = correct({ ...host, present: false, code: 'down' }, 'host-down');
    expect(up).toMatchObject({ present: true, code: 'undetermined', memory: { refuted: 3 } });
  });

  it('about something that is present now changes nothing', () => {
    expect(correct(host, 'service-removed')).toEqual([]);
    expect(correct(host, 'service-added')).toEqual([]);
    expect(correct(host, 'host-down')).toEqual([]);
    expect(correct(host, 'host-appeared')).toEqual([]);
  });
});

describe('a false alarm that is undone', () => {
  const A = '10.0.0.1';
  const five = many(5, { open: [22, 80] });
  const closed = { ...five, [A]: { open: [22] } };
  const { [A]: _, ...without } = five;
  const removed = { kind: 'service-removed', address: A, protocol: 'tcp', port: 80 } as const;
  const down = { kind: 'host-down', address: A } as const;

  const changed = (belief: Belief, { hosts, group }: ReturnType<typeof correctFalseAlarm>): Belief => ({
    group,
    hosts: new Map([...belief.hosts, ...hosts.map((state) => [state.address, state] as const)]),
  });
  /** The false alarm, some scans, then its undo: the belief before and after. */
  const undone = (before: Belief, delta: Told, scans: Parameters<typeof judgeAll>[0] = []): Belief => {
    const corrected = changed(before, correctFalseAlarm(before, delta));
    expect(corrected).not.toEqual(before);
    const { belief } = judgeAll(scans, {}, corrected);
    return changed(belief, undoFalseAlarm(belief, delta, overwrittenBy(before, delta)));
  };

  it('leaves a closed service as it was, and the next scan has nothing to report', () => {
    const { belief } = judgeAll([...repeat(3, 1, five), scanOf(4, closed)]);
    const after = undone(belief, removed);
    expect(after).toEqual(belief);
    expect(toldInAll(judgeAll([scanOf(5, closed)], {}, after))).toEqual([]);
  });

  it('leaves a host down as it was, and the next scans have nothing to report', () => {
    const { belief } = judgeAll([...repeat(3, 1, five), ...repeat(3, 4, without)]);
    const after = undone(belief, down);
    expect(after).toEqual(belief);
    expect(toldInAll(judgeAll(repeat(9, 7, without), {}, after))).toEqual([]);
  });

  it('is gone since it was reported, though scans have missed it meanwhile', () => {
    const silent = { ...five, [A]: { open: [22], silent: [80] } };
    const one = judgeAll([...repeat(3, 1, five), scanOf(4, closed)]).belief;
    const service = undone(one, removed, [scanOf(5, silent)])
      .hosts.get(A)
      ?.services.find(({ port }) => port === 80);
    expect(service).toMatchObject({ present: false, until: 4 * 86_400_000 });
    const two = judgeAll([...repeat(3, 1, five), ...repeat(3, 4, without)]).belief;
    expect(undone(two, down, [scanOf(7, without)]).hosts.get(A)).toEqual(two.hosts.get(A));
  });

  it('stays present when a scan has seen it meanwhile', () => {
    const one = judgeAll([...repeat(3, 1, five), scanOf(4, closed)]).belief;
    const seen = undone(one, removed, [scanOf(5, five)])
      .hosts.get(A)
      ?.services.find(({ port }) => port === 80);
    expect(seen).toMatchObject({ present: true });
    expect(seen?.memory['n']).toBeUndefined();
    const two = judgeAll([...repeat(3, 1, five), ...repeat(3, 4, without)]).belief;
    expect(undone(two, down, [scanOf(7, five)]).hosts.get(A)).toMatchObject({ present: true, code: 'unchanged' });
  });

  it('of another identity is a different identity again', () => {
    const read = (product: string) => ({ ...five, [A]: { open: [22, 80], identities: { 80: { product } } } });
    const { belief, judgements } = judgeAll([...repeat(3, 1, read('nginx')), ...repeat(3, 4, read('apache'))]);
    const delta = judgements
      .flatMap(({ deltas }) => deltas)
      .find(({ kind, state }) => kind === 'service-changed' && state === 'confirmed');
    expect(delta).toBeDefined();
    if (delta === undefined) return;
    const after = undone(belief, delta);
    expect(after).toEqual(belief);
    expect(toldInAll(judgeAll(repeat(3, 7, read('apache')), {}, after))).toEqual([]);
  });
});
