import { describe, expect, it } from 'vitest';
import { correctFalseAlarm } from '../../../src/core/judge/false-alarm.ts';
import type { HostState, ServiceState } from '../../../src/core/state.ts';

const http: ServiceState = { protocol: 'tcp', port: 80, present: true, since: 1, memory: { t: 1 } };
const host: HostState = {
  ...{ address: '10.0.0.5', code: 'unchanged', present: true, firstSeen: 1, hostnames: [] },
  services: [http],
  memory: { t: 1 },
};

function correct(state: HostState, kind: 'host-down' | 'service-removed' | 'service-added' | 'host-appeared') {
  const subject = kind.startsWith('host') ? { kind } : ({ kind, protocol: 'tcp', port: 80 } as const);
  return correctFalseAlarm({ group: {}, hosts: new Map([[state.address, state]]) }, { address: '10.0.0.5', ...subject })
    .hosts;
}

describe('a false alarm', () => {
  it('of a service that was told as gone brings it back, as one that misses scans', () => {
    const gone = { ...host, services: [{ ...http, present: false, until: 5 }] };
    expect(correct(gone, 'service-removed')).toEqual([{ ...host, services: [{ ...http, memory: { t: 1, n: 3 } }] }]);
  });

  it('of a host that was told as down lets it stand again, undetermined until it is heard', () => {
    const [up] = correct({ ...host, present: false, code: 'down' }, 'host-down');
    expect(up).toMatchObject({ present: true, code: 'undetermined', memory: { n: 3 } });
  });

  it('of what is there now changes nothing', () => {
    expect(correct(host, 'service-removed')).toEqual([]);
    expect(correct(host, 'service-added')).toEqual([]);
    expect(correct(host, 'host-down')).toEqual([]);
    expect(correct(host, 'host-appeared')).toEqual([]);
  });
});
