import type { Delta } from '../core/model/alert.ts';
import { includesRole, type Role } from '../core/model/principal.ts';
import type { Button, Card, Control, Section } from './card.ts';
import { acknowledgeMenu, deltaRowLine } from './delta.ts';
import { type StatusInput, statusSections } from './status.ts';
import { counted, toneOf } from './words.ts';

export type HomeCardInput = {
  role: Role | undefined;
  status: StatusInput;
  /** The newest unanswered deltas, and how many there are in total. */
  open: readonly { delta: Delta; contents?: readonly Delta[] }[];
  total: number;
};

/** This many open deltas have a button each; more go into a menu. */
const BUTTONS = 5;
/** The most that a menu holds on either platform. */
const MENU = 25;

/** Slack's App Home: what is open, the current state, and what to do first. */
export function homeCard(input: HomeCardInput): Card {
  const { role, status, total } = input;
  const open = input.open.map(({ delta }) => delta);
  return {
    title: total === 0 ? 'NetDelta: nothing is open' : `NetDelta: ${counted(total, 'delta')} open`,
    tone: total === 0 ? 'good' : toneOf(open),
    sections: [...openSections(input), ...statusSections(status, { openDeltas: 'elsewhere' })],
    controls: [...answers(role, open), ...deeds(role, status)],
    footer: [`Your role: ${role ?? 'none'}`],
  };
}

/** The title shows how many there are. */
function openSections({ open, total, status }: HomeCardInput): Section[] {
  if (total === 0) return [];
  const names = new Map(status.groups.map(({ id, name }) => [id, name]));
  const items = open.map((item) => deltaRowLine({ ...item, groupName: names.get(item.delta.groupId) ?? '' }));
  return [{ type: 'list', items, total }, { type: 'divider' }];
}

function answers(role: Role | undefined, open: readonly Delta[]): Control[] {
  if (!includesRole(role, 'acknowledger')) return [];
  if (open.length > BUTTONS) return acknowledgeMenu(open);
  return open.map(({ id }): Button => {
    const action = { type: 'delta-acknowledge', delta: id } as const;
    return { type: 'button', label: `Acknowledge #${id}`, style: 'default', action };
  });
}

function deeds(role: Role | undefined, { groups }: StatusInput): Control[] {
  const operator = includesRole(role, 'operator');
  const active = groups.filter(({ status }) => status === 'active');
  return [
    ...(operator ? [...scanNow(active.map(({ name }) => name)), button('Add group', 'group add')] : []),
    button('Help', 'help'),
  ];
}

function scanNow(names: readonly string[]): Control[] {
  const [only, second] = names;
  if (only === undefined) return [];
  if (second === undefined) return [button(`Scan ${only} now`, `scan now "${only}"`)];
  const options = names.slice(0, MENU).map((name) => {
    return { label: name, action: { type: 'run' as const, command: `scan now "${name}"` } };
  });
  return [{ type: 'menu', label: 'Scan now…', options }];
}

function button(label: string, command: string): Button {
  return { type: 'button', label, style: 'default', action: { type: 'run', command } };
}
