import type { types } from '@slack/bolt';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { type Block, Message } from 'slack-blocks-to-jsx';
import { formView } from '../../adapters/slack/render/form-view.ts';
import { type Rendered, renderMessage, renderView } from '../../adapters/slack/render/render.ts';
import type { Card } from '../../src/cards/card.ts';
import type { Form } from '../../src/cards/form.ts';
import { NOW } from './samples.ts';

const PEOPLE = { nameOf: () => undefined, mention: () => false };
const USERS = [
  { id: 'U0ANN', name: 'ann' },
  { id: 'U0BOB', name: 'bob' },
];

/** The payload for Slack. */
export function slackMessage(card: Card): Rendered {
  return renderMessage(card, { people: PEOPLE, whole: 'Not all of it fits here: the whole is in the file.' });
}

export function slackHtml(card: Card, push: boolean): string {
  const { text, blocks, attachments } = slackMessage(card);
  const small = attachments.map(
    ({ color, blocks: own = [] }) =>
      `<div class="attachment" style="border-color:${color ?? '#ccc'}">${shown(own as types.KnownBlock[])}</div>`,
  );
  return `${push ? pushHtml(text) : ''}${shown(blocks)}${small.join('')}`;
}

export function slackHomeHtml(card: Card): string {
  return shown(renderView(card, { people: PEOPLE, whole: '' }).blocks);
}

export function slackFormHtml(form: Form): string {
  const view = formView(form, '');
  const submit = view.submit === undefined ? '' : `<span class="submit">${escapeHtml(view.submit.text)}</span>`;
  return `<div class="modal"><h3>${escapeHtml(view.title.text)}</h3>${shown(view.blocks as types.KnownBlock[])}${submit}</div>`;
}

/** What a phone shows of it on its lock screen. */
export function pushHtml(text: string): string {
  return `<div class="push">${escapeHtml(text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'))}</div>`;
}

function shown(blocks: readonly types.KnownBlock[]): string {
  return renderToStaticMarkup(
    createElement(Message, {
      blocks: blocks.map(readable) as unknown as Block[],
      name: 'NetDelta',
      logo: LOGO,
      theme: 'light',
      data: { users: USERS, channels: [], user_groups: [] },
    }),
  );
}

/**
 * This renderer supports neither times in small print nor titles without emoji: both are converted to what Slack shows.
 */
function readable(block: types.KnownBlock): types.KnownBlock {
  if (block.type === 'header') {
    return { ...block, text: { ...block.text, text: colons(block.text.text) } };
  }
  if (block.type === 'input' && block.hint !== undefined) {
    return { ...block, hint: { ...block.hint, text: colons(block.hint.text) } };
  }
  if (block.type !== 'context') return block;
  const elements = block.elements.map((element) =>
    element.type === 'mrkdwn'
      ? {
          ...element,
          text: element.text
            .replace(/<https:[^|>]*\|([^>]*)>/g, '$1')
            .replace(/<!date\^(\d+)\^[^|]*\|[^>]*>/g, (_, at) => dayAndTime(Number(at) * 1000)),
        }
      : element,
  );
  return { ...block, elements };
}

/** It takes text between two colons for an emoji, as in an IPv6 address. */
function colons(text: string): string {
  return text.replaceAll(/:(?=\S)/g, '\u2236');
}

/** Slack's format of a day close to the scenes' current time. */
function dayAndTime(at: number): string {
  const days = Math.floor(NOW / DAY_MS) - Math.floor(at / DAY_MS);
  const date = new Date(at);
  const day = ['Today', 'Yesterday'][days] ?? date.toLocaleDateString('en-US', { month: 'short', day: 'numeric' });
  return `${day} at ${date.toISOString().slice(11, 16)}`;
}

const DAY_MS = 86_400_000;

export const LOGO =
  'data:image/svg+xml;utf8,<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"><rect width="36" height="36" rx="6" fill="%23264"/><text x="8" y="26" font-size="22" fill="white">Δ</text></svg>';

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
