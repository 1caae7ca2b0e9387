import { type ChannelRef, type PrincipalKey, ROLES, type Role } from '../core/model/principal.ts';
import type { Route } from '../core/model/route.ts';
import { cleanText } from '../core/text.ts';
import type { Card, Inline, Text } from './card.ts';
import { type Paging, pageControls, pageFooter } from './paging.ts';
import { at, code, counted, rich, strong } from './words.ts';

export type GrantLine = { who: PrincipalKey; role: Role; grantedBy: PrincipalKey; grantedAt: number };

export function roleListCard(admins: readonly PrincipalKey[], grants: readonly GrantLine[]): Card {
  const configured = admins.map((key) => rich(strong('admin '), who(key), ' by NETDELTA_ADMINS'));
  const byRole = [...grants].sort((a, b) => ROLES.indexOf(b.role) - ROLES.indexOf(a.role));
  const granted = byRole.map((grant) =>
    rich(strong(`${grant.role} `), who(grant.who), ', granted by ', who(grant.grantedBy), ' ', at(grant.grantedAt)),
  );
  return {
    title: 'Roles',
    tone: 'info',
    sections: [
      {
        type: 'text',
        text: 'viewer reads; acknowledger answers deltas; operator scans and changes groups; admin all. The local console is admin.',
      },
      ...(configured.length + granted.length === 0
        ? [{ type: 'text' as const, text: rich('Nobody has a role yet: ', code('role grant @alice operator')) }]
        : [{ type: 'list' as const, items: [...configured, ...granted] }]),
    ],
    controls: [],
  };
}

export type AuditLine = {
  id: number;
  at: number;
  who: PrincipalKey;
  name: string;
  channel: ChannelRef;
  request: string;
  outcome: 'begun' | 'ok' | 'refused' | 'failed';
  detail?: string;
};

/** The export has the full text. */
const MAX_REQUEST_SHOWN = 300;

export function auditListCard(entries: readonly AuditLine[], paging: Paging): Card {
  return {
    title: counted(paging.total, 'audit entry', 'audit entries'),
    tone: 'info',
    sections:
      entries.length === 0
        ? [{ type: 'text', text: 'No matches.' }]
        : [{ type: 'list', items: entries.map(auditLine) }],
    controls: pageControls(paging),
    footer: pageFooter(paging),
  };
}

function auditLine(entry: AuditLine): Text {
  return rich(
    at(entry.at),
    ' ',
    { type: 'user', key: entry.who, name: entry.name },
    ' in ',
    { type: 'channel', ref: entry.channel },
    ': ',
    code(entry.request === '' ? '(nothing)' : cleanText(entry.request, MAX_REQUEST_SHOWN)),
    ` ${entry.outcome}${entry.detail === undefined ? '' : `: ${entry.detail}`}`,
  );
}

export type RouteLine = { groupName: string; routes: readonly Route[] };

export function routeListCard(rows: readonly RouteLine[]): Card {
  return {
    title: 'Where alerts go',
    tone: 'info',
    sections:
      rows.length === 0
        ? [{ type: 'text', text: 'There is no group yet.' }]
        : [{ type: 'list', items: rows.map((row) => [strong(`${row.groupName} `), ...routeList(row.routes)]) }],
    controls: [],
  };
}

function routeList(routes: readonly Route[]): Inline[] {
  return routes.flatMap((route, index): Inline[] => {
    const words = routeWords(route);
    const limits = words === '' ? [] : [{ type: 'text' as const, text: ` (${words})` }];
    const comma = index === 0 ? [] : [{ type: 'text' as const, text: ', ' }];
    return [...comma, { type: 'channel', ref: route.channel }, ...limits];
  });
}

/** `only host-down, risk high and above, daily 08:00`; empty when everything is sent at once. */
function routeWords({ kinds, minGrade, minRisk, digest }: Route): string {
  return [
    kinds === undefined ? undefined : `only ${kinds.join(', ')}`,
    minGrade === undefined ? undefined : `grade ${minGrade} and better`,
    minRisk === undefined ? undefined : `risk ${minRisk} and above`,
    digest === undefined ? undefined : `digest ${digest.phrase} ${digest.zone}`,
  ]
    .filter((word) => word !== undefined)
    .join('; ');
}

export function channelList(channels: readonly ChannelRef[]): Inline[] {
  if (channels.length === 0) return [{ type: 'text', text: 'nowhere' }];
  return channels.flatMap((ref, index): Inline[] => [
    ...(index === 0 ? [] : [{ type: 'text' as const, text: ', ' }]),
    { type: 'channel', ref },
  ]);
}

function who(key: PrincipalKey): Inline {
  return { type: 'user', key, name: key };
}
