import type { Card } from '../../src/cards/card.ts';
import { channelDigestCard } from '../../src/cards/channel-digest.ts';
import { deltaListCard, deltaShowCard } from '../../src/cards/delta.ts';
import { errorCard } from '../../src/cards/error.ts';
import type { Form } from '../../src/cards/form.ts';
import { groupListCard } from '../../src/cards/group.ts';
import { commandHelpCard, helpCard } from '../../src/cards/help.ts';
import { homeCard } from '../../src/cards/home.ts';
import { hostShowCard } from '../../src/cards/host.ts';
import { hostListCard } from '../../src/cards/host-list.ts';
import { noteCard } from '../../src/cards/note.ts';
import { serviceFindCard } from '../../src/cards/service.ts';
import { statusCard } from '../../src/cards/status.ts';
import { commandDescriptions } from '../../src/commands/grammar/all-commands.ts';
import { formOf, muteForm, noteForm } from '../../src/commands/grammar/forms.ts';
import { usage } from '../../src/commands/grammar/usage.ts';
import { UserError } from '../../src/core/errors.ts';
import type { ServiceIdentity } from '../../src/core/model/observation.ts';
import { dc, delta, dmz, HOUR, host, NOW, office, service } from './samples.ts';
import type { Scene } from './scenes.ts';
import { mixed } from './scenes-alert.ts';

/** Answers to commands, and forms. */
export function answerScenes(): Scene[] {
  const entries = commandDescriptions.map((description) => {
    return { ...description, style: 'text' as const, usage: usage(description) };
  });
  const typed = entries.map((entry) => {
    return { ...entry, style: 'typed' as const, usage: `/netdelta ${entry.path.join(' ')}` };
  });
  const hosts = ['10.0.4.1', '10.0.4.7', '10.0.4.20'].map((address) =>
    host(address, [
      [22, 'ssh'],
      [443, 'https'],
    ]),
  );
  const paging = { command: 'delta list', page: 1, total: 6 };
  return [
    answer('help', helpCard(entries, 'text')),
    answer('help-typed', helpCard(typed, 'typed')),
    answer('help-typed-group-add', commandHelpCard(typed.filter(({ path }) => path.join(' ') === 'group add'))),
    answer('help-group', commandHelpCard(entries.filter(({ path }) => path[0] === 'group'))),
    answer('help-group-add', commandHelpCard(entries.filter(({ path }) => path.join(' ') === 'group add'))),
    answer(
      'delta-list',
      deltaListCard(
        mixed().map((one) => ({ delta: one, groupName: 'office' })),
        'open',
        paging,
      ),
    ),
    answer('delta-show', deltaShowCard(delta(), office)),
    answer('service-find', serviceFindCard(services(), 'port 3389', { command: 'service find', page: 1, total: 6 })),
    answer('service-find-mixed', serviceFindCard(mixedServices(), '', { command: 'service find', page: 1, total: 4 })),
    answer(
      'host-show',
      hostShowCard('10.0.4.7', [
        {
          group: office,
          state: host('10.0.4.7', DESK, { code: 'services-added' }),
          coveredAt: NOW,
          records: {},
          timeline: [],
          deltas: [delta()],
        },
      ]),
    ),
    answer(
      'host-list',
      hostListCard(
        office,
        hosts.map((one) => ({ host: one, groupName: 'office' })),
        '',
        { command: 'host list office', page: 1, total: 3 },
      ),
    ),
    answer('host-list-mixed', hostListCard(office, mixedHosts(), '', { command: 'host list', page: 1, total: 4 })),
    answer(
      'host-list-groups',
      hostListCard(undefined, hostsOfGroups(), '', { command: 'host list', page: 1, total: 3 }),
    ),
    answer(
      'host-list-down',
      hostListCard(undefined, downHosts(), 'down', { command: 'host list code:down', page: 1, total: 2 }),
    ),
    answer(
      'error',
      errorCard(new UserError('“10.0.0.0/33” is not a target.', { hint: 'A prefix length is at most 32.' })),
    ),
    answer('note', noteCard({ title: 'Recheck', tone: 'info', lines: ['10.0.4.7 3389/tcp is looked at again now.'] })),
    answer('status', statusCard(STATUS)),
    answer('group-list', groupListCard(GROUPS, { command: 'group list', page: 1, total: GROUPS.length })),
    {
      name: 'home',
      messages: [],
      home: homeCard({
        role: 'operator',
        status: STATUS,
        open: mixed()
          .slice(0, 3)
          .map((delta) => ({ delta })),
        total: 3,
      }),
    },
    { name: 'home-quiet', messages: [], home: homeCard({ role: 'viewer', status: STATUS, open: [], total: 0 }) },
    {
      name: 'digest',
      messages: [{ card: channelDigestCard({ groups: STAND, since: NOW - 24 * HOUR, now: NOW }) }],
    },
    {
      name: 'digest-quiet',
      messages: [{ card: channelDigestCard({ groups: STAND.slice(0, 1), since: NOW - 24 * HOUR, now: NOW }) }],
    },
    { name: 'form-group-add', messages: [], form: groupForm },
    { name: 'form-note', messages: [], form: () => noteForm('nd1;expected;7;;', 'It was planned') },
    { name: 'form-mute', messages: [], form: () => muteForm('nd1;mute;7;;;', 'office/10.0.4.7:3389/tcp') },
  ];
}

