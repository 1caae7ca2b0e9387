import type { Card } from '../../src/cards/card.ts';
import { deltaListCard, deltaShowCard } from '../../src/cards/delta.ts';
import { errorCard } from '../../src/cards/error.ts';
import { commandHelpCard, helpCard } from '../../src/cards/help.ts';
import { hostListCard, hostShowCard } from '../../src/cards/host.ts';
import { noteCard } from '../../src/cards/note.ts';
import { serviceFindCard } from '../../src/cards/service.ts';
import { statusCard } from '../../src/cards/status.ts';
import { commandDescriptions } from '../../src/commands/grammar/all-commands.ts';
import { muteForm, noteForm } from '../../src/commands/grammar/forms.ts';
import { usage } from '../../src/commands/grammar/usage.ts';
import { UserError } from '../../src/core/errors.ts';
import { delta, HOUR, host, NOW, office, service } from './samples.ts';
import type { Scene } from './scenes.ts';
import { mixed } from './scenes-alert.ts';

/** Answers to commands, and forms. */
export function answerScenes(): Scene[] {
  const entries = commandDescriptions.map((description) => ({ ...description, usage: usage(description) }));
  const hosts = ['10.0.4.1', '10.0.4.7', '10.0.4.20'].map((address) =>
    host(address, [
      [22, 'ssh'],
      [443, 'https'],
    ]),
  );
  const paging = { command: 'delta list', page: 1, total: 6 };
  return [
    answer('help', helpCard(entries)),
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
    answer(
      'host-show',
      hostShowCard('10.0.4.7', [{ group: office, state: hosts[1], coveredAt: NOW, timeline: [], deltas: [delta()] }]),
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
    answer(
      'error',
      errorCard(new UserError('“10.0.0.0/33” is not a target.', { hint: 'A prefix length is at most 32.' })),
    ),
    answer('note', noteCard({ title: 'Recheck', tone: 'info', lines: ['10.0.4.7 3389/tcp is looked at again now.'] })),
    answer(
      'status',
      statusCard({
        groups: [office],
        scans: [],
        sites: [],
        schedules: [],
        openDeltas: new Map([[1, 6]]),
        holds: [],
        pending: [],
        now: NOW,
      }),
    ),
    { name: 'form-note', messages: [], form: noteForm('nd1;expected;7;;', 'It was planned') },
    { name: 'form-mute', messages: [], form: muteForm('nd1;mute;7;;;', 'office/10.0.4.7:3389/tcp') },
  ];
}

function answer(name: string, card: Card): Scene {
  return { name, messages: [{ card, answer: true }] };
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
