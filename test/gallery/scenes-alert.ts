import { alertCard, byKind } from '../../src/cards/alert.ts';
import { alertHostCard } from '../../src/cards/alert-host.ts';
import { alertKindCard } from '../../src/cards/alert-kind.ts';
import type { Delta } from '../../src/core/model/alert.ts';
import { DELTA_KINDS } from '../../src/core/model/delta-kinds.ts';
import type { Group } from '../../src/core/model/group.ts';
import { addresses, alert, closed, dc, delta, dmz, host, office, opened, scan, service } from './samples.ts';
import type { Scene, SceneMessage } from './scenes.ts';

const coverage = { addresses: [], ports: { tcp: [[1, 1000]] } } as const;

/** An alert as it appears in a channel, with its thread. */
export function thread(deltas: readonly Delta[], group: Group = office): SceneMessage[] {
  const state = host('10.0.4.7', [], {
    hostnames: ['desk-7.office.example'],
    vendor: 'Dell',
    mac: '8c:ec:4b:00:11:22',
  });
  const parent = {
    card: alertCard({
      alert,
      group,
      scan,
      deltas,
      coverage,
      ...(deltas.every(({ address }) => address === '10.0.4.7') ? { state } : {}),
    }),
  };
  const replies = byKind(deltas)
    ? DELTA_KINDS.flatMap((kind) => {
        const own = deltas.filter((one) => one.kind === kind);
        return own.length === 0 ? [] : [alertKindCard({ alert, group, kind, deltas: own })];
      })
    : [...new Set(deltas.map(({ address }) => address))].map((address) =>
        alertHostCard({ alert, group, host: address, deltas: deltas.filter((one) => one.address === address) }),
      );
  return [parent, ...(replies.length < 2 ? [] : replies).map((card): SceneMessage => ({ card, reply: true }))];
}

const scene = (name: string, deltas: readonly Delta[], group?: Group): Scene => ({
  name,
  messages: thread(deltas, group),
});

export function alertScenes(): Scene[] {
  return [
    scene('alert-1', [delta()]),
    scene('alert-1-contradiction', [opened('10.0.4.7', 3389, 'http')]),
    scene('alert-1-unknown-port', [delta({ port: 8123, after: { present: true } })]),
    scene('alert-1-version', [version()]),
    scene('alert-1-host-down', [hostDown('10.0.4.20')]),
    scene('alert-1-ipv6', [opened('2001:db8:4::1:7', 5432, 'postgresql')]),
    scene('alert-two-services', [opened('10.0.4.7', 3389, 'ms-wbt-server'), opened('10.0.4.7', 445, 'microsoft-ds')]),
    scene(
      'alert-5',
      [3, 4, 5, 6, 7].map((last) => opened(`10.0.4.${last}`, 22, 'ssh')),
    ),
    scene('alert-mixed', mixed()),
    scene(
      'alert-40',
      addresses(40).map((address) => delta({ address })),
      dc,
    ),
    scene('alert-300', many(), dc),
    scene('alert-outage', [outage()], dmz),
    scene('alert-tarpit', [tarpit()]),
    scene('alert-notify', [delta()], { ...office, notify: { who: 'slack:U0BOB', from: 'high' } }),
    scene('alert-hostile', [hostile()], { ...office, name: 'lab_net' }),
  ];
}

function version(): Delta {
  const identity = { ...service('ssh', 'probed', 'OpenSSH'), version: '8.4p1' };
  return delta({
    kind: 'service-changed',
    port: 22,
    before: { present: true, identity },
    after: { present: true, identity: { ...identity, version: '9.6p1' } },
    evidence: ['another version answered, twice'],
  });
}

function hostDown(address: string): Delta {
  const evidence = ['missed 3 scans in a row', 'confirmed by 2 probes'];
  return delta({ kind: 'host-down', address, grade: 'amber', probability: 0.08, evidence });
}

/** The alert of a busy night. */
export function mixed(): Delta[] {
  return [
    opened('10.0.4.7', 3389, 'ms-wbt-server'),
    opened('10.0.4.7', 8080, 'http', { grade: 'amber', probability: 0.1 }),
    opened('10.0.4.9', 22, 'ssh'),
    closed('10.0.4.30', 443, 'https', { grade: 'amber', probability: 0.12 }),
    delta({ kind: 'host-appeared', address: '10.0.4.77', evidence: ['answers: arp-response'] }),
    hostDown('10.0.4.20'),
  ];
}

function many(): Delta[] {
  return [
    ...addresses(280).map((address) => delta({ address })),
    ...addresses(15, 300).map((address, index) => opened(address, 8000 + index, 'http')),
    ...addresses(5, 600).map((address) => closed(address, 22, 'ssh')),
  ];
}

export function outage(change: Partial<Delta> = {}): Delta {
  const members = Array.from({ length: 12 }, (_, index) => `192.0.2.${index + 10}`);
  const evidence = [
    '12 of 12 hosts fell silent at once',
    'probably the path to them: none of them is counted as missing until the path is proved',
  ];
  return delta({ kind: 'outage', address: '192.0.2.0/24', members, evidence, ...change });
}

function tarpit(): Delta {
  const evidence = [
    '998 ports open at once',
    'a tarpit, a SYN proxy or a firewall that accepts for others: its services are left as they were',
  ];
  return delta({ kind: 'all-ports-open', address: '10.0.4.66', members: ['1-1000/tcp'], evidence });
}

function hostile(): Delta {
  const identity = {
    ...service('ssh', 'probed', '<!channel> @everyone *bold* `code`'),
    extrainfo: '[x](https://evil.example/)',
  };
  return delta({ port: 22, after: { present: true, identity } });
}