const DESK = [
  [22, 'ssh'],
  [443, 'https'],
  [3389, 'ms-wbt-server'],
] as const;

const GROUPS = [office, { ...dc, targets: ['10.2.0.0/22', '10.3.0.0/22'], site: 'rack-2' }, dmz].map((group, index) => {
  return { group, openDeltas: index };
});

const STATUS = {
  groups: [office, dc],
  scans: [],
  sites: [{ site: 'local', workers: 1, waiting: 0, active: 0, delayed: 0 }],
  schedules: [],
  openDeltas: new Map([[1, 3]]),
  holds: [],
  pending: [],
  now: NOW,
};

const QUIET = { name: 'office', scansDone: 24, scansFailed: 0, hostsUp: 28, open: 0, undetermined: 0 };
const STAND = [
  { ...QUIET, answered: 0, changes: 0 },
  { ...QUIET, name: 'dc', answered: 1, changes: 3, hostsUp: 412, open: 2, undetermined: 3, scansFailed: 1 },
  { ...QUIET, name: 'dmz', answered: 0, changes: 0, scansDone: 0, hostsUp: 12 },
];

function groupForm(platform: 'slack' | 'discord'): Form {
  const definition = commandDescriptions.find(({ path }) => path.join(' ') === 'group add');
  if (definition === undefined) throw new Error('group add is gone');
  return formOf(definition, [], {}, platform);
}

function answer(name: string, card: Card): Scene {
  return { name, messages: [{ card, answer: true }] };
}

function mixedServices() {
  const [ssh, web] = [
    { ...service('ssh', 'probed', 'OpenSSH'), version: '8.9p1' },
    { ...service('http', 'probed', 'nginx'), version: '1.18.0' },
  ];
  const of = (address: string, port: number, identity: ServiceIdentity) => {
    return { groupName: 'office', address, protocol: 'tcp' as const, port, identity, since: NOW - port * HOUR };
  };
  return [
    of('10.0.4.1', 22, ssh),
    of('10.0.4.1', 80, web),
    of('10.0.4.7', 22, ssh),
    of('10.0.4.20', 443, service('https')),
  ];
}

/** Every kind of row: with a name, without an open port, with more ports than a phone has room for. */
function mixedHosts() {
  const many = [22, 80, 443, 3306, 5432, 8080, 8443].map((port) => [port, 'unknown'] as const);
  const hosts = [
    host('10.0.4.1', [[22, 'ssh']], { hostnames: ['gw.office.example'] }),
    host('10.0.4.7', DESK, { code: 'services-added', hostnames: ['desk-7-second-floor-east.office.example'] }),
    host('10.0.4.20', many, { code: 'services-removed' }),
    host('10.0.4.200', [], { code: 'undetermined' }),
  ];
  return hosts.map((one) => ({ host: one, groupName: 'office' }));
}

function hostsOfGroups() {
  return [
    { host: host('10.0.4.7', DESK, { code: 'new', hostnames: ['desk-7.example'] }), groupName: 'office' },
    { host: host('10.2.0.1', [[5432, 'postgresql']]), groupName: 'dc' },
    { host: host('192.0.2.9', [[443, 'https']], { code: 'recovered' }), groupName: 'dmz' },
  ];
}

function downHosts() {
  return ['10.2.0.1', '10.2.0.19'].map((address, index) => ({
    host: host(address, [], { code: 'down', present: false, lastSeen: NOW - (index + 1) * 24 * HOUR }),
    groupName: 'dc',
  }));
}

function services() {
  return [3, 7, 9, 20, 31, 44].map((last) => ({
    groupName: 'office',
    address: `10.0.4.${last}`,
    protocol: 'tcp' as const,
    port: 3389,
    identity: service('ms-wbt-server'),
    since: NOW - last * 24 * HOUR,
  }));
}
