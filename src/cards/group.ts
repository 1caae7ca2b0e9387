import type { Group } from '../core/model/group.ts';
import { thousands } from '../core/network/targets.ts';
import type { Card, Section, Text } from './card.ts';
import { type GroupFacts, type GroupState, policy, settings, shortList, stateFields } from './group-fields.ts';
import { type Paging, pageControls, pageFooter } from './paging.ts';
import { scheduleLine } from './schedule.ts';
import { tableOf } from './table-layout.ts';
import { at, code, counted, rich } from './words.ts';

/** What was just created or changed, and what to do next. */
export function groupChangedCard(
  group: Group,
  facts: GroupFacts,
  what: 'added' | 'changed',
  notes: readonly string[],
): Card {
  return {
    title: `Group ${group.name} ${what}`,
    tone: 'good',
    sections: [
      { type: 'fields', fields: settings(group, facts) },
      ...overlapSection(facts),
      ...(notes.length === 0 ? [] : [{ type: 'list' as const, items: notes }]),
      ...(what === 'changed'
        ? []
        : [
            {
              type: 'text' as const,
              text: rich(
                'Next: ',
                code(`scan now ${group.name}`),
                ' or ',
                code(`schedule add ${group.name} daily 02:00`),
              ),
            },
          ]),
    ],
    controls: [],
  };
}

export function groupShowCard(group: Group, facts: GroupFacts, state: GroupState): Card {
  return {
    title: `${group.name}${group.status === 'paused' ? ' (paused)' : ''}`,
    tone: 'info',
    sections: [
      ...(group.description === undefined ? [] : [{ type: 'text' as const, text: group.description }]),
      { type: 'fields', fields: [...settings(group, facts), ...policy(group)] },
      ...overlapSection(facts),
      { type: 'divider' },
      { type: 'fields', fields: stateFields(facts, state) },
      ...(state.schedules.length === 0
        ? [{ type: 'text' as const, text: rich('No schedule; ', code(`schedule add ${group.name} daily 02:00`)) }]
        : [{ type: 'list' as const, items: state.schedules.map((schedule) => scheduleLine(schedule, state.now)) }]),
    ],
    controls: [],
    footer: [
      rich(
        `Group ${group.id}, defined by `,
        { type: 'user', key: group.createdBy, name: group.createdBy },
        ' ',
        at(group.createdAt),
      ),
    ],
  };
}

function overlapSection({ overlaps }: GroupFacts): Section[] {
  if (overlaps.length === 0) return [];
  const items = overlaps.map(
    ({ name, addresses }) =>
      `overlaps ${name}: ${addresses === 0n ? 'a host name' : addresses === 1n ? '1 address' : `${thousands(addresses)} addresses`}`,
  );
  return [
    { type: 'list', items },
    { type: 'text', text: 'A change that both groups see is reported once, with the names of both.' },
  ];
}

/** Everything that is deleted with a group, and two buttons. */
export function groupRemoveCard(group: Group, goes: readonly Text[]): Card {
  return {
    title: `Remove group ${group.name}?`,
    tone: 'high',
    sections: [
      { type: 'text', text: 'This goes with it, for good:' },
      { type: 'list', items: goes },
      { type: 'text', text: 'The audit stays. To stop its scans only, use group pause.' },
      {
        type: 'text',
        text: rich('Nothing is removed yet. To do it: ', code(`group remove ${group.name} sure:${group.name}`)),
      },
    ],
    controls: [
      { type: 'button', label: 'Remove', style: 'danger', action: { type: 'remove-group', group: group.id } },
      { type: 'button', label: 'Keep', style: 'default', action: { type: 'keep-group', group: group.id } },
    ],
  };
}

export function groupListCard(rows: readonly GroupRow[], paging: Paging): Card {
  return {
    title: counted(paging.total, 'group'),
    tone: 'info',
    sections:
      rows.length === 0
        ? [{ type: 'text', text: rich('None yet: ', code('group add office 10.0.0.0/24')) }]
        : [table(rows)],
    controls: pageControls(paging),
    footer: pageFooter(paging),
  };
}

type GroupRow = { group: Group; openDeltas: number };

/** Sites and states are shown if any differs from the default. */
function table(rows: readonly GroupRow[]): Section {
  const elsewhere = rows.some(({ group }) => group.site !== 'local');
  const paused = rows.some(({ group }) => group.status === 'paused');
  return tableOf(
    ['group', 'open deltas', 'targets', 'profile', 'site', 'status'],
    rows.map(({ group, openDeltas }) => [
      ...[group.name, String(openDeltas), shortList(group.targets), group.profile],
      ...[elsewhere ? group.site : '', paused ? group.status : ''],
    ]),
  );
}
