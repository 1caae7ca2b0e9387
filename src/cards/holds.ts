import type { Expectation, MaintenanceWindow, Mute } from '../core/model/hold.ts';
import { formatExpectedChange } from '../core/network/expected-change.ts';
import { describeDuration } from '../core/time/duration.ts';
import { describeWhen } from '../core/time/when-words.ts';
import { currentOpening, nextOpenings } from '../core/time/window.ts';
import type { Card, Inline, Text } from './card.ts';
import { type Paging, pageControls, pageFooter } from './paging.ts';
import { at, code, counted, rich, strong } from './words.ts';
import { zoneTime } from './zone-time.ts';

export function muteListCard(mutes: readonly Mute[], paging: Paging): Card {
  return listCard('mute', mutes.map(muteLine), 'mute add GROUP for:2h', paging);
}

/** `mute 3: lab/host-down until …, by @x: new switch`. */
export function muteLine(mute: Mute): Text {
  return rich(
    strong(`mute ${mute.id} `),
    code(mute.what),
    ' until ',
    at(mute.until),
    ' (',
    at(mute.until, 'relative'),
    ')',
    ...by(mute),
  );
}

export function windowListCard(
  rows: readonly { window: MaintenanceWindow; groupName: string }[],
  now: number,
  paging: Paging,
): Card {
  return listCard(
    'maintenance window',
    rows.map((row) => windowLine(row.window, row.groupName, now)),
    'window add GROUP weekly sun 02:00 for:2h',
    paging,
  );
}

export function windowLine(window: MaintenanceWindow, groupName: string, now: number): Text {
  const opening = currentOpening(window, now);
  const [next] = nextOpenings(window, now, 1);
  const when =
    window.when.type === 'once' ? `once at ${zoneTime(window.when.at, window.zone)}` : describeWhen(window.when);
  return rich(
    strong(`window ${window.id} `),
    `${groupName}: ${when} for ${describeDuration(window.durationMs)}`,
    ...(opening === undefined ? [] : ['; open now, until ', at(opening.until)]),
    ...(opening === undefined && next !== undefined ? ['; next ', at(next)] : []),
    ...by(window),
  );
}

export function expectListCard(rows: readonly { expectation: Expectation; groupName: string }[], paging: Paging): Card {
  return listCard(
    'approved change',
    rows.map((row) => expectationLine(row.expectation, row.groupName)),
    'expect add GROUP 10.0.0.5:443 until:3d',
    paging,
  );
}

export function expectationLine(expectation: Expectation, groupName: string): Text {
  const { what, ticket, lasts, deltaId } = expectation;
  return rich(
    strong(`expectation ${expectation.id} `),
    `${groupName} `,
    code(formatExpectedChange(what)),
    what.ports === undefined ? ' comes or goes' : '',
    lasts === 'once' ? ', once, until ' : ', whatever comes of it until ',
    at(expectation.until),
    ...(ticket === undefined ? [] : [` (${ticket})`]),
    ...(deltaId === undefined ? [] : [`; came first as delta #${deltaId}`]),
    ...by(expectation),
  );
}

function by(hold: { createdBy: string; byName: string; reason?: string }): (string | Inline)[] {
  return [
    ', by ',
    { type: 'user', key: hold.createdBy, name: hold.byName },
    hold.reason === undefined ? '' : `: ${hold.reason}`,
  ];
}

function listCard(noun: string, items: readonly Text[], example: string, paging: Paging): Card {
  return {
    title: counted(paging.total, noun),
    tone: 'info',
    sections: items.length === 0 ? [{ type: 'text', text: rich('None: ', code(example)) }] : [{ type: 'list', items }],
    controls: pageControls(paging),
    footer: pageFooter(paging),
  };
}
